/** The recurrent layers: a cell that goes through the steps of every example. */
import { tf } from '../../eager/tfjs'
import {
  gruStep,
  interpolated,
  lstmStep,
  timeSteps,
  type GruGates,
  type LstmState,
  type Squash,
} from '../../nn/recurrent'
import type { Shape } from '../../util/shapes'
import { activations, assertActivation, type ActivationName } from '../activations'
import { toInitializer, type Initializer, type InitializerName } from '../initializers'
import { assertOptions, type Spelling } from '../names'
import { initializerOptions, type WeightOptions } from './initialise'
import { assertPositiveInteger, Layer, layerOptions, madeVariable, type LayerWeight } from './layer'

export interface SimpleRNNOptions extends WeightOptions {
  readonly activation?: Spelling<ActivationName>
  readonly useBias?: boolean
  readonly recurrentInitializer?: Initializer | Spelling<InitializerName>
  /** True for the states of all steps, [batch, steps, units]; the last one's, [batch, units], when left out. */
  readonly returnSequences?: boolean
  /** True to begin with the last step. */
  readonly goBackwards?: boolean
}

export interface LSTMOptions extends SimpleRNNOptions {
  /** Of the gates. */
  readonly recurrentActivation?: Spelling<ActivationName>
  /** True starts the forget gate's bias at 1. Source: Jozefowicz et al., 2015. */
  readonly unitForgetBias?: boolean
}

export interface GRUOptions extends SimpleRNNOptions {
  /** Of the gates. */
  readonly recurrentActivation?: Spelling<ActivationName>
  /** Whether the reset gate is applied after the state's projection; true in Keras, as in cuDNN. */
  readonly resetAfter?: boolean
}

const recurrentOptions = [
  'activation',
  'useBias',
  'recurrentInitializer',
  'returnSequences',
  'goBackwards',
  ...initializerOptions,
  ...layerOptions,
]

/** What a layer's steps need, made once for a batch. */
interface RecurrentWeights {
  readonly kernel: tf.Variable
  readonly recurrentKernel: tf.Variable
  readonly bias: tf.Variable | null
}

abstract class Recurrent extends Layer {
  protected readonly squash: Squash
  protected readonly useBias: boolean
  readonly #returnSequences: boolean
  readonly #goBackwards: boolean
  readonly #initializers: Readonly<Record<'kernel' | 'recurrent' | 'bias', Initializer>>
  #weights: RecurrentWeights | null = null

