/** Convolution and pooling of images [n, c, h, w] as functions. tfjs computes on [n, h, w, c], so each transposes in and out. */
import { tf } from '../../../eager/tfjs'
import { averagePool } from '../../../nn/pooling'
import { flag, only } from '../../../util/kinds'
import { ArgumentError, ShapeError } from '../../../util/errors'
import { printShape } from '../../../util/shapes'
import { tensor } from '../../kinds'
import {
  count,
  outputSize,
  padding,
  pair,
  pairOrNone,
  type OutputSize,
  type Padding,
  type Pair,
} from '../kinds'
import { result, type Tensor } from '../../tensor'
import { functional } from './functional'

const otherConvolutions = 'Leave it out: other convolutions cannot be trained here.'

/** What convolutions take beside their strides and padding. */
export const plainConvolution = {
  /** 1: others are not there. */
  dilation: only(1, otherConvolutions),
  /** 1: others are not there. */
  groups: only(1, otherConvolutions),
}

/** Windows that do not fit are left out. */
export const ceilMode = only(false, 'Leave it out: windows that do not fit are left out here.')

/** What the largest of windows cannot be asked for. */
export const plainMax = {
  /** 1: others are not there. */
  dilation: only(1, 'Leave it out: all values of a window count here.'),
  returnIndices: only(false, 'Leave it out: there is no unpooling here.'),
  ceilMode,
}

/** What pooling takes in the first place. */
export const windows = {
  /** Size of the windows. */
  kernelSize: pair,
  /** From window to window; the kernel's size when left out. */
  stride: pair.or(null),
  /** Zeros on each side, at most half of the kernel. */
  padding: pairOrNone.or(0),
}

/** What means of windows take. */
export const means = {
  ...windows,
  ceilMode,
  /** Whether the zeros of the padding count. */
  countIncludePad: flag.or(true),
  /** What sums are divided by; the number of values when left out. */
  divisorOverride: count.or(null),
}

/** [n, c, h, w] to [n, h, w, c] */
export const channelsLast = [0, 2, 3, 1]
/** [n, h, w, c] to [n, c, h, w] */
export const channelsFirst = [0, 3, 1, 2]
/** [out, in, kh, kw] to [kh, kw, in, out] */
const filterLast = [2, 3, 1, 0]

/** Convolution with a weight [out, in, kh, kw] and a bias [out]. Source: torch.nn.functional.conv2d. */
export const conv2d = functional(
  'conv2d',
  {
    input: tensor,
    weight: tensor,
    bias: tensor.or(null),
    /** From window to window. */
    stride: pair.or(1),
    /** Zeros on each side, 'same' or 'valid'. */
    padding: padding.or(0),
    ...plainConvolution,
  },
  ({ input, weight, bias, stride, padding: zeros }): Tensor => {
    const [, channels, height = 1, width = 1] = weight.shape
    assertImage('Conv2d', input, channels)
    assertFits('Conv2d', input, [height, width], zeros)
    return result(bias ? [input, weight, bias] : [input, weight], () => {
      const image = tf.transpose(input.value as tf.Tensor4D, channelsLast)
      const filter = tf.transpose(weight.value as tf.Tensor4D, filterLast)
      const y = tf.conv2d(image, filter, pairOf(stride), explicitPadding(zeros))
      return tf.transpose(bias ? tf.add(y, bias.value) : y, channelsFirst)
    })
  },
)

const { dilation, returnIndices } = plainMax

/** Largest value of each window; windows that do not fit are left out. */
export const maxPool2d = functional(
  'maxPool2d',
  { input: tensor, ...windows, dilation, ceilMode, returnIndices },
  ({ input, ...given }): Tensor => {
    const { size, strides, zeros } = windowsOf('MaxPool2d', input, given)
    return pooled(input, (image) => tf.maxPool(image, size, strides, explicitPadding(zeros)))
  },
)

/** Mean of each window; windows that do not fit are left out. */
export const avgPool2d = functional(
  'avgPool2d',
  { input: tensor, ...means },
  ({ input, countIncludePad, divisorOverride, ...given }): Tensor => {
    const { size, strides, zeros } = windowsOf('AvgPool2d', input, given)
    const [vertical, horizontal] = zeros
    const sides = [
      [vertical, vertical],
      [horizontal, horizontal],
    ] as const
    return pooled(input, (image) => {
      const averages = averagePool(
        image,
        { size, strides, padding: sides },
        countIncludePad || divisorOverride !== null,
      )
      return divisorOverride === null ? averages : tf.mul(averages, (size[0] * size[1]) / divisorOverride)
    })
  },
)

