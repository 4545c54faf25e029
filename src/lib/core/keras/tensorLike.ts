/** What Keras functions take for a tensor: tensors, variables, arrays, numbers and nested lists of numbers. */
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'

/** Numbers in lists in lists, all of one length at each depth. */
export type NestedNumbers = number | readonly NestedNumbers[]

/** Something that has a variable: a weight of a model, or a `Variable`. */
export interface HasVariable {
  readonly variable: tf.Variable
}

export type TensorLike = tf.Tensor | HasVariable | NdArray | NestedNumbers

/** The tensor that `value` is or has, or a new one in the caller's scope. Throws ArgumentError for anything else. */
export function toTensorOf(value: TensorLike): tf.Tensor {
  if (value instanceof tf.Tensor) return value
  if (isNested(value)) return tf.tensor(value)
  if (isObject(value)) {
    if ('variable' in value) return value.variable
    return tf.tensor(value.values, [...value.shape], value.dtype)
  }
  throw new ArgumentError(
    `expected a tensor, a variable, an array or numbers, got ${typeof value}. Pass a tensor of the model or data of 'tandem/data'.`,
  )
}

/** What a program passes may be anything. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && ('variable' in value || 'shape' in value)
}

function isNested(value: TensorLike): value is NestedNumbers {
  return typeof value === 'number' || Array.isArray(value)
}

/** The tf.Variable behind a weight. */
export function toVariable(weight: tf.Variable | HasVariable): tf.Variable {
  return weight instanceof tf.Variable ? weight : weight.variable
}
