/** One-hot rows from class numbers, on the host. */
import type { NdArray } from '../data/types'
import { toArrayOf } from './arrays'
import { ArgumentError } from '../util/errors'
import { parameters, type Given } from '../util/parameters'
import { arrayData, count } from './kinds'

const toCategoricalParameters = parameters('toCategorical', {
  /** Class numbers. */
  x: arrayData,
  /** One more than the largest when left out. */
  numClasses: count.or(null),
})

/**
 * [n] or [n, 1] class numbers -> float32 [n, numClasses] of 0 and 1; without `numClasses` one more than the
 * largest. Throws ArgumentError for a number that is not a class. Source: keras.utils.to_categorical.
 */
export function toCategorical(...given: Given<typeof toCategoricalParameters.table>): NdArray {
  const { x, numClasses } = toCategoricalParameters.read(given)
  const y = toArrayOf(x)
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
  const axes = y.shape.length > 1 && y.shape.at(-1) === 1 ? y.shape.slice(0, -1) : y.shape
  return { values, shape: [...axes, classes], dtype: 'float32' }
}

function largest(values: Iterable<number>): number {
  let most = -1
  for (const value of values) most = Math.max(most, value)
  return most
}
