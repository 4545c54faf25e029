/** Makes tensors out of host values. */
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { Tensor } from './tensor'

/** Nested arrays of equal lengths, or a number. */
export type Nested = number | readonly Nested[]

export interface TensorOptions {
  readonly dtype?: 'float32' | 'int32'
  /** Collect gradients with respect to this tensor. */
  readonly requiresGrad?: boolean
}

/** A tensor of the given values: nested arrays, a number, or a host array. */
export function tensor(data: Nested | NdArray, options: TensorOptions = {}): Tensor {
  const kind = options.requiresGrad ? 'leaf' : 'constant'
  if (typeof data === 'object' && 'values' in data && 'shape' in data) {
    return new Tensor(tf.tensor(data.values, [...data.shape], options.dtype ?? data.dtype), kind)
  }
  return new Tensor(tf.tensor(data, undefined, options.dtype ?? 'float32'), kind)
}

/** All zeros. */
export function zeros(...shape: number[]): Tensor {
  return new Tensor(tf.zeros(shape))
}

/** All ones. */
export function ones(...shape: number[]): Tensor {
  return new Tensor(tf.ones(shape))
}
