/** keras.ops: functions of tensors for losses and steps of one's own. Whatever they make belongs to the caller's scope. */
import { readBack } from '../eager/readBack'
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { alongLast } from '../nn/alongLast'
import { absolute, extremeShared } from '../nn/piecewise'
import { toArray } from './arrays'
import { toTensorOf as t, type TensorLike } from './tensorLike'

export interface AxisOptions {
  /** All when left out. */
  readonly axis?: number | readonly number[]
  readonly keepdims?: boolean
}

type Reduce = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor

const reducing =
  (reduce: Reduce) =>
  (x: TensorLike, { axis, keepdims = false }: AxisOptions = {}): tf.Tensor =>
    reduce(t(x), axis === undefined ? undefined : [axis].flat(), keepdims)

const unary = (op: (x: tf.Tensor) => tf.Tensor) => (x: TensorLike) => op(t(x))

const binary = (op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) => (a: TensorLike, b: TensorLike) =>
  op(t(a), t(b))

export const add = binary(tf.add)
export const subtract = binary(tf.sub)
export const multiply = binary(tf.mul)
export const divide = binary(tf.div)
export const power = binary(tf.pow)
export const maximum = binary(tf.maximum)
export const minimum = binary(tf.minimum)
export const equal = binary(tf.equal)
export const greater = binary(tf.greater)
export const less = binary(tf.less)
export const matmul = binary((a, b) => tf.matMul(a, b))

export const abs = unary(absolute)
export const exp = unary(tf.exp)
export const log = unary(tf.log)
export const negative = unary(tf.neg)
export const sqrt = unary(tf.sqrt)
export const square = unary(tf.square)
export const sin = unary(tf.sin)
export const cos = unary(tf.cos)
export const tanh = unary(tf.tanh)
export const sigmoid = unary(tf.sigmoid)
export const relu = unary(tf.relu)

export const sum = reducing(tf.sum)
export const mean = reducing(tf.mean)
export const max = reducing((x, axes, keepDims) => extremeShared('max', x, { axes, keepDims }))
export const min = reducing((x, axes, keepDims) => extremeShared('min', x, { axes, keepDims }))

/** Over the last axis unless told otherwise. */
export function softmax(x: TensorLike, { axis = -1 }: { readonly axis?: number } = {}): tf.Tensor {
  const tensor = t(x)
  return alongLast(tensor, axis < 0 ? axis + tensor.rank : axis, (last) => tf.softmax(last))
}

/** Position of the largest value along an axis, or among all values in their order. */
export function argmax(x: TensorLike, { axis }: { readonly axis?: number } = {}): tf.Tensor {
  return axis === undefined ? tf.argMax(tf.reshape(t(x), [-1])) : tf.argMax(t(x), axis)
}

export function clip(x: TensorLike, xMin: number, xMax: number): tf.Tensor {
  return tf.clipByValue(t(x), xMin, xMax)
}

/** `x1` where the condition holds, `x2` elsewhere. */
export function where(condition: TensorLike, x1: TensorLike, x2: TensorLike): tf.Tensor {
  return tf.where(tf.cast(t(condition), 'bool'), t(x1), t(x2))
}

export function reshape(x: TensorLike, newshape: readonly number[]): tf.Tensor {
  return tf.reshape(t(x), [...newshape])
}

/** Axes in another order; reversed when left out. */
export function transpose(x: TensorLike, axes?: readonly number[]): tf.Tensor {
  return tf.transpose(t(x), axes && [...axes])
}

export function expandDims(x: TensorLike, axis: number): tf.Tensor {
  return tf.expandDims(t(x), axis)
}

export function concatenate(
  xs: readonly TensorLike[],
  { axis = 0 }: { readonly axis?: number } = {},
): tf.Tensor {
  return tf.concat(xs.map(t), axis)
}

export function stack(xs: readonly TensorLike[], { axis = 0 }: { readonly axis?: number } = {}): tf.Tensor {
  return tf.stack(xs.map(t), axis)
}

export function oneHot(x: TensorLike, numClasses: number): tf.Tensor {
  return tf.oneHot(tf.cast(t(x), 'int32'), numClasses)
}

export function cast(x: TensorLike, dtype: 'float32' | 'int32' | 'bool'): tf.Tensor {
  return tf.cast(t(x), dtype)
}

export function zeros(shape: readonly number[]): tf.Tensor {
  return tf.zeros([...shape])
}

export function ones(shape: readonly number[]): tf.Tensor {
  return tf.ones([...shape])
}

export function convertToTensor(x: TensorLike): tf.Tensor {
  return t(x)
}

/** The shape of a tensor. */
export function shape(x: TensorLike): readonly number[] {
  return t(x).shape
}

/** Values on the host; settles when they are there. Not inside of a step that is compiled. */
export function convertToNumpy(x: TensorLike): Promise<NdArray> {
  return toArray(t(x))
}

/** The one value of a tensor, as a number. Not inside of a step that is compiled. */
export async function item(x: TensorLike): Promise<number> {
  return (await readBack(t(x)))[0] ?? NaN
}
