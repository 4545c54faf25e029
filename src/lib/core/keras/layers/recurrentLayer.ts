/** What the recurrent layers share: a cell that goes through the steps of every example. */
import { tf } from '../../eager/tfjs'
import { timeSteps, type Squash } from '../../nn/recurrent'
import type { RecurrentCell, RecurrentPart } from '../../nn/weights'
import type { Formulation } from '../../optim/optimizer'
import type { Shape } from '../../util/shapes'
import { flag, integer, only, taking } from '../../util/kinds'
import type { Values } from '../../util/parameters'
import { activations, assertActivation } from '../activations'
import { toInitializer, type Initializer } from '../initializers'
import { spelt } from '../kinds'
import { spelling } from '../names'
import { regularised, toRegularizer, type Regularizers } from '../regularizers'
import { Layer, madeVariable, type LayerValues, type LayerWeight } from './layer'
import { activation, initializer, noConstraint, regularizer } from './layerKinds'

const squashes = {
  /** Gives the state: 'tanh' when left out. */
  activation: activation.or('tanh'),
}

/** Of layers with gates. */
export const gateParameters = {
  ...squashes,
  /** Of the gates. */
  recurrentActivation: activation.or('sigmoid'),
}

/** How weights begin, in Keras' order. */
export const recurrentStartParameters = {
  /** Whether a bias is added. */
  useBias: flag.or(true),
  /** Draws the first kernel of the inputs. */
  kernelInitializer: initializer.or('glorotUniform'),
  /** Draws the first kernel of the state. */
  recurrentInitializer: initializer.or('orthogonal'),
  /** Gives the first bias. */
  biasInitializer: initializer.or('zeros'),
}

/** What follows, up to dropout. */
export const recurrentPenaltyParameters = {
  /** Adds a penalty on the kernel of the inputs to the loss. */
  kernelRegularizer: regularizer.or(null),
  /** Adds a penalty on the kernel of the state to the loss. */
  recurrentRegularizer: regularizer.or(null),
  /** Adds a penalty on the bias to the loss. */
  biasRegularizer: regularizer.or(null),
  /** There are no penalties on outputs. */
  activityRegularizer: only(
    null,
    'Leave it out: there are no penalties on outputs: add them in a trainStep.',
  ),
  /** Weights have no constraints. */
  kernelConstraint: noConstraint,
  /** Weights have no constraints. */
  recurrentConstraint: noConstraint,
  /** Weights have no constraints. */
  biasConstraint: noConstraint,
  /** Steps drop nothing: put a Dropout layer in front. */
  dropout: only(0, 'Leave it out: steps drop nothing: put a Dropout layer in front.'),
  /** States drop nothing. */
  recurrentDropout: only(0, 'Leave it out: states drop nothing here.'),
}

/** Has no effect: nothing is dropped. */
export const recurrentSeed = integer.or(null).unused('nothing is dropped')

/** What is returned, and in which order steps are taken. */
export const sequenceParameters = {
  /** True for the states of all steps, [batch, steps, units]; the last one's, [batch, units], when left out. */
  returnSequences: flag.or(false),
  /** Layers have one output. */
  returnState: only(false, 'Leave it out: layers have one output here.'),
  /** True to begin with the last step. */
  goBackwards: flag.or(false),
  /** Every batch begins with a state of zeros. */
  stateful: only(false, 'Leave it out: every batch begins with a state of zeros.'),
  /** Has no effect: steps are always taken one by one. */
  unroll: flag.or(false).unused('steps are always taken one by one'),
}

/** Has no effect: there is one implementation. */
export const useCudnn = taking<'auto' | boolean>(
  "true, false or 'auto'",
  (value) => value === 'auto' || typeof value === 'boolean',
)
  .or('auto')
  .unused('there is one implementation')

const formulations = ['keras', 'torch'] as const

/** Of what has one bias in Keras. */
export const formulationParameter = {
  /** 'torch' adds a bias of the input and one of the state, as PyTorch does: bias is then [2, …]. Not in Keras. */
  formulation: spelt(...formulations).named.or('keras'),
}

/** What every recurrent layer was told. */
export type RecurrentValues = LayerValues &
  Pick<
    Values<
      typeof squashes &
        typeof recurrentStartParameters &
        typeof recurrentPenaltyParameters &
        typeof sequenceParameters
    >,
    | 'activation'
    | keyof typeof recurrentStartParameters
    | 'kernelRegularizer'
    | 'recurrentRegularizer'
    | 'biasRegularizer'
    | 'returnSequences'
    | 'goBackwards'
  > & { readonly formulation?: Formulation }

/** What a layer's steps need, made once for a batch. */
export interface RecurrentWeights {
  readonly kernel: tf.Variable
  readonly recurrentKernel: tf.Variable
  readonly bias: tf.Variable | null
}

