/** Tensors in other shapes, as several operations make them. */
import { tf } from '../eager/tfjs'
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { axisOf, expandedShape } from './axes'
import { result } from './result'
import type { Tensor } from './tensorBase'
import type { Viewing } from './viewed'

/** The values in a shape of as many. */
export function reshaped(input: Tensor, shape: Shape): Tensor {
  const { shape: whole } = input
  return result([input], () => tf.reshape(input.value, [...shape])).shareWith(input, {
    take: (x) => tf.reshape(x, [...shape]),
    put: (_, view) => tf.reshape(view, [...whole]),
  })
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
  return result([input], () => tf.broadcastTo(input.value, shape)).shareWith(input, {
    take: (x) => tf.broadcastTo(x, shape),
    put: () => {
      throw new ArgumentError(
        'expand: expected values of their own where they are changed in place, got a tensor that has each several times. ' +
          'Write x.expand(…).clone().',
      )
    },
  })
}

/** Its dims in another order. */
export function transposed(input: Tensor, axes: number[]): Tensor {
  const inverse = axes.map((_, axis) => axes.indexOf(axis))
  return result([input], () => tf.transpose(input.value, axes)).shareWith(input, {
    take: (x) => tf.transpose(x, axes),
    put: (_, view) => tf.transpose(view, inverse),
  })
}

/** `length` entries along an axis from `start` on. */
export function sliced(input: Tensor, axis: number, start: number, length: number): Tensor {
  const viewing = sliceOf(input.shape, axis, start, length)
  return result([input], () => viewing.take(input.value)).shareWith(input, viewing)
}

/** How some entries along an axis are a view of all. */
export function sliceOf(shape: Shape, axis: number, start: number, length: number): Viewing {
  const cut = (x: tf.Tensor, from: number, count: number) =>
    tf.slice(
      x,
      shape.map((_, i) => (i === axis ? from : 0)),
      shape.map((size, i) => (i === axis ? count : size)),
    )
  const behind = start + length
  return {
    take: (whole) => cut(whole, start, length),
    put: (whole, view) =>
      tf.concat(
        [cut(whole, 0, start), view, cut(whole, behind, at(shape, axis) - behind)].filter(
          ({ size }) => size > 0,
        ),
        axis,
      ),
  }
}
