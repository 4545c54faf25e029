/** Convolution of images [n, c, h, w], and what layers on images share. tfjs computes on [n, h, w, c], so each transposes in and out. */
import { tf } from '../../eager/tfjs'
import { kaimingUniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { ArgumentError, ShapeError } from '../../util/errors'
import { printShape } from '../../util/shapes'
import { Parameter } from '../parameter'
import { result, type Tensor } from '../tensor'
import { assertCount, biasParameter } from './linear'
import { Module } from './module'

/** One number for both directions, or [height, width]. */
export type Pair = number | readonly [height: number, width: number]

export interface Conv2dOptions {
  readonly stride?: Pair
  /** Zeros on each side; 'same' keeps the size (with a stride: the size divided by it, rounded up). */
  readonly padding?: number | 'same' | 'valid'
  readonly bias?: boolean
}

/**
 * Convolution, weight [outChannels, inChannels, kh, kw].
 * Weight and bias start uniform in ±1/√(inChannels·kh·kw). Source: torch.nn.Conv2d.
 */
export class Conv2d extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | null
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: number | 'same' | 'valid'

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Pair,
    { stride = 1, padding = 0, bias = true }: Conv2dOptions = {},
  ) {
    super()
    assertCount('Conv2d', 'inChannels', inChannels)
    assertCount('Conv2d', 'outChannels', outChannels)
    this.kernelSize = pairOf('Conv2d', 'kernelSize', kernelSize)
    this.stride = pairOf('Conv2d', 'stride', stride)
    if (typeof padding === 'number') assertCount('Conv2d', 'padding', padding, 0)
    this.padding = padding
    const shape = [outChannels, inChannels, ...this.kernelSize]
    const fanIn = inChannels * this.kernelSize[0] * this.kernelSize[1]
    this.weight = new Parameter(kaimingUniform(shape, fanIn, randomState.nextInitialiser()), shape)
    this.bias = bias ? biasParameter(outChannels, fanIn) : null
  }

  forward(x: Tensor): Tensor {
    assertImage('Conv2d', x, this.inChannels)
    const { weight, bias, padding } = this
    const strides: [number, number] = [...this.stride]
    assertFits('Conv2d', x, this.kernelSize, padding)
    const compute = () => {
      const image = tf.transpose(x.value as tf.Tensor4D, channelsLast)
      const filter = tf.transpose(weight.value as tf.Tensor4D, filterLast)
      const y = tf.conv2d(image, filter, strides, padding)
      return tf.transpose(bias ? tf.add(y, bias.value) : y, channelsFirst)
    }
    return this.inLayer('Conv2d', () => result(bias ? [x, weight, bias] : [x, weight], compute))
  }
}

/** [n, c, h, w] to [n, h, w, c] */
export const channelsLast = [0, 2, 3, 1]
/** [n, h, w, c] to [n, c, h, w] */
export const channelsFirst = [0, 3, 1, 2]
/** [out, in, kh, kw] to [kh, kw, in, out] */
const filterLast = [2, 3, 1, 0]

/** [height, width]; throws ArgumentError unless positive whole numbers. */
export function pairOf(where: string, name: string, value: Pair): readonly [number, number] {
  const pair: readonly number[] = typeof value === 'number' ? [value, value] : value
  const [height, width] = pair
  if (height === undefined || width === undefined || pair.length > 2) {
    throw new ArgumentError(
      `${where}: expected ${name} to be a number or [height, width], got ${String(value)}. Pass a number such as 3.`,
    )
  }
  assertCount(where, name, height)
  assertCount(where, name, width)
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
export function assertFits(
  where: string,
  { shape }: Tensor,
  kernel: readonly [number, number],
  padding: number | 'same' | 'valid',
): void {
  const pad = typeof padding === 'number' ? 2 * padding : 0
  const [, , height = 0, width = 0] = shape
  if (padding === 'same' || (height + pad >= kernel[0] && width + pad >= kernel[1])) return
  throw new ShapeError(
    `${where}: expected an image of at least ${kernel[0]}×${kernel[1]}, got ${height}×${width}. ` +
      'Use a smaller kernel, more padding, or fewer layers that shrink the image.',
  )
}
