/** A learning rate that was set during a run, until it counts. */
import type { ProgramExports } from './programExports'
import type { RunRecord } from './runRecord'
import type { StepCount } from './stepCount'

/** The change that waits in one run. */
export class LearningRateChange {
  #next: { readonly learningRate: number; readonly fromStep: number } | null = null

  constructor(
    private readonly options: {
      readonly exports: ProgramExports
      readonly steps: StepCount
      readonly record: RunRecord
    },
  ) {}

  /** Counts for the update after step `fromStep`. */
  set(learningRate: number, fromStep: number): void {
    this.#next = { learningRate, fromStep }
  }

  /** Steps until it counts: a block must not run past it. */
  stepsLeft(): number {
    const steps = (this.#next?.fromStep ?? 0) - this.options.steps.step
    return steps > 0 ? steps : Infinity
  }

  /** Gives it to the optimizer, if it counts for the next update and there is an optimizer. */
  apply(): void {
    const { exports, steps, record } = this.options
    if (this.#next === null || steps.step < this.#next.fromStep) return
    const { learningRate } = this.#next
    exports.find()
    if (!exports.optimizer) return
    this.#next = null
    exports.optimizer.setLearningRate(learningRate)
    record.note('learningRate', String(learningRate))
    record.report()
  }
}
