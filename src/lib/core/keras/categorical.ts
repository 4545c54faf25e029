/** One-hot rows from class numbers, on the host. */
import type { NdArray } from '../data/types'
import { toArrayOf, type ArrayData } from './arrays'
import { ArgumentError } from '../util/errors'

/**
 * [n] or [n, 1] class numbers -> float32 [n, numClasses] of 0 and 1; without `numClasses` one more than the
 * largest. Throws ArgumentError for a number that is not a class. Source: keras.utils.to_categorical.
 */
export function toCategorical(given: ArrayData, numClasses?: number): NdArray {
  const y = toArrayOf(given)
  const classes = numClasses ?? largest(y.values) + 1
  const values = new Float32Array(y.values.length * classes)
  y.values.forEach((value, row) => {
    if (!Number.isInteger(value) || value < 0 || value >= classes) {
      throw new ArgumentError(
        `toCategorical: expected integers from 0 to ${classes - 1}, got ${value}. Raise numClasses or check the labels.`,
      )
    }
    values[row * classes + value] = 1
  })
  return { values, shape: [y.values.length, classes], dtype: 'float32' }
}

function largest(values: Iterable<number>): number {
  let most = -1
  for (const value of values) most = Math.max(most, value)
  return most
}
