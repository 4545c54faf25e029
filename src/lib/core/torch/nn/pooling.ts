/** Pooling of images [n, c, h, w]. */
import { tf } from '../../eager/tfjs'
import { averagePool } from '../../nn/pooling'
import { result, type Tensor } from '../tensor'
import { assertFits, assertImage, channelsFirst, channelsLast, pairOf, type Pair } from './images'
import { assertCount } from './linear'
import { Module } from './module'

export interface MaxPool2dOptions {
  /** The kernel's size when left out. */
  readonly stride?: Pair
  readonly padding?: number
}

abstract class Pool2d extends Module {
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: number

  constructor(
    private readonly className: string,
    kernelSize: Pair,
    { stride = kernelSize, padding = 0 }: MaxPool2dOptions,
  ) {
    super()
    this.kernelSize = pairOf(className, 'kernelSize', kernelSize)
    this.stride = pairOf(className, 'stride', stride)
    assertCount(className, 'padding', padding, 0)
    this.padding = padding
  }

  forward(x: Tensor): Tensor {
    assertImage(this.className, x)
    assertFits(this.className, x, this.kernelSize, this.padding)
    const compute = () => {
      const image = tf.transpose(x.value as tf.Tensor4D, channelsLast)
      return tf.transpose(this.pool(image, [...this.kernelSize], [...this.stride]), channelsFirst)
    }
    return this.inLayer(this.className, () => result([x], compute))
  }

  /** [n, h, w, c] to [n, h', w', c] */
  protected abstract pool(image: tf.Tensor4D, kernel: [number, number], stride: [number, number]): tf.Tensor
}

/** Largest value of each window; windows that do not fit are left out. Source: torch.nn.MaxPool2d. */
export class MaxPool2d extends Pool2d {
  constructor(kernelSize: Pair, options: MaxPool2dOptions = {}) {
    super('MaxPool2d', kernelSize, options)
  }

  protected pool(image: tf.Tensor4D, kernel: [number, number], stride: [number, number]): tf.Tensor {
    return tf.maxPool(image, kernel, stride, this.padding)
  }
}

export interface AvgPool2dOptions extends MaxPool2dOptions {
  /** Whether the zeros of the padding count; true when left out. */
  readonly countIncludePad?: boolean
}

/** Mean of each window; windows that do not fit are left out. Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends Pool2d {
  readonly countIncludePad: boolean

  constructor(kernelSize: Pair, { countIncludePad = true, ...options }: AvgPool2dOptions = {}) {
    super('AvgPool2d', kernelSize, options)
    this.countIncludePad = countIncludePad
  }

  protected pool(image: tf.Tensor4D, size: [number, number], strides: [number, number]): tf.Tensor {
    const sides = [this.padding, this.padding] as const
    return averagePool(image, { size, strides, padding: [sides, sides] }, this.countIncludePad)
  }
}
