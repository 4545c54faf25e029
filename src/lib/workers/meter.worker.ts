/** Compares the weights of both lanes at equal step numbers, away from the page and from training. */
import { withSummedBiases } from '../core/nn/recurrentLayouts'
import { toLayout } from '../core/nn/weightLayouts'
import type { ModelWeights } from '../core/nn/weights'
import type { LaneId } from '../core/program/types'

/** From the page: the comparison that counts from now on, or a port that a lane sends its weights through. */
export type MeterCommand =
  | { readonly type: 'begin'; readonly comparison: number }
  | { readonly type: 'lane'; readonly lane: LaneId; readonly port: MessagePort }

/** From a lane. */
export interface ComparedWeights {
  readonly comparison: number | null
  readonly step: number
  readonly weights: ModelWeights
}

/** Largest absolute difference over all weights; `incomparable` says why there is none. */
export type MeterMessage = { readonly comparison: number; readonly step: number } & Comparison

type Comparison = { readonly maxDifference: number } | { readonly incomparable: string }

const maxWaitingBytes = 64 * 2 ** 20
const waiting: Record<LaneId, Map<number, ModelWeights>> = { A: new Map(), B: new Map() }
let current = -1

self.addEventListener('message', ({ data }: MessageEvent<MeterCommand>) => {
  if (data.type === 'begin') {
    current = data.comparison
    waiting.A.clear()
    waiting.B.clear()
    return
  }
  const { lane, port } = data
  port.onmessage = ({ data }: MessageEvent<ComparedWeights>) => receive(lane, data)
})

function receive(lane: LaneId, { comparison, step, weights }: ComparedWeights): void {
  if (comparison !== current) return
  const other = waiting[lane === 'A' ? 'B' : 'A']
  const partner = other.get(step)
  if (!partner) return keep(waiting[lane], step, weights)
  other.delete(step)
  const message: MeterMessage = { comparison, step, ...compare(weights, partner) }
  self.postMessage(message)
}

/** Keeps what a lane that is ahead has sent until the other one gets there; the oldest go when it is too much. */
function keep(steps: Map<number, ModelWeights>, step: number, weights: ModelWeights): void {
  steps.set(step, weights)
  const bytes = weights.weights.reduce((sum, { values }) => sum + values.byteLength, 0)
  const oldest = steps.keys().next()
  if (steps.size * bytes > maxWaitingBytes && !oldest.done) steps.delete(oldest.value)
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
    for (const [at, value] of weight.values.entries()) {
      const difference = Math.abs(value - (other.values[at] ?? NaN))
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
