/** Weights that a lane sends to the meter, past the page: read from another worker, and kept until its partner gets there. */
import type { ModelWeights } from '../core/nn/weights'
import type { LaneId } from '../core/program/types'
import { ArgumentError } from '../core/util/errors'
import { count, fields, finiteNumber, orNull } from './checks'
import { modelWeights, printProblem } from './weightChecks'

/** Weights of one lane that wait for those of the other. */
export interface ComparedWeights {
  readonly comparison: number | null
  readonly step: number
  readonly weights: ModelWeights
}

const compared = fields<ComparedWeights>({
  comparison: orNull(finiteNumber),
  step: count,
  weights: modelWeights,
})

/** What the lane sent; throws ArgumentError saying what is wrong with it. */
export function readComparedWeights(lane: LaneId, data: unknown): ComparedWeights {
  const problem = compared(data)
  if (problem) throw new ArgumentError(printProblem(`lane ${lane}`, problem))
  return data as ComparedWeights
}

const mostBytes = 64 * 2 ** 20
const mostSteps = 10_000

/** Weights by step, at most so many: the oldest go when it is too much. */
export class WaitingWeights {
  readonly #steps = new Map<number, { readonly weights: ModelWeights; readonly bytes: number }>()
  #bytes = 0

  keep(step: number, weights: ModelWeights): void {
    this.take(step)
    const bytes = weights.weights.reduce((sum, { values }) => sum + values.byteLength, 0)
    this.#steps.set(step, { weights, bytes })
    this.#bytes += bytes
    for (const oldest of this.#steps.keys()) {
      if (this.#steps.size <= mostSteps && this.#bytes <= mostBytes) break
      this.take(oldest)
    }
  }

  /** The weights of a step, which are forgotten; undefined for none. */
  take(step: number): ModelWeights | undefined {
    const kept = this.#steps.get(step)
    this.#steps.delete(step)
    this.#bytes -= kept?.bytes ?? 0
    return kept?.weights
  }

  clear(): void {
    this.#steps.clear()
    this.#bytes = 0
  }
}
