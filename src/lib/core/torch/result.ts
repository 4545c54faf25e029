/** Tensors computed from others: recorded when any of these requires grad and grad is enabled. */
import { tf } from '../eager/tfjs'
import { execute, isGradEnabled } from './autograd'
import type { Operand } from './kinds'
import { asFloats } from './promotion'
import { Tensor } from './tensorBase'
import { assertBroadcastable } from '../util/shapeChecks'

/** A kernel of one operand. */
export type Unary = (x: tf.Tensor) => tf.Tensor

/** A kernel of two. */
export type Binary = (a: tf.Tensor, b: tf.Tensor | number) => tf.Tensor

/** A tensor computed from `inputs`. */
export function result(inputs: readonly Tensor[], compute: () => tf.Tensor): Tensor {
  const isRecorded = isGradEnabled() && inputs.some((input) => input.requiresGrad)
  return new Tensor(execute(isRecorded, compute), isRecorded ? 'result' : 'constant')
}

/** Several tensors computed from `inputs` in one go. */
export function results(inputs: readonly Tensor[], compute: () => tf.Tensor[]): Tensor[] {
  const isRecorded = isGradEnabled() && inputs.some((input) => input.requiresGrad)
  return execute(isRecorded, compute).map((value) => new Tensor(value, isRecorded ? 'result' : 'constant'))
}

/** A tensor of what has no gradient. */
export function constant(compute: () => tf.Tensor): Tensor {
  return new Tensor(tf.tidy(compute))
}

/** Each element by itself. */
export function mapped(input: Tensor, compute: Unary): Tensor {
  const output = result([input], () => compute(input.value))
  output.flattenedFrom = input.flattenedFrom
  return output
}

/** Each element by itself, float32 also of int32 and bool. */
export function mappedFloats(input: Tensor, compute: Unary): Tensor {
  return mapped(input, (x) => compute(asFloats(x)))
}

/** Element by element with another tensor, or with a number. Throws ShapeError where they do not broadcast. */
export function combined(where: string, input: Tensor, other: Operand, compute: Binary): Tensor {
  if (!(other instanceof Tensor)) return mapped(input, (x) => compute(x, Number(other)))
  assertBroadcastable(where, input.shape, other.shape)
  const output = result([input, other], () => compute(input.value, other.value))
  output.flattenedFrom = input.flattenedFrom ?? other.flattenedFrom
  return output
}