/**
 * Means of as many windows as the output has values: window i of m over n values runs from ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉.
 */
export const adaptiveAvgPool2d = functional(
  'adaptiveAvgPool2d',
  { input: tensor, outputSize },
  ({ input, outputSize: given }): Tensor => {
    assertImage('AdaptiveAvgPool2d', input)
    const [images = 1, channels = 1, height = 1, width = 1] = input.shape
    const [rows, columns] = sizeOf(given, height, width)
    return result([input], () => {
      if (height % rows === 0 && width % columns === 0) {
        const split = [images, channels, rows, height / rows, columns, width / columns]
        return tf.mean(tf.reshape(input.value, split), [3, 5])
      }
      const planes = tf.reshape(input.value, [images * channels, height, width])
      const ofRows = tf.matMul(averaging(height, rows, images * channels), planes, true, false)
      const averages = tf.matMul(ofRows, averaging(width, columns, images * channels))
      return tf.reshape(averages, [images, channels, rows, columns])
    })
  },
)

function sizeOf(given: OutputSize, height: number, width: number): readonly [rows: number, columns: number] {
  const [rows, columns] = typeof given === 'number' ? [given, given] : given
  return [rows ?? height, columns ?? width]
}

/** [planes, n, m]: column i averages the values of window i. */
function averaging(length: number, count: number, planes: number): tf.Tensor {
  const columns = Array.from({ length: count }, (_, window) => {
    const start = Math.floor((window * length) / count)
    const end = Math.ceil(((window + 1) * length) / count)
    return { start, end, share: 1 / (end - start) }
  })
  const matrix = Array.from({ length }, (_, row) =>
    columns.map(({ start, end, share }) => (row >= start && row < end ? share : 0)),
  )
  return tf.tile(tf.tensor([matrix]), [planes, 1, 1])
}

function pooled(input: Tensor, pool: (image: tf.Tensor4D) => tf.Tensor): Tensor {
  return result([input], () =>
    tf.transpose(pool(tf.transpose(input.value as tf.Tensor4D, channelsLast)), channelsFirst),
  )
}

function windowsOf(
  where: string,
  input: Tensor,
  { kernelSize, stride, padding: given }: { kernelSize: Pair; stride: Pair | null; padding: Pair },
) {
  assertImage(where, input)
  const size = pairOf(kernelSize)
  const zeros = pairOf(given)
  if (zeros[0] > size[0] / 2 || zeros[1] > size[1] / 2) {
    throw new ArgumentError(
      `${where}: expected a padding of at most half of the kernel, got ${printShape(zeros)} for ${printShape(size)}. ` +
        'Use a smaller padding.',
    )
  }
  assertFits(where, input, size, zeros)
  return { size, strides: pairOf(stride ?? kernelSize), zeros }
}

/** As tfjs wants it, for [n, h, w, c]. Not as a number: with one, tfjs takes the kernel's height for its width. */
function explicitPadding(given: Padding): 'same' | 'valid' | tf.backend_util.ExplicitPadding {
  if (given === 'same' || given === 'valid') return given
  const [vertical, horizontal] = pairOf(given)
  if (vertical === 0 && horizontal === 0) return 'valid'
  return [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ]
}

/** [height, width] */
export function pairOf(value: Pair): [height: number, width: number] {
  return typeof value === 'number' ? [value, value] : [...value]
}

/** Throws ShapeError unless `x` is [n, c, h, w], with that many channels where given. */
export function assertImage(where: string, x: Tensor, channels?: number): void {
  if (x.shape.length === 4 && (channels === undefined || x.shape[1] === channels)) return
  const expected = `[n, ${channels ?? 'c'}, h, w]`
  throw new ShapeError(
    `${where}: expected input ${expected}, got ${printShape(x.shape)}. ` +
      'Images have their channels first; load data with { channelsFirst: true }.',
  )
}

/** Throws ShapeError unless one window of the kernel's size fits into the image. */
function assertFits(
  where: string,
  { shape }: Tensor,
  kernel: readonly [number, number],
  given: Padding,
): void {
  if (given === 'same') return
  const [vertical, horizontal] = given === 'valid' ? [0, 0] : pairOf(given)
  const [, , height = 0, width = 0] = shape
  if (height + 2 * vertical >= kernel[0] && width + 2 * horizontal >= kernel[1]) return
  throw new ShapeError(
    `${where}: expected an image of at least ${kernel[0]}×${kernel[1]}, got ${height}×${width}. ` +
      'Use a smaller kernel, more padding, or fewer layers that shrink the image.',
  )
}