  constructor(
    readonly className: 'SimpleRNN' | 'LSTM' | 'GRU',
    readonly units: number,
    options: SimpleRNNOptions,
  ) {
    // What gives the outputs is part of each step, and not applied to the layer's output.
    super(className, 'linear', options)
    assertPositiveInteger(className, 'units', units)
    this.squash = activations[assertActivation(className, options.activation ?? 'tanh')]
    this.useBias = options.useBias ?? true
    this.#returnSequences = options.returnSequences ?? false
    this.#goBackwards = options.goBackwards ?? false
    const initializer = (option: keyof SimpleRNNOptions, given: Initializer | Spelling<InitializerName>) =>
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
      { name: 'kernel', variable: kernel },
      { name: 'recurrent_kernel', variable: recurrentKernel },
      ...(bias ? [{ name: 'bias', variable: bias }] : []),
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
    return [this.gates * this.units]
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

/** h' = activation(x·kernel + h·recurrent_kernel + bias). Source: keras.layers.SimpleRNN. */
export class SimpleRNN extends Recurrent {
  protected readonly gates = 1

  /** `units` is the size of the state. */
  constructor(units: number, options: SimpleRNNOptions = {}) {
    assertOptions('SimpleRNN', options, recurrentOptions)
    super('SimpleRNN', units, options)
  }

  protected override states(
    projected: readonly tf.Tensor[],
    { recurrentKernel, bias }: RecurrentWeights,
    zeros: tf.Tensor,
  ): tf.Tensor[] {
    let hidden = zeros
    return projected.map((x) => {
      const input = bias ? tf.add(x, bias) : x
      hidden = this.squash(tf.add(input, times(hidden, recurrentKernel)))
      return hidden
    })
  }
}

/**
 * Long short-term memory; gates i, f, c, o side by side in kernel [features, 4·units], recurrent_kernel [units, 4·units]
 * and bias [4·units]. Source: Hochreiter and Schmidhuber, 1997; keras.layers.LSTM.
 */
export class LSTM extends Recurrent {
  protected readonly gates = 4
  readonly #gate: Squash
  readonly #unitForgetBias: boolean

  constructor(units: number, options: LSTMOptions = {}) {
    assertOptions('LSTM', options, [...recurrentOptions, 'recurrentActivation', 'unitForgetBias'])
    super('LSTM', units, options)
    this.#gate = activations[assertActivation('LSTM', options.recurrentActivation ?? 'sigmoid')]
    this.#unitForgetBias = options.unitForgetBias ?? true
  }

  protected override states(
    projected: readonly tf.Tensor[],
    { recurrentKernel, bias }: RecurrentWeights,
    zeros: tf.Tensor,
  ): tf.Tensor[] {
    let state: LstmState = { hidden: zeros, cell: zeros }
    const activation = { activation: this.squash, recurrentActivation: this.#gate }
    return projected.map((x) => {
      const sums = tf.add(bias ? tf.add(x, bias) : x, times(state.hidden, recurrentKernel))
      const [input, forget, candidate, output] = tf.split(sums, 4, 1) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ]
      state = lstmStep({ input, forget, candidate, output }, state, activation)
      return state.hidden
    })
  }

  protected override biases(initializer: Initializer): Float32Array {
    const values = initializer.values(this.biasShape())
    return this.#unitForgetBias ? values.fill(1, this.units, 2 * this.units) : values
  }
}

/**
 * Gated recurrent unit; gates z, r, h side by side in kernel [features, 3·units], recurrent_kernel [units, 3·units] and bias
 * [2, 3·units] (of input and state), or [3·units] with `resetAfter: false`. Source: Cho et al., 2014; keras.layers.GRU.
 */
export class GRU extends Recurrent {
  protected readonly gates = 3
  readonly #gate: Squash
  readonly #resetAfter: boolean

  constructor(units: number, options: GRUOptions = {}) {
    assertOptions('GRU', options, [...recurrentOptions, 'recurrentActivation', 'resetAfter'])
    super('GRU', units, options)
    this.#gate = activations[assertActivation('GRU', options.recurrentActivation ?? 'sigmoid')]
    this.#resetAfter = options.resetAfter ?? true
  }

  protected override states(
    projected: readonly tf.Tensor[],
    weights: RecurrentWeights,
    zeros: tf.Tensor,
  ): tf.Tensor[] {
    const step = this.#resetAfter ? this.#afterProjection(weights) : this.#beforeProjection(weights)
    let hidden = zeros
    return projected.map((x) => (hidden = step(x, hidden)))
  }

  protected override biasShape(): Shape {
    return this.#resetAfter ? [2, 3 * this.units] : [3 * this.units]
  }

  #afterProjection({
    recurrentKernel,
    bias,
  }: RecurrentWeights): (x: tf.Tensor, hidden: tf.Tensor) => tf.Tensor {
    const [ofInput = null, ofHidden = null] = bias ? tf.unstack(bias) : []
    const activation = { activation: this.squash, recurrentActivation: this.#gate }
    return (x, hidden) => {
      const state = times(hidden, recurrentKernel)
      const gatesOf = (sums: tf.Tensor, added: tf.Tensor | null) => parted(added ? tf.add(sums, added) : sums)
      return gruStep(gatesOf(x, ofInput), gatesOf(state, ofHidden), hidden, activation)
    }
  }

  #beforeProjection({
    recurrentKernel,
    bias,
  }: RecurrentWeights): (x: tf.Tensor, hidden: tf.Tensor) => tf.Tensor {
    const sizes = [2 * this.units, this.units]
    const [ofGates, ofCandidate] = tf.split(recurrentKernel, sizes, 1) as [tf.Tensor, tf.Tensor]
    return (x, hidden) => {
      const [forGates, forCandidate] = tf.split(bias ? tf.add(x, bias) : x, sizes, 1) as [
        tf.Tensor,
        tf.Tensor,
      ]
      const gates = this.#gate(tf.add(forGates, times(hidden, ofGates)))
      const [update, reset] = tf.split(gates, 2, 1) as [tf.Tensor, tf.Tensor]
      const candidate = this.squash(tf.add(forCandidate, times(tf.mul(reset, hidden), ofCandidate)))
      return interpolated(candidate, hidden, update)
    }
  }
}

function parted(sums: tf.Tensor): GruGates {
  const [update, reset, candidate] = tf.split(sums, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
  return { update, reset, candidate }
}

function times(hidden: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.matMul(hidden, kernel)
}
