/** The recurrent layers. */
import { tf } from '../../eager/tfjs'
import {
  gruStep,
  interpolated,
  lstmStep,
  type GruGates,
  type LstmState,
  type Squash,
} from '../../nn/recurrent'
import type { Shape } from '../../util/shapes'
import { flag } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { activations, assertActivation } from '../activations'
import type { Initializer } from '../initializers'
import { count } from '../kinds'
import { layerParameters } from './layerParameters'
import {
  formulationParameter,
  gateParameters,
  Recurrent,
  recurrentPenaltyParameters,
  recurrentSeed,
  recurrentStartParameters,
  sequenceParameters,
  times,
  useCudnn,
  type RecurrentWeights,
} from './recurrentLayer'

const simpleRNN = parameters('SimpleRNN', {
  /** Size of the state. */
  units: count,
  /** Gives the state: 'tanh' when left out. */
  activation: gateParameters.activation,
  ...recurrentStartParameters,
  ...recurrentPenaltyParameters,
  ...sequenceParameters,
  /** Has no effect: nothing is dropped. */
  seed: recurrentSeed,
  ...formulationParameter,
  ...layerParameters,
})

const lstm = parameters('LSTM', {
  /** Size of the state. */
  units: count,
  ...gateParameters,
  ...recurrentStartParameters,
  /** True starts the forget gate's bias at 1. Source: Jozefowicz et al., 2015. */
  unitForgetBias: flag.or(true),
  ...recurrentPenaltyParameters,
  /** Has no effect: nothing is dropped. */
  seed: recurrentSeed,
  ...sequenceParameters,
  /** Has no effect: there is one implementation. */
  useCudnn,
  ...formulationParameter,
  ...layerParameters,
})

const gru = parameters('GRU', {
  /** Size of the state. */
  units: count,
  ...gateParameters,
  ...recurrentStartParameters,
  ...recurrentPenaltyParameters,
  /** Has no effect: nothing is dropped. */
  seed: recurrentSeed,
  ...sequenceParameters,
  /** Whether the reset gate is applied after the state's projection; true in Keras, as in cuDNN. */
  resetAfter: flag.or(true),
  /** Has no effect: there is one implementation. */
  useCudnn,
  ...layerParameters,
})

/** h' = activation(x·kernel + h·recurrent_kernel + bias). Source: keras.layers.SimpleRNN. */
export class SimpleRNN extends Recurrent {
  protected readonly gates = 1

  constructor(...given: Given<typeof simpleRNN.table>) {
    const { units, ...options } = simpleRNN.read(given)
    super('SimpleRNN', units, 'simpleRnn', options)
  }

  protected override states(
    projected: readonly tf.Tensor[],
    weights: RecurrentWeights,
    zeros: tf.Tensor,
  ): tf.Tensor[] {
    const sums = this.sums(weights)
    let hidden = zeros
    return projected.map((x) => (hidden = this.squash(sums(x, hidden))))
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

  constructor(...given: Given<typeof lstm.table>) {
    const { units, recurrentActivation, unitForgetBias, ...options } = lstm.read(given)
    super('LSTM', units, 'lstm', options)
    this.#gate = activations[assertActivation('LSTM', recurrentActivation)]
    this.#unitForgetBias = unitForgetBias
  }

  protected override states(
    projected: readonly tf.Tensor[],
    weights: RecurrentWeights,
    zeros: tf.Tensor,
  ): tf.Tensor[] {
    const sums = this.sums(weights)
    let state: LstmState = { hidden: zeros, cell: zeros }
    const activation = { activation: this.squash, recurrentActivation: this.#gate }
    return projected.map((x) => {
      const [input, forget, candidate, output] = tf.split(sums(x, state.hidden), 4, 1) as [
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

  constructor(...given: Given<typeof gru.table>) {
    const { units, recurrentActivation, resetAfter, ...options } = gru.read(given)
    super('GRU', units, resetAfter ? 'gru' : 'gruResetBefore', options)
    this.#gate = activations[assertActivation('GRU', recurrentActivation)]
    this.#resetAfter = resetAfter
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
