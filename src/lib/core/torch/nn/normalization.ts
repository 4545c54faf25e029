/** The normalisation layers. */
import { tf } from '../../eager/tfjs'
import { eachStep, hostScalar } from '../../eager/tracing'
import { moveAverage, normalise, normaliseWith, unbiasedFactor, type Shares } from '../../nn/normalization'
import type { Formulation } from '../../optim/optimizer'
import { ArgumentError, ShapeError } from '../../util/errors'
import { printShape, sizeOf, type Shape } from '../../util/shapes'
import { argumentsOf, type Arguments } from '../options'
import { Buffer, Parameter } from '../parameter'
import { result, type Tensor } from '../tensor'
import { assertCount } from './functional/checks'
import { assertImage, channelsFirst, channelsLast } from './functional/images'
import { layerNorm } from './functional/layers'
import { Module } from './module'

export interface BatchNormOptions {
  readonly eps?: number
  /** Share of each new batch in the running averages; null for the average of all batches. */
  readonly momentum?: number | null
  /** Whether there are weight and bias; true when left out. */
  readonly affine?: boolean
  /** Whether evaluation uses running averages; true when left out. */
  readonly trackRunningStats?: boolean
  /** 'keras' tracks the variance divided by n, as Keras does, instead of by n − 1. Not in PyTorch. */
  readonly formulation?: Formulation
}

interface NamedBatchNormOptions extends BatchNormOptions {
  readonly numFeatures?: number
}

function batchNormOptions(className: string, given: Arguments<NamedBatchNormOptions>): NamedBatchNormOptions {
  const names = ['numFeatures', 'eps', 'momentum', 'affine', 'trackRunningStats'] as const
  return argumentsOf(className, given, names, ['formulation'])
}

type Moments = Readonly<Record<'mean' | 'variance', tf.Tensor>>

/**
 * (x − mean) / √(variance + ε) · weight + bias, per feature: of the batch while training, of the running averages
 * otherwise. Source: Ioffe and Szegedy, 2015; torch.nn.BatchNorm1d and BatchNorm2d.
 */
abstract class BatchNorm extends Module {
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  readonly runningMean: Buffer | null
  readonly runningVar: Buffer | null
  readonly numFeatures: number
  readonly eps: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly trackRunningStats: boolean
  readonly formulation: Formulation
  #batches = 0

  constructor(
    private readonly className: string,
    given: Arguments<NamedBatchNormOptions>,
  ) {
    super()
    const options = batchNormOptions(className, given)
    const { numFeatures = NaN } = options
    this.numFeatures = numFeatures
    const { eps = 1e-5, momentum = 0.1, formulation = 'torch' } = options
    const { affine = true, trackRunningStats = true } = options
    assertCount(className, 'numFeatures', numFeatures)
    if (momentum !== null && !(momentum >= 0 && momentum <= 1)) {
      throw new ArgumentError(
        `${className}: expected a momentum from 0 to 1, got ${momentum}. Leave it out for 0.1.`,
      )
    }
    const shape = [numFeatures]
    this.weight = affine ? new Parameter(filled(shape, 1), shape) : null
    this.bias = affine ? new Parameter(filled(shape, 0), shape) : null
    this.runningMean = trackRunningStats ? new Buffer(filled(shape, 0), shape) : null
    this.runningVar = trackRunningStats ? new Buffer(filled(shape, 1), shape) : null
    this.eps = eps
    this.momentum = momentum
    this.affine = affine
    this.trackRunningStats = trackRunningStats
    this.formulation = formulation
  }

