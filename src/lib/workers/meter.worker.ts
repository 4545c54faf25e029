/** Compares the weights of both lanes at equal step numbers, away from the page and from training. */
import { toLayout } from '../core/nn/weightLayouts'
import type { ModelWeights } from '../core/nn/weights'
import type { LaneId } from '../core/program/types'

export type MeterCommand =
  | { readonly type: 'weights'; readonly lane: LaneId; readonly step: number; readonly weights: ModelWeights }
  | { readonly type: 'clear' }

/** Largest absolute difference over all weights; `incomparable` says why there is none. */
export type MeterMessage =
  | { readonly step: number; readonly maxDifference: number }
  | { readonly step: number; readonly incomparable: string }

const waitingSteps = 64
const waiting: Record<LaneId, Map<number, ModelWeights>> = { A: new Map(), B: new Map() }

self.addEventListener('message', ({ data }: MessageEvent<MeterCommand>) => {
  if (data.type === 'clear') {
    waiting.A.clear()
    waiting.B.clear()
    return
  }
  const { lane, step, weights } = data
  const other = waiting[lane === 'A' ? 'B' : 'A']
  const partner = other.get(step)
  if (partner) {
    other.delete(step)
    self.postMessage(compare(step, weights, partner))
    return
  }
  keep(waiting[lane], step, weights)
})

function keep(steps: Map<number, ModelWeights>, step: number, weights: ModelWeights): void {
  steps.set(step, weights)
  const oldest = steps.keys().next()
  if (steps.size > waitingSteps && !oldest.done) steps.delete(oldest.value)
}

function compare(step: number, a: ModelWeights, b: ModelWeights): MeterMessage {
  const flattened = a.layout === 'keras' ? a : b
  const first = toLayout(withFlatten(a, flattened), 'keras').weights
  const second = toLayout(withFlatten(b, flattened), 'keras').weights
  if (first.length !== second.length) {
    return { step, incomparable: `${first.length} weights against ${second.length}` }
  }
  let maxDifference = 0
  for (const [index, weight] of first.entries()) {
    const other = second[index]
    if (other?.values.length !== weight.values.length) {
      return { step, incomparable: `${weight.name} has another shape than ${other?.name ?? 'nothing'}` }
    }
    for (const [at, value] of weight.values.entries()) {
      const difference = Math.abs(value - (other.values[at] ?? NaN))
      if (!(difference <= maxDifference)) maxDifference = difference
    }
  }
  return { step, maxDifference }
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