/** The base of the recurrent layers. */
export abstract class Recurrent extends Layer {
  protected readonly squash: Squash
  protected readonly useBias: boolean
  readonly #options: RecurrentValues
  readonly #hasTwoBiases: boolean
  readonly #initializers: Readonly<Record<'kernel' | 'recurrent' | 'bias', Initializer>>
  readonly #regularizers: Regularizers
  #weights: RecurrentWeights | null = null

  constructor(
    readonly className: 'SimpleRNN' | 'LSTM' | 'GRU',
    readonly units: number,
    protected readonly cell: RecurrentCell,
    options: RecurrentValues,
  ) {
    // What gives the outputs is part of each step, and not applied to the layer's output.
    super(className, 'linear', options)
    this.squash = activations[assertActivation(className, options.activation)]
    this.useBias = options.useBias
    const { formulation = 'keras' } = options
    this.#hasTwoBiases = spelling(`${className} formulation`, formulation, formulations) === 'torch'
    this.#options = options
    this.#initializers = {
      kernel: toInitializer(`${className} kernelInitializer`, options.kernelInitializer),
      recurrent: toInitializer(`${className} recurrentInitializer`, options.recurrentInitializer),
      bias: toInitializer(`${className} biasInitializer`, options.biasInitializer),
    }
    this.#regularizers = {
      kernel: toRegularizer(`${className} kernelRegularizer`, options.kernelRegularizer),
      recurrent_kernel: toRegularizer(`${className} recurrentRegularizer`, options.recurrentRegularizer),
      bias: toRegularizer(`${className} biasRegularizer`, options.biasRegularizer),
    }
  }

  override get weights(): readonly LayerWeight[] {
    if (!this.#weights) return []
    const { kernel, recurrentKernel, bias } = this.#weights
    const weights = [
      { name: 'kernel', variable: kernel, recurrent: this.#part('kernel') },
      { name: 'recurrent_kernel', variable: recurrentKernel, recurrent: this.#part('kernel') },
      ...(bias ? [{ name: 'bias', variable: bias, recurrent: this.#part('bias') }] : []),
    ]
    return regularised(weights, this.#regularizers)
  }

  /** How many gates lie side by side in the weights. */
  protected abstract readonly gates: number

  /** Hidden states of the steps, from x·kernel of each. */
  protected abstract states(
    projected: readonly tf.Tensor[],
    weights: RecurrentWeights,
    zeros: tf.Tensor,
  ): tf.Tensor[]

  /** One row of biases, or two. */
  protected biasShape(): Shape {
    const size = this.gates * this.units
    return this.#hasTwoBiases ? [2, size] : [size]
  }

  /** x·kernel + h·recurrent_kernel + bias, for the gates side by side. */
  protected sums({
    recurrentKernel,
    bias,
  }: RecurrentWeights): (x: tf.Tensor, hidden: tf.Tensor) => tf.Tensor {
    const rows = bias?.rank === 2 ? tf.unstack(bias) : bias ? [bias] : []
    const [ofInput, ofHidden] = rows
    return (x, hidden) => {
      const state = times(hidden, recurrentKernel)
      return tf.add(ofInput ? tf.add(x, ofInput) : x, ofHidden ? tf.add(state, ofHidden) : state)
    }
  }

  #part(part: RecurrentPart['part']): RecurrentPart {
    return { cell: this.cell, part }
  }

  /** Initial biases. */
  protected biases(initializer: Initializer): Float32Array {
    return initializer.values(this.biasShape())
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    if (!this.#weights) return x
    const [batch = 0, steps = 0, features = 0] = x.shape
    const { kernel } = this.#weights
    const rows = tf.matMul(tf.reshape(x, [batch * steps, features]), kernel)
    const inOrder = timeSteps(tf.reshape(rows, [batch, steps, this.gates * this.units]))
    // A copy: the tape keeps the list of what it recorded.
    const projected = this.#options.goBackwards ? inOrder.toReversed() : inOrder
    const states = this.states(projected, this.#weights, tf.zeros([batch, this.units]))
    return this.#options.returnSequences ? tf.stack(states, 1) : (states.at(-1) ?? x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 2, '[steps, features]')
    this.assertFeatures(inputShape)
    const [steps = 0, features = 0] = inputShape
    const [kernelShape, recurrentShape] = [features, this.units].map((rows) => [
      rows,
      this.gates * this.units,
    ])
    const { kernel, recurrent, bias } = this.#initializers
    const make = (initializer: Initializer, shape: Shape) => madeVariable(initializer.values(shape), shape)
    this.#weights = {
      kernel: make(kernel, kernelShape ?? []),
      recurrentKernel: make(recurrent, recurrentShape ?? []),
      bias: this.useBias ? madeVariable(this.biases(bias), this.biasShape()) : null,
    }
    return this.#options.returnSequences ? [steps, this.units] : [this.units]
  }
}

/** h·recurrent_kernel */
export function times(hidden: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.matMul(hidden, kernel)
}
