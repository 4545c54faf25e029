/** The normalisation layers. */
import { tf } from '../../eager/tfjs'
import { moveAverage, normalise, normaliseWith, unbiasedFactor } from '../../nn/normalization'
import type { Formulation } from '../../optim/optimizer'
import { ArgumentError, ShapeError } from '../../util/errors'
import { isSameShape, printShape, sizeOf, type Shape } from '../../util/shapes'
import { Buffer, Parameter } from '../parameter'
import { result, type Tensor } from '../tensor'
import { assertImage, channelsFirst, channelsLast } from './images'
import { assertCount } from './linear'
import { Module } from './module'

export interface BatchNormOptions {
  readonly eps?: number
  /** Share of each new batch in the running averages. */
  readonly momentum?: number
  /** 'keras' tracks the variance divided by n, as Keras does, instead of by n − 1. Not in PyTorch. */
  readonly formulation?: Formulation
}

type Moments = Readonly<Record<'mean' | 'variance', tf.Tensor>>

/**
 * (x − mean) / √(variance + ε) · weight + bias, per feature: of the batch while training, of the running averages
 * otherwise. Source: Ioffe and Szegedy, 2015; torch.nn.BatchNorm1d and BatchNorm2d.
 */
abstract class BatchNorm extends Module {
  readonly weight: Parameter
  readonly bias: Parameter
  readonly runningMean: Buffer
  readonly runningVar: Buffer
  readonly eps: number
  readonly momentum: number
  readonly formulation: Formulation

  constructor(
    private readonly className: string,
    readonly numFeatures: number,
    { eps = 1e-5, momentum = 0.1, formulation = 'torch' }: BatchNormOptions,
  ) {
    super()
    assertCount(className, 'numFeatures', numFeatures)
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new ArgumentError(
        `${className}: expected a momentum from 0 to 1, got ${momentum}. Leave it out for 0.1.`,
      )
    }
    const shape = [numFeatures]
    this.weight = new Parameter(filled(shape, 1), shape)
    this.bias = new Parameter(filled(shape, 0), shape)
    this.runningMean = new Buffer(filled(shape, 0), shape)
    this.runningVar = new Buffer(filled(shape, 1), shape)
    this.eps = eps
    this.momentum = momentum
    this.formulation = formulation
  }

  forward(x: Tensor): Tensor {
    this.check(x)
    const { flattenedFrom } = x
    const state = [this.weight, this.bias, this.runningMean, this.runningVar]
    for (const tensor of state) if (flattenedFrom) tensor.flattenedFrom ??= flattenedFrom
    const moments: Moments[] = []
    const compute = () => this.normalise(x.value, moments)
    const output = this.inLayer(this.className, () => {
      const normalised = result([x, this.weight, this.bias], compute)
      for (const each of moments) this.#track(each, sizeOf(x.shape) / this.numFeatures)
      return normalised
    })
    output.flattenedFrom = flattenedFrom
    return output
  }

  protected abstract check(x: Tensor): void

  /** Adds the moments of the batch to `moments` while training. */
  protected abstract normalise(x: tf.Tensor, moments: Moments[]): tf.Tensor

  /** The features along the last axis. */
  protected normaliseLast(x: tf.Tensor, moments: Moments[]): tf.Tensor {
    const affine = { gamma: this.weight.value, beta: this.bias.value }
    const { runningMean, runningVar, eps } = this
    if (!this.training) {
      return normaliseWith(x, { mean: runningMean.value, variance: runningVar.value }, eps, affine)
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis)
    const { output, mean, variance } = normalise(x, axes, eps, affine)
    moments.push({ mean: tf.keep(mean), variance: tf.keep(variance) })
    return output
  }

  /** Moves the running averages on, off the tape: no gradient goes through them. */
  #track({ mean, variance }: Moments, count: number): void {
    tf.tidy(() => {
      const factor = this.formulation === 'torch' ? unbiasedFactor(this.className, count) : 1
      moveAverage(this.runningMean.variable, mean, 1 - this.momentum)
      const tracked = factor === 1 ? variance : tf.mul(variance, factor)
      moveAverage(this.runningVar.variable, tracked, 1 - this.momentum)
    })
    mean.dispose()
    variance.dispose()
  }
}

/** Of rows [n, numFeatures]. */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super('BatchNorm1d', numFeatures, options)
  }

  protected check({ shape }: Tensor): void {
    if (shape.length === 2 && shape[1] === this.numFeatures) return
    throw new ShapeError(
      `BatchNorm1d: expected input [n, ${this.numFeatures}], got ${printShape(shape)}. ` +
        'Change numFeatures, or use BatchNorm2d for images.',
    )
  }

  protected normalise(x: tf.Tensor, moments: Moments[]): tf.Tensor {
    return this.normaliseLast(x, moments)
  }
}

/** Of images [n, numFeatures, h, w], per channel. */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super('BatchNorm2d', numFeatures, options)
  }

  protected check(x: Tensor): void {
    assertImage('BatchNorm2d', x, this.numFeatures)
  }

  protected normalise(x: tf.Tensor, moments: Moments[]): tf.Tensor {
    return tf.transpose(this.normaliseLast(tf.transpose(x, channelsLast), moments), channelsFirst)
  }
}

export interface LayerNormOptions {
  readonly eps?: number
}

/**
 * (x − mean) / √(variance + ε) · weight + bias with mean and variance of each example over the last axes, which have
 * the normalised shape. Source: Ba, Kiros and Hinton, 2016; torch.nn.LayerNorm.
 */
export class LayerNorm extends Module {
  readonly weight: Parameter
  readonly bias: Parameter
  readonly normalizedShape: Shape
  readonly eps: number

  constructor(normalizedShape: number | Shape, { eps = 1e-5 }: LayerNormOptions = {}) {
    super()
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape]
    for (const size of this.normalizedShape) assertCount('LayerNorm', 'normalizedShape', size)
    this.weight = new Parameter(filled(this.normalizedShape, 1), this.normalizedShape)
    this.bias = new Parameter(filled(this.normalizedShape, 0), this.normalizedShape)
    this.eps = eps
  }

  forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias } = this
    const first = x.shape.length - normalizedShape.length
    if (first < 0 || !isSameShape(x.shape.slice(first), normalizedShape)) {
      throw new ShapeError(
        `LayerNorm: expected input [..., ${normalizedShape.join(', ')}], got ${printShape(x.shape)}. ` +
          'Change normalizedShape, or the layer before it.',
      )
    }
    if (x.flattenedFrom) for (const tensor of [weight, bias]) tensor.flattenedFrom ??= x.flattenedFrom
    const axes = normalizedShape.map((_, axis) => first + axis)
    const compute = () => normalise(x.value, axes, this.eps, { gamma: weight.value, beta: bias.value }).output
    const output = this.inLayer('LayerNorm', () => result([x, weight, bias], compute))
    output.flattenedFrom = x.flattenedFrom
    return output
  }
}

function filled(shape: Shape, value: number): Float32Array {
  return new Float32Array(sizeOf(shape)).fill(value)
}
