/** What a kernel of the interpreter gets: a call of an operator, its tensors, and the types it has to give. */
import { tf } from '../eager/tfjs'
import type { Call } from '../graph/opRule'
import type { DType, TensorType } from '../graph/types'
import { GraphError } from '../util/errors'
import type { Shape } from '../util/shapes'

/** A call with its tensors. */
export interface KernelCall extends Call {
  /** The operand's tensor; undefined where it is left out. Constants come to the device on first use only. */
  readonly tensor: (index: number) => tf.Tensor | undefined
  readonly outputs: readonly TensorType[]
}

/** Computes what an operator gives, on the kernels of the current backend. Runs in a scope that frees the rest. */
export type Kernel = (call: KernelCall) => tf.Tensor | tf.Tensor[]

/** tfjs has no int64: shapes and indices are small enough for int32. */
export const tensorTypes: { readonly [Type in DType]: 'float32' | 'int32' | 'bool' } = {
  float32: 'float32',
  int32: 'int32',
  int64: 'int32',
  bool: 'bool',
}

/** The tensor of an operand that is not optional. */
export function tensorAt(call: KernelCall, index: number): tf.Tensor {
  const tensor = call.tensor(index)
  if (tensor) return tensor
  throw new GraphError(`internal: ${call.op}: expected operand ${index + 1}, got none.`)
}

/** Type of the only output. */
export function outputOf({ op, outputs }: KernelCall): TensorType {
  const [output] = outputs
  if (output) return output
  throw new GraphError(`internal: ${op}: expected an output, got none.`)
}

/** The first operand in the shape of the output. */
export function reshaped(call: KernelCall, tensor = tensorAt(call, 0)): tf.Tensor {
  return tf.reshape(tensor, [...outputOf(call).shape])
}

/** tfjs takes its lists as mutable arrays. */
export function mutable(shape: Shape): number[] {
  return [...shape]
}