  forward(x: Tensor): Tensor {
    this.check(x)
    const { flattenedFrom, weight, bias, runningMean, runningVar } = this.#ofInput(x)
    const moments: Moments[] = []
    const compute = () => this.normalise(x.value, moments)
    const inputs = [x, weight, bias].filter((each) => each !== null)
    const output = this.inLayer(this.className, () => {
      const normalised = result(inputs, compute)
      for (const each of moments) {
        if (runningMean && runningVar) {
          this.#track(each, runningMean, runningVar, sizeOf(x.shape) / this.numFeatures)
        }
        each.mean.dispose()
        each.variance.dispose()
      }
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
    const affine = { gamma: this.weight?.value ?? null, beta: this.bias?.value ?? null }
    const { runningMean, runningVar, eps } = this
    if (!this.training && runningMean && runningVar) {
      return normaliseWith(x, { mean: runningMean.value, variance: runningVar.value }, eps, affine)
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis)
    const { output, mean, variance } = normalise(x, axes, eps, affine)
    if (this.training) moments.push({ mean: tf.keep(mean), variance: tf.keep(variance) })
    return output
  }

  /** What is behind a flattened image is itself in the order of that image. */
  #ofInput({ flattenedFrom }: Tensor) {
    const { weight, bias, runningMean, runningVar } = this
    for (const tensor of [weight, bias, runningMean, runningVar]) {
      if (flattenedFrom && tensor) tensor.flattenedFrom ??= flattenedFrom
    }
    return { flattenedFrom, weight, bias, runningMean, runningVar }
  }

  /** Moves the running averages on, off the tape: no gradient goes through them. */
  #track({ mean, variance }: Moments, runningMean: Buffer, runningVar: Buffer, count: number): void {
    tf.tidy(() => {
      const factor = this.formulation === 'torch' ? unbiasedFactor(this.className, count) : 1
      const kept = this.#keptShare()
      moveAverage(runningMean.variable, mean, kept)
      const tracked = factor === 1 ? variance : tf.mul(variance, factor)
      moveAverage(runningVar.variable, tracked, kept)
    })
  }

  /** 1 − momentum; for the average of all batches (t − 1)/t in batch t. */
  #keptShare(): number | Shares {
    if (this.momentum !== null) return 1 - this.momentum
    eachStep(() => this.#batches++)
    return {
      kept: hostScalar('keptShare', () => 1 - 1 / this.#batches),
      added: hostScalar('addedShare', () => 1 / this.#batches),
    }
  }
}

/** Of rows [n, numFeatures], or of sequences [n, numFeatures, l]. */
export class BatchNorm1d extends BatchNorm {
  constructor(...given: Arguments<NamedBatchNormOptions>) {
    super('BatchNorm1d', given)
  }

  protected check({ shape }: Tensor): void {
    if ((shape.length === 2 || shape.length === 3) && shape[1] === this.numFeatures) return
    throw new ShapeError(
      `BatchNorm1d: expected input [n, ${this.numFeatures}] or [n, ${this.numFeatures}, l], got ${printShape(shape)}. ` +
        'Change numFeatures, or use BatchNorm2d for images.',
    )
  }

  protected normalise(x: tf.Tensor, moments: Moments[]): tf.Tensor {
    if (x.rank === 2) return this.normaliseLast(x, moments)
    return tf.transpose(this.normaliseLast(tf.transpose(x, [0, 2, 1]), moments), [0, 2, 1])
  }
}

/** Of images [n, numFeatures, h, w], per channel. */
export class BatchNorm2d extends BatchNorm {
  constructor(...given: Arguments<NamedBatchNormOptions>) {
    super('BatchNorm2d', given)
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
  /** Whether there are weight and bias; true when left out. */
  readonly elementwiseAffine?: boolean
}

/**
 * (x − mean) / √(variance + ε) · weight + bias with mean and variance of each example over the last axes, which have
 * the normalised shape. Source: Ba, Kiros and Hinton, 2016; torch.nn.LayerNorm.
 */
export class LayerNorm extends Module {
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  readonly normalizedShape: Shape
  readonly eps: number

  constructor(normalizedShape: number | Shape, ...given: Arguments<LayerNormOptions>) {
    super()
    const options = argumentsOf('LayerNorm', given, ['eps', 'elementwiseAffine'])
    const { eps = 1e-5, elementwiseAffine = true } = options
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape]
    for (const size of shape) assertCount('LayerNorm', 'normalizedShape', size)
    this.normalizedShape = shape
    this.weight = elementwiseAffine ? new Parameter(filled(shape, 1), shape) : null
    this.bias = elementwiseAffine ? new Parameter(filled(shape, 0), shape) : null
    this.eps = eps
  }

  forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias, eps } = this
    for (const tensor of [weight, bias])
      if (x.flattenedFrom && tensor) tensor.flattenedFrom ??= x.flattenedFrom
    return this.inLayer('LayerNorm', () => layerNorm(x, normalizedShape, { weight, bias, eps }))
  }
}

function filled(shape: Shape, value: number): Float32Array {
  return new Float32Array(sizeOf(shape)).fill(value)
}
