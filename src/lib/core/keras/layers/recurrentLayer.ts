/** What the recurrent layers share: a cell that goes through the steps of every example. */
import { tf } from '../../eager/tfjs'
import { timeSteps, type Squash } from '../../nn/recurrent'
import type { RecurrentCell, RecurrentPart } from '../../nn/weights'
import type { Formulation } from '../../optim/optimizer'
import type { Shape } from '../../util/shapes'
import { activations, assertActivation, type ActivationName } from '../activations'
import { toInitializer, type Initializer, type InitializerName } from '../initializers'
import { assertFormulation, type Spelling } from '../names'
import { initializerOptions, type WeightOptions } from './initialise'
import { assertPositiveInteger, Layer, layerOptions, madeVariable, type LayerWeight } from './layer'

/** Options of every recurrent layer. */
export interface RecurrentOptions extends WeightOptions {
  readonly activation?: Spelling<ActivationName>
  readonly useBias?: boolean
  readonly recurrentInitializer?: Initializer | Spelling<InitializerName>
  /** True for the states of all steps, [batch, steps, units]; the last one's, [batch, units], when left out. */
  readonly returnSequences?: boolean
  /** True to begin with the last step. */
  readonly goBackwards?: boolean
}

/** Options of what has one bias in Keras. */
export interface OneBiasOptions extends RecurrentOptions {
  /** 'torch' adds a bias of the input and one of the state, as PyTorch does: bias is then [2, …]. Not in Keras. */
  readonly formulation?: Formulation
}

/** Names of the options of every recurrent layer. */
export const recurrentOptions = [
  'activation',
  'useBias',
  'recurrentInitializer',
  'returnSequences',
  'goBackwards',
  ...initializerOptions,
  ...layerOptions,
]

/** What a layer's steps need, made once for a batch. */
export interface RecurrentWeights {
  readonly kernel: tf.Variable
  readonly recurrentKernel: tf.Variable
  readonly bias: tf.Variable | null
}

export abstract class Recurrent extends Layer {
  protected readonly squash: Squash
  protected readonly useBias: boolean
  readonly #returnSequences: boolean
  readonly #goBackwards: boolean
  readonly #hasTwoBiases: boolean
  readonly #initializers: Readonly<Record<'kernel' | 'recurrent' | 'bias', Initializer>>
  #weights: RecurrentWeights | null = null

  constructor(
    readonly className: 'SimpleRNN' | 'LSTM' | 'GRU',
    readonly units: number,
    protected readonly cell: RecurrentCell,
    options: OneBiasOptions,
  ) {
    // What gives the outputs is part of each step, and not applied to the layer's output.
    super(className, 'linear', options)
    assertPositiveInteger(className, 'units', units)
    this.squash = activations[assertActivation(className, options.activation ?? 'tanh')]
    this.useBias = options.useBias ?? true
    const { formulation = 'keras' } = options
    assertFormulation(className, formulation)
    this.#hasTwoBiases = formulation === 'torch'
    this.#returnSequences = options.returnSequences ?? false
    this.#goBackwards = options.goBackwards ?? false
    const initializer = (option: keyof RecurrentOptions, given: Initializer | Spelling<InitializerName>) =>
      toInitializer(`${className} ${option}`, given)
    this.#initializers = {
      kernel: initializer('kernelInitializer', options.kernelInitializer ?? 'glorotUniform'),
      recurrent: initializer('recurrentInitializer', options.recurrentInitializer ?? 'orthogonal'),
      bias: initializer('biasInitializer', options.biasInitializer ?? 'zeros'),
    }
  }

  override get weights(): readonly LayerWeight[] {
    if (!this.#weights) return []
    const { kernel, recurrentKernel, bias } = this.#weights
    return [
      { name: 'kernel', variable: kernel, recurrent: this.#part('kernel') },
      { name: 'recurrent_kernel', variable: recurrentKernel, recurrent: this.#part('kernel') },
      ...(bias ? [{ name: 'bias', variable: bias, recurrent: this.#part('bias') }] : []),
    ]
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
    const projected = this.#goBackwards ? inOrder.toReversed() : inOrder
    const states = this.states(projected, this.#weights, tf.zeros([batch, this.units]))
    return this.#returnSequences ? tf.stack(states, 1) : (states.at(-1) ?? x)
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
    return this.#returnSequences ? [steps, this.units] : [this.units]
  }
}

/** h·recurrent_kernel */
export function times(hidden: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.matMul(hidden, kernel)
}
