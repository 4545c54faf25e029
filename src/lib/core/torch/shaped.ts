/** Tensors in other shapes, as several operations make them. */
import { tf } from '../eager/tfjs'
import { ShapeError } from '../util/errors'
import { printShape, type Shape } from '../util/shapes'
import { axisOf, expandedShape } from './axes'
import { expandedLayout, reshapedLayout, slicedLayout, transposedLayout } from './layouts'
import { result } from './result'
import type { Tensor } from './tensorBase'

/** The values in a shape of as many: a view if strides lead to them, a copy otherwise. */
export function reshaped(input: Tensor, shape: Shape): Tensor {
  return result([input], () => tf.reshape(input.value, [...shape])).shareWith(input, (layout) =>
    reshapedLayout(layout, shape),
  )
}

/** The same, as a view. Throws ShapeError where it would be a copy. */
export function viewed(where: string, input: Tensor, shape: Shape): Tensor {
  const view = reshaped(input, shape)
  if (view.layout !== null || input.layout === null) return view
  throw new ShapeError(
    `${where}: expected dims that lie together in memory, got ${printShape(input.shape)} in another order or a part of ` +
      'more. Use .reshape(…), which copies where it must.',
  )
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
  return result([input], () => tf.broadcastTo(input.value, shape)).shareWith(input, (layout) =>
    expandedLayout(layout, shape),
  )
}

/** Its dims in another order. */
export function transposed(input: Tensor, axes: number[]): Tensor {
  return result([input], () => tf.transpose(input.value, axes)).shareWith(input, (layout) =>
    transposedLayout(layout, axes),
  )
}

/** `length` entries along an axis from `start` on. */
export function sliced(input: Tensor, axis: number, start: number, length: number): Tensor {
  const begin = input.shape.map((_, i) => (i === axis ? start : 0))
  const size = input.shape.map((whole, i) => (i === axis ? length : whole))
  return result([input], () => tf.slice(input.value, begin, size)).shareWith(input, (layout) =>
    slicedLayout(layout, axis, start, length),
  )
}
