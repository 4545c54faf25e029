/** The horizontal axis of every chart: optimizer steps, epochs, or seconds of training. */
import { at } from '$lib/core/util/at'

/** What a chart's horizontal axis counts. */
export type XAxis = 'step' | 'epoch' | 'time'

/** A visible range in the units of the axis. */
export interface Range {
  readonly min: number
  readonly max: number
}

/** Columns of one recorded tag; the first `length` entries count. */
export interface Columns {
  readonly length: number
  readonly steps: ArrayLike<number>
  readonly wallTimesMs: ArrayLike<number>
  readonly values: ArrayLike<number>
}

/** How a lane's records are placed along the axis: by which column, and scaled how. */
export interface XMap {
  readonly column: 'steps' | 'wallTimesMs'
  /** Column value -> axis value. Increasing. */
  forward(value: number): number
  /** Axis value -> column value. */
  inverse(x: number): number
}

const byStep: XMap = { column: 'steps', forward: (step) => step, inverse: (x) => x }

const byTime: XMap = {
  column: 'wallTimesMs',
  forward: (durationMs) => durationMs / 1000,
  inverse: (seconds) => seconds * 1000,
}

/**
 * Places steps between epoch ends. `epochs` holds the number of each finished epoch at its last step;
 * `stepsPerEpoch` is used until the first epoch has finished.
 */
export function epochMap(epochs: Columns | undefined, stepsPerEpoch: number): XMap {
  if (epochs === undefined || epochs.length === 0) {
    const steps = Math.max(1, stepsPerEpoch)
    return { column: 'steps', forward: (step) => step / steps, inverse: (epoch) => epoch * steps }
  }
  const { steps, values, length } = epochs
  return {
    column: 'steps',
    forward: (step) => interpolate(steps, values, length, step),
    inverse: (epoch) => interpolate(values, steps, length, epoch),
  }
}

/** The placement of a lane's records for the axis the reader chose. */
export function xMap(axis: XAxis, epochs: Columns | undefined, stepsPerEpoch: number): XMap {
  if (axis === 'epoch') return epochMap(epochs, stepsPerEpoch)
  return axis === 'time' ? byTime : byStep
}

/** Index of the first of `length` ascending values that is at least `value`. */
export function firstAtLeast(values: ArrayLike<number>, length: number, value: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? Infinity) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the last record at or before `step`; -1 before the first, or after the last step recorded. */
export function indexAtStep(columns: Columns, step: number): number {
  if (columns.length === 0 || step > at(columns.steps, columns.length - 1)) return -1
  const next = firstAtLeast(columns.steps, columns.length, step)
  return columns.steps[next] === step ? next : next - 1
}

/** Straight lines from (0, 0) through (xs, ys); the last one goes on beyond the end. `xs` ascends. */
function interpolate(xs: ArrayLike<number>, ys: ArrayLike<number>, length: number, x: number): number {
  const next = Math.min(firstAtLeast(xs, length, x), length - 1)
  const [x0 = 0, x1 = 1, y0 = 0, y1 = 1] = [xs[next - 1], xs[next], ys[next - 1], ys[next]]
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)
}

/** Index of the value closest to `value` among the first `length` ascending ones. */
export function nearestIndex(values: ArrayLike<number>, length: number, value: number): number {
  const next = Math.min(firstAtLeast(values, length, value), length - 1)
  const before = values[next - 1] ?? -Infinity
  return value - before <= Math.abs((values[next] ?? Infinity) - value) ? next - 1 : next
}
