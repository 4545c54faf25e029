/** The recorded scalars of one tag as columns that grow in place. Holds no events and draws nothing. */
import { at } from '../util/at'
import type { ScalarColumns } from './types'

const initialCapacity = 1024

/**
 * Steps, times and values of one tag in recording order. The first `length` entries of each column count;
 * the columns themselves are longer and are replaced when they grow, so do not keep them.
 */
export class Series {
  #length = 0
  #steps = new Float64Array(initialCapacity)
  #wallTimesMs = new Float64Array(initialCapacity)
  #values = new Float64Array(initialCapacity)

  get length(): number {
    return this.#length
  }

  /** Optimizer updates done when each value was recorded; ascends. */
  get steps(): Float64Array {
    return this.#steps
  }

  /** Milliseconds of training when each value was recorded; ascends. */
  get wallTimesMs(): Float64Array {
    return this.#wallTimesMs
  }

  get values(): Float64Array {
    return this.#values
  }

  /** The value recorded last; undefined before any. */
  get latest(): number | undefined {
    return this.#length === 0 ? undefined : this.#values[this.#length - 1]
  }

  /** The step recorded last; undefined before any. */
  get latestStep(): number | undefined {
    return this.#length === 0 ? undefined : this.#steps[this.#length - 1]
  }

  /** Adds columns of equal length at the end; amortised O(columns). */
  append(columns: Pick<ScalarColumns, 'steps' | 'wallTimesMs' | 'values'>): void {
    const length = this.#length + columns.values.length
    if (length > this.#values.length) this.#grow(Math.max(length, 2 * this.#values.length))
    this.#steps.set(columns.steps, this.#length)
    this.#wallTimesMs.set(columns.wallTimesMs, this.#length)
    this.#values.set(columns.values, this.#length)
    this.#length = length
  }

  /** Forgets what was recorded after `step`. */
  truncateAfter(step: number): void {
    while (this.#length > 0 && at(this.#steps, this.#length - 1) > step) this.#length--
  }

  #grow(capacity: number): void {
    const grown = (column: Float64Array) => {
      const larger = new Float64Array(capacity)
      larger.set(column.subarray(0, this.#length))
      return larger
    }
    this.#steps = grown(this.#steps)
    this.#wallTimesMs = grown(this.#wallTimesMs)
    this.#values = grown(this.#values)
  }
}
