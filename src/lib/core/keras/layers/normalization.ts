/** The normalisation layers. */
import { tf } from '../../eager/tfjs'
import { moveAverage, normalise, normaliseWith, unbiasedFactor, type Affine } from '../../nn/normalization'
import type { Formulation } from '../../optim/optimizer'
import { ArgumentError } from '../../util/errors'
import type { Shape } from '../../util/shapes'
import { assertOptions, unknownName } from '../names'
import { Layer, type LayerWeight } from './layer'

export interface BatchNormalizationOptions {
  /** Share of the old moving averages that each step keeps. */
  readonly momentum?: number
  readonly epsilon?: number
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
  #weights: Readonly<Record<'gamma' | 'beta' | 'movingMean' | 'movingVariance', tf.Variable>> | null = null

  constructor(options: BatchNormalizationOptions = {}) {
    assertOptions('BatchNormalization', options, ['momentum', 'epsilon', 'axis', 'formulation'])
    super('BatchNormalization')
    const { momentum = 0.99, epsilon = 1e-3, axis = -1, formulation = 'keras' } = options
    assertShare('BatchNormalization', 'momentum', momentum)
    assertFormulation('BatchNormalization', formulation)
    this.#momentum = momentum
    this.#epsilon = epsilon
    this.#axis = axis
    this.#formulation = formulation
  }

  override get weights(): readonly LayerWeight[] {
    if (!this.#weights) return []
    const { gamma, beta, movingMean, movingVariance } = this.#weights
    return [
      { name: 'gamma', variable: gamma, runsAlongInput: true },
      { name: 'beta', variable: beta, runsAlongInput: true },
      { name: 'moving_mean', variable: movingMean, runsAlongInput: true, isTrainable: false },
      { name: 'moving_variance', variable: movingVariance, runsAlongInput: true, isTrainable: false },
    ]
  }

  protected override call(x: tf.Tensor, training: boolean): tf.Tensor {
    if (!this.#weights) return x
    const { movingMean, movingVariance, ...affine } = this.#weights
    if (!training) {
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
      gamma: filled(shape, 1, true),
      beta: filled(shape, 0, true),
      movingMean: filled(shape, 0, false),
      movingVariance: filled(shape, 1, false),
    }
    return inputShape
  }
}

export interface LayerNormalizationOptions {
  readonly epsilon?: number
}

/**
 * (x − mean) / √(variance + ε) · gamma + beta with mean and variance of each example over its last axis.
 * Source: Ba, Kiros and Hinton, 2016; keras.layers.LayerNormalization.
 */
export class LayerNormalization extends Layer {
  readonly className = 'LayerNormalization'
  readonly #epsilon: number
  #affine: Readonly<Record<keyof Affine, tf.Variable>> | null = null

  constructor(options: LayerNormalizationOptions = {}) {
    assertOptions('LayerNormalization', options, ['epsilon'])
    super('LayerNormalization')
    this.#epsilon = options.epsilon ?? 1e-3
  }

  override get weights(): readonly LayerWeight[] {
    if (!this.#affine) return []
    const { gamma, beta } = this.#affine
    return [
      { name: 'gamma', variable: gamma, runsAlongInput: true },
      { name: 'beta', variable: beta, runsAlongInput: true },
    ]
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return this.#affine ? normalise(x, [x.rank - 1], this.#epsilon, this.#affine).output : x
  }

  protected override buildFor(inputShape: Shape): Shape {
    const shape = [inputShape.at(-1) ?? 0]
    this.#affine = { gamma: filled(shape, 1, true), beta: filled(shape, 0, true) }
    return inputShape
  }
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

function assertFormulation(where: string, formulation: string): void {
  if (formulation === 'keras' || formulation === 'torch') return
  throw unknownName(`${where} formulation`, formulation, ['keras', 'torch'])
}
