/** Tensors in other shapes, as several operations make them. */
import { tf } from '../eager/tfjs'
import type { Shape } from '../util/shapes'
import { axisOf, expandedShape } from './axes'
import { result } from './result'
import type { Tensor } from './tensorBase'

/** The values in a shape of as many. */
export function reshaped(input: Tensor, shape: Shape): Tensor {
  return result([input], () => tf.reshape(input.value, [...shape]))
}

/** Two dims exchanged. */
export function swapped(where: string, input: Tensor, dim0: number, dim1: number): Tensor {
  const axes = input.shape.map((_, axis) => axis)
  const first = axisOf(where, dim0, input.ndim)
  const second = axisOf(where, dim1, input.ndim)
  axes[first] = second
  axes[second] = first
  return transposed(input, axes)
}

/** Stretched to `size`. */
export function expanded(input: Tensor, size: Shape): Tensor {
  const shape = expandedShape(input.shape, size)
  return result([input], () => tf.broadcastTo(input.value, shape))
}

/** Its dims in another order. */
export function transposed(input: Tensor, axes: number[]): Tensor {
  return result([input], () => tf.transpose(input.value, axes))
}
