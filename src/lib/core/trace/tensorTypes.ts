/** Types and values of tensors as graphs have them. */
import type { InputValues } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import type { DType } from '../graph/types'
import { UnsupportedOpError } from '../util/errors'

/** A tensor's type in a graph. Throws UnsupportedOpError for texts and complex numbers. */
export function toDType(dtype: tf.DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new UnsupportedOpError(
    `trace: expected float32, int32 or bool tensors, got ${dtype}. Convert it first.`,
  )
}

/** The type of a tensor that stands for a value of a graph. */
export function fromDType(dtype: DType): tf.DataType {
  return dtype === 'int64' ? 'int32' : dtype
}

/** A copy of what a backend holds, as a graph's constants and inputs have it. */
export function toData(values: tf.backend_util.BackendValues, dtype: tf.DataType): InputValues {
  const numbers = values as ArrayLike<number>
  if (dtype === 'float32') return Float32Array.from(numbers)
  return dtype === 'bool' ? Uint8Array.from(numbers) : Int32Array.from(numbers)
}

/** Type and shape of a tensor, as in `float32[32, 2]`. */
export function typeText({ dtype, shape }: tf.Tensor): string {
  return `${dtype}[${shape.join(', ')}]`
}

/** Another one for other values. What another graph changes, a variable, is a state of this one too. */
export function identityOf(tensor: tf.Tensor): object {
  return tensor instanceof tf.Variable ? tensor : tensor.dataId
}
