/** Host arrays to tensors and back. */
import type { NdArray } from '../data/types'
import { madeFrom } from '../eager/hostValues'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { ShapeError } from '../util/errors'
import { printShape, sizeOf } from '../util/shapes'
import type { NestedNumbers } from './tensorLike'

/** An array, or nested lists of numbers of one length at each depth. */
export type ArrayData = NdArray | NestedNumbers

/** The array that `given` is, or that its lists describe: float32. Throws ShapeError for lists of different lengths. */
export function toArrayOf(given: ArrayData): NdArray {
  if (typeof given === 'number' || isList(given)) {
    const shape = shapeOf(given)
    const values = numbersIn(given)
    if (values.length === sizeOf(shape)) return { values: Float32Array.from(values), shape, dtype: 'float32' }
    throw new ShapeError(
      `array: expected lists of one length at each depth, got ${values.length} numbers for ${printShape(shape)}. ` +
        'Fill up the shorter ones.',
    )
  }
  if (!Array.isArray(given.values)) return given
  return { ...given, values: Float32Array.from(given.values as readonly number[]) }
}

function numbersIn(given: NestedNumbers): number[] {
  return isList(given) ? given.flatMap(numbersIn) : [given]
}

/** Of nested lists, by the first of each depth. */
function shapeOf(given: NestedNumbers): number[] {
  return isList(given) ? [given.length, ...shapeOf(given[0] ?? 0)] : []
}

function isList(given: ArrayData): given is readonly NestedNumbers[] {
  return Array.isArray(given)
}

/** A tensor with the array's values, shape and dtype; belongs to the caller's scope. */
export function toTensor(array: NdArray): tf.Tensor {
  return madeFrom(array.values, tf.tensor(array.values, [...array.shape], array.dtype))
}

/** Reads a tensor back. */
export async function toArray(tensor: tf.Tensor): Promise<NdArray> {
  const isInteger = tensor.dtype === 'int32'
  const read = await readBack(tensor)
  const values = isInteger ? Int32Array.from(read) : Float32Array.from(read)
  return { values, shape: tensor.shape, dtype: isInteger ? 'int32' : 'float32' }
}

/** Overwrites a variable with row-major values of its size. */
export function assignValues(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
}
