/** A learning rate that was set during a run, until it counts. */

export class LearningRateChange {
  #next: { readonly learningRate: number; readonly fromStep: number } | null = null

  /** Counts for the update after step `fromStep`. */
  set(learningRate: number, fromStep: number): void {
    this.#next = { learningRate, fromStep }
  }

  /** Steps after `step` before it counts: a block must not run past it. */
  stepsLeft(step: number): number {
    const steps = (this.#next?.fromStep ?? 0) - step
    return steps > 0 ? steps : Infinity
  }

  /** The rate, when it counts after `step`; null while it does not, and where none was set. */
  dueAfter(step: number): number | null {
    return this.#next !== null && step >= this.#next.fromStep ? this.#next.learningRate : null
  }

  /** The optimizer has it. */
  clear(): void {
    this.#next = null
  }
}
