/** The normalisation layers. */
import { tf } from '../../eager/tfjs'
import { moveAverage, normalise, normaliseWith, unbiasedFactor, type Affine } from '../../nn/normalization'
import type { Formulation } from '../../optim/optimizer'
import { ArgumentError } from '../../util/errors'
import type { Shape } from '../../util/shapes'
import { assertFormulation, assertOptions } from '../names'
import { Layer, layerOptions, type LayerOptions, type LayerWeight } from './layer'

export interface BatchNormalizationOptions extends LayerOptions {
  /** Share of the old moving averages that each step keeps. */
  readonly momentum?: number
  readonly epsilon?: number
  /** False for no beta. */
  readonly center?: boolean
  /** False for no gamma. */
  readonly scale?: boolean
  /** The axis of the features: the last. */
  readonly axis?: number
  /** `torch` for PyTorch's moving variance, which is divided by n − 1 instead of n. Not in Keras. */
  readonly formulation?: Formulation
}

/**
 * (x − mean) / √(variance + ε) · gamma + beta, per feature: of the batch while training, of the moving averages otherwise.
 * Source: Ioffe and Szegedy, 2015; keras.layers.BatchNormalization.
 */
export class BatchNormalization extends Layer {
  readonly className = 'BatchNormalization'
  readonly #momentum: number
  readonly #epsilon: number
  readonly #axis: number
  readonly #formulation: Formulation
  readonly #affineOptions: AffineOptions
  #weights: (AffineVariables & Readonly<Record<'movingMean' | 'movingVariance', tf.Variable>>) | null = null

  constructor(options: BatchNormalizationOptions = {}) {
    assertOptions('BatchNormalization', options, [
      'momentum',
      'epsilon',
      'axis',
      'center',
      'scale',
      'formulation',
      ...layerOptions,
    ])
    super('BatchNormalization', undefined, options)
    const { momentum = 0.99, epsilon = 1e-3, axis = -1, formulation = 'keras' } = options
    assertShare('BatchNormalization', 'momentum', momentum)
    assertFormulation('BatchNormalization', formulation)
    this.#momentum = momentum
    this.#epsilon = epsilon
    this.#axis = axis
    this.#formulation = formulation
    this.#affineOptions = options
  }

  override get weights(): readonly LayerWeight[] {
    if (!this.#weights) return []
    const { movingMean, movingVariance } = this.#weights
    return [
      ...affineWeights(this.#weights),
      { name: 'moving_mean', variable: movingMean, runsAlongInput: true, isTrainable: false },
      { name: 'moving_variance', variable: movingVariance, runsAlongInput: true, isTrainable: false },
    ]
  }

  protected override call(x: tf.Tensor, training: boolean): tf.Tensor {
    if (!this.#weights) return x
    const { movingMean, movingVariance, ...affine } = this.#weights
    // A layer whose weights stay as they are keeps its averages too, as in Keras.
    if (!training || !this.trainable) {
      return normaliseWith(x, { mean: movingMean, variance: movingVariance }, this.#epsilon, affine)
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis)
    const { output, mean, variance } = normalise(x, axes, this.#epsilon, affine)
    const factor = () => unbiasedFactor(this.className, x.size / movingMean.size)
    const tracked = this.#formulation === 'torch' ? tf.mul(variance, factor()) : variance
    moveAverage(movingMean, mean, this.#momentum)
    moveAverage(movingVariance, tracked, this.#momentum)
    return output
  }

  protected override buildFor(inputShape: Shape): Shape {
    if (this.#axis !== -1 && this.#axis !== inputShape.length) {
      throw new ArgumentError(
        `BatchNormalization: expected axis -1, got ${this.#axis}. Images have their channels last here.`,
      )
    }
    const shape = [inputShape.at(-1) ?? 0]
    this.#weights = {
      ...affineVariables(shape, this.#affineOptions),
      movingMean: filled(shape, 0, false),
      movingVariance: filled(shape, 1, false),
    }
    return inputShape
  }
}

export interface LayerNormalizationOptions extends LayerOptions {
  readonly epsilon?: number
  /** False for no beta. */
  readonly center?: boolean
  /** False for no gamma. */
  readonly scale?: boolean
}

/**
 * (x − mean) / √(variance + ε) · gamma + beta with mean and variance of each example over its last axis.
 * Source: Ba, Kiros and Hinton, 2016; keras.layers.LayerNormalization.
 */
export class LayerNormalization extends Layer {
  readonly className = 'LayerNormalization'
  readonly #epsilon: number
  readonly #affineOptions: AffineOptions
  #affine: AffineVariables | null = null

  constructor(options: LayerNormalizationOptions = {}) {
    assertOptions('LayerNormalization', options, ['epsilon', 'center', 'scale', ...layerOptions])
    super('LayerNormalization', undefined, options)
    this.#epsilon = options.epsilon ?? 1e-3
    this.#affineOptions = options
  }

  override get weights(): readonly LayerWeight[] {
    return this.#affine ? affineWeights(this.#affine) : []
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return this.#affine ? normalise(x, [x.rank - 1], this.#epsilon, this.#affine).output : x
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.#affine = affineVariables([inputShape.at(-1) ?? 0], this.#affineOptions)
    return inputShape
  }
}

interface AffineOptions {
  readonly center?: boolean
  readonly scale?: boolean
}

type AffineVariables = Readonly<Record<keyof Affine, tf.Variable | null>>

function affineVariables(shape: number[], { center = true, scale = true }: AffineOptions): AffineVariables {
  return { gamma: scale ? filled(shape, 1, true) : null, beta: center ? filled(shape, 0, true) : null }
}

function affineWeights({ gamma, beta }: AffineVariables): LayerWeight[] {
  return [
    ...(gamma ? [{ name: 'gamma', variable: gamma, runsAlongInput: true }] : []),
    ...(beta ? [{ name: 'beta', variable: beta, runsAlongInput: true }] : []),
  ]
}

function filled(shape: number[], value: number, isTrainable: boolean): tf.Variable {
  return tf.tidy(() => tf.variable(tf.fill(shape, value), isTrainable))
}

function assertShare(where: string, option: string, value: number): void {
  if (value >= 0 && value <= 1) return
  throw new ArgumentError(
    `${where}: expected ${option} from 0 to 1, got ${value}. Use a share to keep such as 0.99.`,
  )
}
