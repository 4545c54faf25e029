/** Average pooling whose padding does not count, with its right gradient. */
import { tf } from '../eager/tfjs'
import { sizeOf } from '../util/shapes'

/** Zeros before and behind an axis. */
export type Sides = readonly [before: number, behind: number]

/** Size, stride and padding of pooling windows. */
export interface Windows {
  readonly size: readonly [height: number, width: number]
  readonly strides: readonly [height: number, width: number]
  readonly padding: readonly [height: Sides, width: Sides]
}

/** What padding `same` adds to an axis: as many windows as strides fit, the odd zero behind. Source: tf.nn.avg_pool. */
export function samePadding(length: number, size: number, stride: number): Sides {
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

/**
 * Means of the windows of [n, h, w, c]. With `countsPadding` the zeros of the padding count. Otherwise the mean with
 * them is scaled by size / (values that are not padding): tfjs' own kernel has the right mean, but a wrong gradient.
 */
export function averagePool(image: tf.Tensor, windows: Windows, countsPadding: boolean): tf.Tensor {
  const { size, strides, padding } = windows
  const isPadded = padding.flat().some((zeros) => zeros > 0)
  const padded = isPadded ? tf.pad(image, [[0, 0], [...padding[0]], [...padding[1]], [0, 0]]) : image
  const means = tf.avgPool(padded as tf.Tensor4D, [...size], [...strides], 'valid')
  if (countsPadding || !isPadded) return means
  const [, height = 0, width = 0] = image.shape
  const rows = validCounts(height, size[0], strides[0], padding[0])
  const columns = validCounts(width, size[1], strides[1], padding[1])
  const scale = rows.flatMap((row) => columns.map((column) => sizeOf(size) / (row * column)))
  return tf.mul(means, tf.tensor(scale, [1, rows.length, columns.length, 1]))
}

/** How many values of each window along an axis are not padding. */
function validCounts(length: number, size: number, stride: number, [before, behind]: Sides): number[] {
  const count = Math.floor((before + length + behind - size) / stride) + 1
  return Array.from({ length: count }, (_, index) => {
    const start = index * stride - before
    return Math.min(start + size, length) - Math.max(start, 0)
  })
}
