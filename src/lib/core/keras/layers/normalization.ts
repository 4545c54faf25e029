/** The normalisation layers. */
import { last } from '../../util/at'
import { tf } from '../../eager/tfjs'
import { moveAverage, normalise, normaliseWith, unbiasedFactor, type Affine } from '../../nn/normalization'
import type { Formulation } from '../../optim/optimizer'
import { ArgumentError } from '../../util/errors'
import type { Shape } from '../../util/shapes'
import { flag, integer, number, only } from '../../util/kinds'
import { parameters, type Given, type Values } from '../../util/parameters'
import { toInitializer, type Initializer } from '../initializers'
import { notNegative, share, spelt } from '../kinds'
import { spelling } from '../names'
import { regularised, toRegularizer, type Regularizers } from '../regularizers'
import { Layer, madeVariable, type LayerWeight } from './layer'
import { initializer, noConstraint, regularizer } from './layerKinds'
import { plainLayerParameters } from './layerParameters'

/** How gamma and beta begin, and what they add to the loss. */
const affineParameters = {
  /** Added to the variance. */
  epsilon: notNegative.or(1e-3),
  /** False for no beta. */
  center: flag.or(true),
  /** False for no gamma. */
  scale: flag.or(true),
  /** Gives the first beta. */
  betaInitializer: initializer.or('zeros'),
  /** Gives the first gamma. */
  gammaInitializer: initializer.or('ones'),
}

const penaltyParameters = {
  /** Adds a penalty on beta to the loss. */
  betaRegularizer: regularizer.or(null),
  /** Adds a penalty on gamma to the loss. */
  gammaRegularizer: regularizer.or(null),
  /** Weights have no constraints. */
  betaConstraint: noConstraint,
  /** Weights have no constraints. */
  gammaConstraint: noConstraint,
}

const formulations = ['keras', 'torch'] as const

const batchNormalization = parameters('BatchNormalization', {
  /** The axis of the features: the last. */
  axis: integer.or(-1),
  /** Share of the old moving averages that each step keeps. */
  momentum: share.or(0.99),
  ...affineParameters,
  /** Gives the first moving mean. */
  movingMeanInitializer: initializer.or('zeros'),
  /** Gives the first moving variance. */
  movingVarianceInitializer: initializer.or('ones'),
  ...penaltyParameters,
  /** Batches are normalised by their own mean and variance. */
  renorm: only(false, 'Leave it out: batches are normalised by their own mean and variance.'),
  /** Batches are normalised by their own mean and variance. */
  renormClipping: only(null, 'Leave it out: batches are normalised by their own mean and variance.'),
  /** Has no effect without renorm. */
  renormMomentum: number.or(0.99).unused('there is no renorm here'),
  /** Has no effect: there is one device. */
  synchronized: flag.or(false).unused('there is one device'),
  /** 'torch' for PyTorch's moving variance, which is divided by n − 1 instead of n. Not in Keras. */
  formulation: spelt(...formulations).named.or('keras'),
  ...plainLayerParameters,
})

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
  readonly #options: AffineOptions
  readonly #moving: readonly [mean: Initializer, variance: Initializer]
  #weights: (AffineVariables & Readonly<Record<'movingMean' | 'movingVariance', tf.Variable>>) | null = null

  constructor(...given: Given<typeof batchNormalization.table>) {
    const options = batchNormalization.read(given)
    super('BatchNormalization', null, options)
    this.#momentum = options.momentum
    this.#epsilon = options.epsilon
    this.#axis = options.axis
    this.#formulation = spelling('BatchNormalization formulation', options.formulation, formulations)
    this.#options = affineOptions('BatchNormalization', options)
    this.#moving = [
      toInitializer('BatchNormalization movingMeanInitializer', options.movingMeanInitializer),
      toInitializer('BatchNormalization movingVarianceInitializer', options.movingVarianceInitializer),
    ]
  }

  override get weights(): readonly LayerWeight[] {
    if (!this.#weights) return []
    const { movingMean, movingVariance } = this.#weights
    return [
      ...affineWeights(this.#weights, this.#options),
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
    const shape = [last(inputShape)]
    const [mean, variance] = this.#moving
    this.#weights = {
      ...affineVariables(shape, this.#options),
      movingMean: madeVariable(mean.values(shape), shape, false),
      movingVariance: madeVariable(variance.values(shape), shape, false),
    }
    return inputShape
  }
}

const layerNormalization = parameters('LayerNormalization', {
  /** Examples are normalised along their last axis. */
  axis: only(-1, 'Leave it out: examples are normalised along their last axis.'),
  ...affineParameters,
  ...penaltyParameters,
  ...plainLayerParameters,
})

/**
 * (x − mean) / √(variance + ε) · gamma + beta with mean and variance of each example over its last axis.
 * Source: Ba, Kiros and Hinton, 2016; keras.layers.LayerNormalization.
 */
export class LayerNormalization extends Layer {
  readonly className = 'LayerNormalization'
  readonly #epsilon: number
  readonly #options: AffineOptions
  #affine: AffineVariables | null = null

  constructor(...given: Given<typeof layerNormalization.table>) {
    const options = layerNormalization.read(given)
    super('LayerNormalization', null, options)
    this.#epsilon = options.epsilon
    this.#options = affineOptions('LayerNormalization', options)
  }

  override get weights(): readonly LayerWeight[] {
    return this.#affine ? affineWeights(this.#affine, this.#options) : []
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return this.#affine ? normalise(x, [x.rank - 1], this.#epsilon, this.#affine).output : x
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.#affine = affineVariables([last(inputShape)], this.#options)
    return inputShape
  }
}

/** The first gamma and beta, null for none, and their penalties. */
interface AffineOptions {
  readonly gamma: Initializer | null
  readonly beta: Initializer | null
  readonly regularizers: Regularizers
}

type AffineVariables = Readonly<Record<keyof Affine, tf.Variable | null>>

function affineOptions(
  where: string,
  options: Omit<
    Values<typeof affineParameters & typeof penaltyParameters>,
    'epsilon' | 'betaConstraint' | 'gammaConstraint'
  >,
): AffineOptions {
  const { center, scale, betaInitializer, gammaInitializer, betaRegularizer, gammaRegularizer } = options
  return {
    gamma: scale ? toInitializer(`${where} gammaInitializer`, gammaInitializer) : null,
    beta: center ? toInitializer(`${where} betaInitializer`, betaInitializer) : null,
    regularizers: {
      gamma: toRegularizer(`${where} gammaRegularizer`, gammaRegularizer),
      beta: toRegularizer(`${where} betaRegularizer`, betaRegularizer),
    },
  }
}

function affineVariables(shape: number[], { gamma, beta }: AffineOptions): AffineVariables {
  return {
    gamma: gamma && madeVariable(gamma.values(shape), shape),
    beta: beta && madeVariable(beta.values(shape), shape),
  }
}

function affineWeights({ gamma, beta }: AffineVariables, { regularizers }: AffineOptions): LayerWeight[] {
  const weights = [
    ...(gamma ? [{ name: 'gamma', variable: gamma, runsAlongInput: true }] : []),
    ...(beta ? [{ name: 'beta', variable: beta, runsAlongInput: true }] : []),
  ]
  return regularised(weights, regularizers)
}
