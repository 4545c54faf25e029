/** Positions in a table, along an axis or among classes: one that is not there is an error, whoever computes with it. */
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import { withoutCounting, withoutCountingAsync } from './counters'
import { hostValues } from './hostValues'
import { tf } from './tfjs'
import { activeTrace, type ValueCheck } from './tracing'

/** Which positions there are, and what a message says. */
export interface IndexRange {
  /** Begins the message. */
  readonly where: string
  readonly size: number
  /** What is expected; 'positions' when left out. */
  readonly what?: string
  /** A number that stands for none of them. */
  readonly except?: number | null | undefined
  /** Whether fractions are left out before the look-up, also of float32. */
  readonly isTruncated?: boolean
  /** What to do about a wrong one. */
  readonly fix: (value: number) => string
}

/**
 * Throws ArgumentError where a position is not from 0 to size − 1. What the host knows is looked at there, and what a compiled
 * step is called with at each call. Computed positions are read back where that is cheap, and on a GPU without waiting: there
 * the error ends the run a little later. What a compiled step computes is looked at when the step has run; until then
 * `safeIndices` has some other position in its place.
 */
export function assertIndices(indices: tf.Tensor, range: IndexRange): void {
  safeIndices(indices, range)
}

/** The same positions, int32, after `assertIndices`: no runtime fails on them before the error is told. */
export function safeIndices(indices: tf.Tensor, range: IndexRange): tf.Tensor {
  if (areKnownOrRead(indices, range)) return tf.cast(indices, 'int32')
  return tf.cast(tf.clipByValue(indices, 0, range.size - 1), 'int32')
}

/** Whether wrong positions were errors already. */
function areKnownOrRead(indices: tf.Tensor, range: IndexRange): boolean {
  if (indices.dtype === 'bool' || indices.size === 0) return true
  const isTruncated = range.isTruncated === true || indices.dtype === 'int32'
  const check: ValueCheck = (values) => {
    assertInRange(values, isTruncated, range)
  }
  const trace = activeTrace()
  if (trace) return trace.checkValues(indices, check)
  checkNow(indices, check)
  return true
}

/** Has `check` look at values that are there: at once where that is cheap, and on a GPU when they are read back. */
export function checkNow(values: tf.Tensor, check: ValueCheck): void {
  const known = hostValues(values)
  if (known) check(known)
  else if (isHostBackend(tf.getBackend())) check(withoutCounting(() => values.dataSync()))
  else void withoutCountingAsync(() => values.data()).then(check)
}

/** Whether the backend's values lie in memory that reading takes no time of. */
export function isHostBackend(name: string): boolean {
  return name === 'cpu' || name === 'wasm'
}

function assertInRange(values: ArrayLike<number>, isTruncated: boolean, range: IndexRange): void {
  const { size, except } = range
  // Counted through: an iterator takes two to four times as long, in every step.
  for (let index = 0; index < values.length; index++) {
    const given = at(values, index)
    const value = isTruncated ? Math.trunc(given) : given
    if ((value >= 0 && value < size && Number.isInteger(value)) || value === except) continue
    throw wrongIndex(value, range)
  }
}

function wrongIndex(value: number, { where, size, what = 'positions', fix }: IndexRange): ArgumentError {
  return new ArgumentError(
    `${where}: expected ${what} that are whole numbers from 0 to ${size - 1}, got ${value}. ${fix(value)}`,
  )
}
