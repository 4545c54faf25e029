/** Host arrays to tensors and back. */
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'

/** A tensor with the array's values, shape and dtype; belongs to the caller's scope. */
export function toTensor(array: NdArray): tf.Tensor {
  return tf.tensor(array.values, [...array.shape], array.dtype)
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
