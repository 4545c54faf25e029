/** Compares the weights of both lanes at equal step numbers, away from the page and from training. */
import { at } from '$lib/core/util/at'
import { withSummedBiases } from '../core/nn/recurrentLayouts'
import { toLayout } from '../core/nn/weightLayouts'
import type { ModelWeights } from '../core/nn/weights'
import type { LaneId } from '../core/program/types'
import { readComparedWeights, WaitingWeights, type ComparedWeights } from './comparedWeights'

/** From the page: the comparison that counts from now on, or a port that a lane sends its weights through. */
export type MeterCommand =
  | { readonly type: 'begin'; readonly comparison: number }
  | { readonly type: 'lane'; readonly lane: LaneId; readonly port: MessagePort }

/** Largest absolute difference over all weights; `incomparable` says why there is none. */
export type MeterMessage = { readonly comparison: number; readonly step: number } & Comparison

type Comparison = { readonly maxDifference: number } | { readonly incomparable: string }

const waiting: Record<LaneId, WaitingWeights> = { A: new WaitingWeights(), B: new WaitingWeights() }
let current = -1

self.addEventListener('message', ({ data }: MessageEvent<MeterCommand>) => {
  if (data.type === 'begin') {
    current = data.comparison
    waiting.A.clear()
    waiting.B.clear()
    return
  }
  const { lane, port } = data
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    try {
      const message = receive(lane, readComparedWeights(lane, data))
      if (message) self.postMessage(message)
    } catch (error) {
      // A lane that sends something else has nothing to be compared by.
      port.close()
      const incomparable = error instanceof Error ? error.message : String(error)
      self.postMessage({ comparison: current, step: 0, incomparable } satisfies MeterMessage)
    }
  }
})

/** How far the lanes are apart when the other lane's weights of that step are there. */
function receive(lane: LaneId, { comparison, step, weights }: ComparedWeights): MeterMessage | null {
  if (comparison !== current) return null
  const partner = waiting[lane === 'A' ? 'B' : 'A'].take(step)
  if (partner) return { comparison, step, ...compare(weights, partner) }
  waiting[lane].keep(step, weights)
  return null
}

function compare(a: ModelWeights, b: ModelWeights): Comparison {
  const flattened = a.layout === 'keras' ? a : b
  const inKeras = (lane: ModelWeights) =>
    withSummedBiases(toLayout(withFlatten(lane, flattened), 'keras')).weights
  const [first, second] = [inKeras(a), inKeras(b)]
  if (first.length !== second.length) {
    return { incomparable: `${first.length} weights against ${second.length}` }
  }
  let maxDifference = 0
  for (const [index, weight] of first.entries()) {
    const other = second[index]
    if (other?.values.length !== weight.values.length) {
      return { incomparable: `${weight.name} has another shape than ${other?.name ?? 'nothing'}` }
    }
    for (const [place, value] of weight.values.entries()) {
      const difference = Math.abs(value - at(other.values, place))
      if (!(difference <= maxDifference)) maxDifference = difference
    }
  }
  return { maxDifference }
}

/** A model that has not run yet does not know what its flatten layer reads; the other one does. */
function withFlatten(weights: ModelWeights, known: ModelWeights): ModelWeights {
  return {
    layout: weights.layout,
    weights: weights.weights.map((weight, index) => ({
      ...weight,
      flattenedFrom: weight.flattenedFrom ?? known.weights[index]?.flattenedFrom,
    })),
  }
}
