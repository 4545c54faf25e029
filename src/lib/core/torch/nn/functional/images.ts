/** Convolution and pooling of images [n, c, h, w] as functions. tfjs computes on [n, h, w, c], so each transposes in and out. */
import { tf } from '../../../eager/tfjs'
import { averagePool } from '../../../nn/pooling'
import { ArgumentError, ShapeError } from '../../../util/errors'
import { printShape } from '../../../util/shapes'
import { argumentsOf, type Arguments } from '../../options'
import { result, type Tensor } from '../../tensor'
import { assertCount } from './checks'

/** One number for both directions, or [height, width]. */
export type Pair = number | readonly [height: number, width: number]

/** Zeros on each side; 'same' keeps the size (with a stride: the size divided by it, rounded up); 'valid' is none. */
export type Padding = Pair | 'same' | 'valid'

export interface Conv2dArguments {
  readonly stride?: Pair
  readonly padding?: Padding
  /** 1: others are not there. */
  readonly dilation?: Pair
  /** 1: others are not there. */
  readonly groups?: number
}

/** In PyTorch's order. */
export const convolutionNames = ['stride', 'padding', 'dilation', 'groups'] as const

/** Throws ArgumentError for what tfjs has no gradients of. */
export function assertPlainConvolution(where: string, { dilation = 1, groups = 1 }: Conv2dArguments): void {
  for (const [name, value] of Object.entries({ dilation, groups })) {
    if ([value].flat().every((each) => each === 1)) continue
    throw new ArgumentError(
      `${where}: expected ${name} of 1, got ${String(value)}. Leave it out: other convolutions cannot be trained here.`,
    )
  }
}

/** [n, c, h, w] to [n, h, w, c] */
export const channelsLast = [0, 2, 3, 1]
/** [n, h, w, c] to [n, c, h, w] */
export const channelsFirst = [0, 3, 1, 2]
/** [out, in, kh, kw] to [kh, kw, in, out] */
const filterLast = [2, 3, 1, 0]

/** Convolution with a weight [out, in, kh, kw] and a bias [out]. Source: torch.nn.functional.conv2d. */
export function conv2d(
  input: Tensor,
  weight: Tensor,
  ...given: Arguments<Conv2dArguments & { readonly bias?: Tensor | null }>
): Tensor {
  const options = argumentsOf('conv2d', given, ['bias', ...convolutionNames])
  assertPlainConvolution('conv2d', options)
  const { stride = 1, padding = 0, bias = null } = options
  const [, channels, height = 1, width = 1] = weight.shape
  assertImage('Conv2d', input, channels)
  assertFits('Conv2d', input, [height, width], padding)
  const strides: [number, number] = [...pairOf('Conv2d', 'stride', stride)]
  return result(bias ? [input, weight, bias] : [input, weight], () => {
    const image = tf.transpose(input.value as tf.Tensor4D, channelsLast)
    const filter = tf.transpose(weight.value as tf.Tensor4D, filterLast)
    const y = tf.conv2d(image, filter, strides, explicitPadding(padding))
    return tf.transpose(bias ? tf.add(y, bias.value) : y, channelsFirst)
  })
}

export interface PoolArguments {
  /** The kernel's size when left out. */
  readonly stride?: Pair
  readonly padding?: Pair
}

interface KernelArguments extends PoolArguments {
  readonly kernelSize?: Pair
}

export interface AvgPoolArguments extends PoolArguments {
  /** Whether the zeros of the padding count; true when left out. */
  readonly countIncludePad?: boolean
}

/** Largest value of each window; windows that do not fit are left out. */
export function maxPool2d(input: Tensor, ...given: Arguments<KernelArguments>): Tensor {
  const options = argumentsOf('maxPool2d', given, ['kernelSize', 'stride', 'padding'])
  const { size, strides, padding } = windowsOf('MaxPool2d', input, options)
  return pooled(input, (image) => tf.maxPool(image, size, strides, explicitPadding(padding)))
}

