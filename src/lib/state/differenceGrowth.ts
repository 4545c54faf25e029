/** Tells rounding that training amplifies from programs that differ, by how the lanes' difference grows. No state of the page here. */

/** Losses that differ by no more, relative to their size, agree: float32 rounding and some steps of its growth. */
const agreement = 1e-5
/** A difference that is seen in a chart of the losses. */
const visible = 1e-3
/** Compared steps at which lanes that say the same must agree. */
const firstSteps = 3
/** Rounding grows by less in a step; what grows by more was changed by something else. */
const jump = 100
/** Differences below float32's rounding say nothing. */
const rounding = 1e-7

/** How the difference between the lanes' weights grew. */
export class DifferenceGrowth {
  #compared = 0
  #largest = rounding
  #since: number | null = null
  #isGradual = true

  /** The first step beyond agreement, once a difference that grew gradually from agreement is visible; null before, and where it jumped. */
  get since(): number | null {
    return this.#isGradual && this.#largest >= visible ? this.#since : null
  }

  /** Adds two losses of one step; steps ascend. Losses that are not finite end the series. */
  add(step: number, a: number, b: number): void {
    const difference = Math.abs(a - b) / Math.max(1, Math.abs(a))
    if (!Number.isFinite(difference)) return
    this.#compared++
    if (difference <= this.#largest) return
    if (difference > agreement) {
      if (this.#compared <= firstSteps || difference > jump * this.#largest) this.#isGradual = false
      this.#since ??= step
    }
    this.#largest = difference
  }
}
