/** What is drawn of one recorded tag: the visible part, smoothed, with about one bucket per pixel. */
import { at } from '$lib/core/util/at'
import { firstAtLeast, type Columns, type Range, type XMap } from './xAxis'

/** A point in axis units; `y` is NaN where the line is broken. */
export interface TracePoint {
  readonly x: number
  readonly y: number
}

/** Points in drawing order, and where values were NaN or infinite. */
export interface Trace {
  readonly points: TracePoint[]
  readonly gaps: number[]
}

/** How a series becomes the points of a line. */
export interface TraceOptions {
  readonly map: XMap
  /** Visible range of the axis. */
  readonly range: Range
  /** Upper bound on buckets, about the width in pixels; each bucket keeps its least and greatest value. */
  readonly buckets: number
  /** Leaves out values that a logarithmic axis cannot show. */
  readonly positiveOnly: boolean
  /** Drawn in place of the recorded values, for example the smoothed ones. */
  readonly values?: ArrayLike<number>
}

/**
 * The visible points, thinned so that extremes and gaps survive. Buckets are blocks of 2^k records at
 * fixed positions: while a run grows, points that were drawn stay where they are.
 */
export function trace(columns: Columns, options: TraceOptions): Trace {
  const { map, range, buckets } = options
  const xs = columns[map.column]
  const values = options.values ?? columns.values
  // One record beyond each edge, so that lines run out of the picture.
  const from = Math.max(0, firstAtLeast(xs, columns.length, map.inverse(range.min)) - 1)
  const to = Math.min(columns.length, firstAtLeast(xs, columns.length, map.inverse(range.max)) + 1)
  const shift = Math.max(0, Math.ceil(Math.log2((to - from) / Math.max(1, buckets))))
  const result: Trace = { points: [], gaps: [] }
  const lowest = options.positiveOnly ? Number.MIN_VALUE : -Infinity
  const emit = (index: number) => result.points.push({ x: map.forward(at(xs, index)), y: at(values, index) })
  for (let start = from; start < to;) {
    const end = Math.min(to, ((start >> shift) + 1) << shift)
    const { least, greatest, broken } = extremes(values, start, end, lowest)
    if (least >= 0) emit(Math.min(least, greatest))
    if (least !== greatest) emit(Math.max(least, greatest))
    if (broken >= 0) {
      const x = map.forward(at(xs, broken))
      result.points.push({ x, y: NaN })
      if (!Number.isFinite(values[broken])) result.gaps.push(x)
    }
    start = end
  }
  return result
}

/** Positions of the least, the greatest and the first undrawable value in [start, end); −1 for none. */
function extremes(values: ArrayLike<number>, start: number, end: number, lowest: number) {
  let least = -1
  let greatest = -1
  let broken = -1
  let min = Infinity
  let max = -Infinity
  for (let i = start; i < end; i++) {
    const value = at(values, i)
    // NaN fails both comparisons.
    if (value >= lowest && value < Infinity && value !== -Infinity) {
      if (value < min) [min, least] = [value, i]
      if (value > max) [max, greatest] = [value, i]
    } else if (broken < 0) broken = i
  }
  return { least, greatest, broken }
}

/**
 * Exponential moving average as TensorBoard draws it, kept up to date as the run grows:
 * s_t = w·s_{t−1} + (1−w)·v_t, shown as s_t / (1 − w^t). NaN and infinities pass through and are not averaged.
 */
export class SmoothedValues {
  #source: Columns | null = null
  #weight = 0
  #length = 0
  #values = new Float64Array(1024)
  #sum = 0
  #decay = 1

  /** The averages of all `columns.length` values; costs only the ones that are new. */
  of(columns: Columns, weight: number): ArrayLike<number> {
    if (columns !== this.#source || weight !== this.#weight || columns.length < this.#length) {
      this.#source = columns
      this.#weight = weight
      this.#length = 0
      this.#sum = 0
      this.#decay = 1
    }
    this.#reserve(columns.length)
    for (let i = this.#length; i < columns.length; i++) this.#values[i] = this.#next(at(columns.values, i))
    this.#length = columns.length
    return this.#values
  }

  #next(value: number): number {
    if (!Number.isFinite(value)) return value
    this.#sum = this.#weight * this.#sum + (1 - this.#weight) * value
    this.#decay *= this.#weight
    return this.#sum / (1 - this.#decay)
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return
    const grown = new Float64Array(Math.max(length, 2 * this.#values.length))
    grown.set(this.#values.subarray(0, this.#length))
    this.#values = grown
  }
}
