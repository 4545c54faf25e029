/** The normalisation layers. */
import { tf } from '../../eager/tfjs'
import { eachStep, hostScalar } from '../../eager/tracing'
import { moveAverage, normalise, normaliseWith, unbiasedFactor, type Shares } from '../../nn/normalization'
import type { Formulation } from '../../optim/optimizer'
import { flag, number } from '../../util/kinds'
import { ShapeError } from '../../util/errors'
import { parameters, type Given, type Values } from '../../util/parameters'
import { printShape, sizeOf, type Shape } from '../../util/shapes'
import { Buffer, Parameter } from '../parameter'
import { result, type Tensor } from '../tensor'
import { oneInput, type OneInput } from './forward'
import { assertImage, channelsFirst, channelsLast } from './functional/images'
import { layerNorm } from './functional/layers'
import { count, formulation, placement, shareOrNone, sizes } from './kinds'
import { Module } from './module'
import { keepParameters } from './parameterField'

const batchNormTable = {
  /** Size of the axis of features, the second one. */
  numFeatures: count,
  /** Added to the variance. */
  eps: number.or(1e-5),
  /** Share of each new batch in the running averages; null for the average of all batches. */
  momentum: shareOrNone.or(0.1),
  /** Whether there are weight and bias. */
  affine: flag.or(true),
  /** Whether evaluation uses running averages. */
  trackRunningStats: flag.or(true),
  ...placement,
  /** Whether there is a bias beside the weight. */
  bias: flag.named.or(true),
  /** 'keras' tracks the variance divided by n, as Keras does, instead of by n − 1. Not in PyTorch. */
  formulation,
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

  protected constructor(
    private readonly className: string,
    options: Values<typeof batchNormTable>,
  ) {
    super()
    const { affine, trackRunningStats } = options
    const shape = [options.numFeatures]
    this.numFeatures = options.numFeatures
    this.weight = affine ? new Parameter(filled(shape, 1), shape) : null
    this.bias = affine && options.bias ? new Parameter(filled(shape, 0), shape) : null
    this.runningMean = trackRunningStats ? new Buffer(filled(shape, 0), shape) : null
    this.runningVar = trackRunningStats ? new Buffer(filled(shape, 1), shape) : null
    this.eps = options.eps
    this.momentum = options.momentum
    this.affine = affine
    this.trackRunningStats = trackRunningStats
    this.formulation = options.formulation
    keepParameters(this)
  }

  /** The output for x, which `forward` was given. */
  protected run(x: Tensor): Tensor {
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

const batchNorm1dParameters = parameters('BatchNorm1d', batchNormTable)
const batchNorm1dForward = oneInput('BatchNorm1d')

/** Of rows [n, numFeatures], or of sequences [n, numFeatures, l]. */
export class BatchNorm1d extends BatchNorm {
  constructor(...given: Given<typeof batchNormTable>) {
    super('BatchNorm1d', batchNorm1dParameters.read(given))
  }

  forward(...given: OneInput): Tensor {
    const { input } = batchNorm1dForward.read(given)
    return this.run(input)
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

const batchNorm2dParameters = parameters('BatchNorm2d', batchNormTable)
const batchNorm2dForward = oneInput('BatchNorm2d')

/** Of images [n, numFeatures, h, w], per channel. */
export class BatchNorm2d extends BatchNorm {
  constructor(...given: Given<typeof batchNormTable>) {
    super('BatchNorm2d', batchNorm2dParameters.read(given))
  }

  forward(...given: OneInput): Tensor {
    const { input } = batchNorm2dForward.read(given)
    return this.run(input)
  }

  protected check(x: Tensor): void {
    assertImage('BatchNorm2d', x, this.numFeatures)
  }

  protected normalise(x: tf.Tensor, moments: Moments[]): tf.Tensor {
    return tf.transpose(this.normaliseLast(tf.transpose(x, channelsLast), moments), channelsFirst)
  }
}

const layerNormParameters = parameters('LayerNorm', {
  /** Sizes of the last axes, over which each example is normalised. */
  normalizedShape: sizes,
  /** Added to the variance. */
  eps: number.or(1e-5),
  /** Whether there are weight and bias. */
  elementwiseAffine: flag.or(true),
  /** Whether there is a bias beside the weight. */
  bias: flag.or(true),
  ...placement,
})
const layerNormForward = oneInput('LayerNorm')

/**
 * (x − mean) / √(variance + ε) · weight + bias with mean and variance of each example over the last axes, which have
 * the normalised shape. Source: Ba, Kiros and Hinton, 2016; torch.nn.LayerNorm.
 */
export class LayerNorm extends Module {
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  readonly normalizedShape: Shape
  readonly eps: number

  constructor(...given: Given<typeof layerNormParameters.table>) {
    super()
    const { normalizedShape, eps, elementwiseAffine, bias } = layerNormParameters.read(given)
    const shape = [normalizedShape].flat()
    this.normalizedShape = shape
    this.weight = elementwiseAffine ? new Parameter(filled(shape, 1), shape) : null
    this.bias = elementwiseAffine && bias ? new Parameter(filled(shape, 0), shape) : null
    this.eps = eps
    keepParameters(this)
  }

  forward(...given: OneInput): Tensor {
    const { input } = layerNormForward.read(given)
    const { normalizedShape, weight, bias, eps } = this
    for (const tensor of [weight, bias]) {
      if (input.flattenedFrom && tensor) tensor.flattenedFrom ??= input.flattenedFrom
    }
    return this.inLayer('LayerNorm', () => layerNorm(input, normalizedShape, weight, bias, eps))
  }
}

function filled(shape: Shape, value: number): Float32Array {
  return new Float32Array(sizeOf(shape)).fill(value)
}