/** Mean of each window; windows that do not fit are left out. */
export function avgPool2d(
  input: Tensor,
  ...given: Arguments<AvgPoolArguments & { readonly kernelSize?: Pair }>
): Tensor {
  const options = argumentsOf('avgPool2d', given, ['kernelSize', 'stride', 'padding'], ['countIncludePad'])
  const { size, strides, padding } = windowsOf('AvgPool2d', input, options)
  const [vertical, horizontal] = padding
  const sides = [
    [vertical, vertical],
    [horizontal, horizontal],
  ] as const
  return pooled(input, (image) =>
    averagePool(image, { size, strides, padding: sides }, options.countIncludePad ?? true),
  )
}

/** One number for both directions, or [height, width], where null keeps a size. */
export type OutputSize = number | readonly [height: number | null, width: number | null]

/**
 * Means of as many windows as the output has values: window i of m over n values runs from ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉.
 */
export function adaptiveAvgPool2d(input: Tensor, outputSize: OutputSize): Tensor {
  assertImage('AdaptiveAvgPool2d', input)
  const [images = 1, channels = 1, height = 1, width = 1] = input.shape
  const given = typeof outputSize === 'number' ? [outputSize, outputSize] : outputSize
  const [rows, columns] = [given[0] ?? height, given[1] ?? width]
  assertCount('AdaptiveAvgPool2d', 'outputSize', rows)
  assertCount('AdaptiveAvgPool2d', 'outputSize', columns)
  return result([input], () => {
    if (height % rows === 0 && width % columns === 0) {
      const windows = [images, channels, rows, height / rows, columns, width / columns]
      return tf.mean(tf.reshape(input.value, windows), [3, 5])
    }
    const planes = tf.reshape(input.value, [images * channels, height, width])
    const ofRows = tf.matMul(averaging(height, rows, images * channels), planes, true, false)
    const means = tf.matMul(ofRows, averaging(width, columns, images * channels))
    return tf.reshape(means, [images, channels, rows, columns])
  })
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
  { kernelSize = NaN, stride = kernelSize, padding = 0 }: KernelArguments,
) {
  assertImage(where, input)
  const size = [...pairOf(where, 'kernelSize', kernelSize)] as [number, number]
  const pads = pairOf(where, 'padding', padding, 0)
  if (pads[0] > size[0] / 2 || pads[1] > size[1] / 2) {
    throw new ArgumentError(
      `${where}: expected a padding of at most half of the kernel, got ${printShape(pads)} for ${printShape(size)}. ` +
        'Use a smaller padding.',
    )
  }
  assertFits(where, input, size, pads)
  return { size, strides: [...pairOf(where, 'stride', stride)] as [number, number], padding: pads }
}

/** As tfjs wants it, for [n, h, w, c]. Not as a number: with one, tfjs takes the kernel's height for its width. */
function explicitPadding(padding: Padding): 'same' | 'valid' | tf.backend_util.ExplicitPadding {
  if (padding === 'same' || padding === 'valid') return padding
  const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding
  if (vertical === 0 && horizontal === 0) return 'valid'
  return [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ]
}

/** [height, width]; throws ArgumentError unless whole numbers of at least `least`. */
export function pairOf(where: string, name: string, value: Pair, least = 1): readonly [number, number] {
  const pair: readonly number[] = typeof value === 'number' ? [value, value] : value
  const [height, width] = pair
  if (height === undefined || width === undefined || pair.length > 2) {
    throw new ArgumentError(
      `${where}: expected ${name} to be a number or [height, width], got ${String(value)}. Pass a number such as 3.`,
    )
  }
  assertCount(where, name, height, least)
  assertCount(where, name, width, least)
  return [height, width]
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
  padding: Padding,
): void {
  if (padding === 'same') return
  const [vertical, horizontal] = padding === 'valid' ? [0, 0] : pairOf(where, 'padding', padding, 0)
  const [, , height = 0, width = 0] = shape
  if (height + 2 * vertical >= kernel[0] && width + 2 * horizontal >= kernel[1]) return
  throw new ShapeError(
    `${where}: expected an image of at least ${kernel[0]}×${kernel[1]}, got ${height}×${width}. ` +
      'Use a smaller kernel, more padding, or fewer layers that shrink the image.',
  )
}
