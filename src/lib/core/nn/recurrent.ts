/** The steps of recurrent cells, on what a style has projected from input and state: gates by name, in no layout. */
import { tf } from '../eager/tfjs'
import { unstack } from './unstack'

/** An activation. */
export type Squash = (x: tf.Tensor) => tf.Tensor

/** What an LSTM carries from step to step, [batch, units] each. */
export interface LstmState {
  readonly hidden: tf.Tensor
  readonly cell: tf.Tensor
}

/** x·W + h·U + b of the four gates, [batch, units] each. */
export interface LstmGates {
  readonly input: tf.Tensor
  readonly forget: tf.Tensor
  readonly candidate: tf.Tensor
  readonly output: tf.Tensor
}

/** A projection of the input or of the state for the three gates of a GRU, [batch, units] each. */
export interface GruGates {
  readonly reset: tf.Tensor
  readonly update: tf.Tensor
  readonly candidate: tf.Tensor
}

/** The activations of a gated cell. */
export interface CellActivations {
  readonly activation: Squash
  readonly recurrentActivation: Squash
}

/** tanh and the logistic sigmoid: both frameworks' defaults. */
export const usualActivations: CellActivations = {
  activation: (x) => tf.tanh(x),
  recurrentActivation: (x) => tf.sigmoid(x),
}

/** The steps of [batch, time, features], [batch, features] each. */
export function timeSteps(x: tf.Tensor): tf.Tensor[] {
  return unstack(x, 1)
}

/**
 * c' = σ(f)·c + σ(i)·tanh(g);  h' = σ(o)·tanh(c')
 *
 * Source: Hochreiter and Schmidhuber, 1997; keras.layers.LSTMCell; torch.nn.LSTMCell.
 */
export function lstmStep(
  gates: LstmGates,
  { cell }: LstmState,
  { activation, recurrentActivation }: CellActivations = usualActivations,
): LstmState {
  const kept = tf.mul(recurrentActivation(gates.forget), cell)
  const added = tf.mul(recurrentActivation(gates.input), activation(gates.candidate))
  const next = tf.add(kept, added)
  return { hidden: tf.mul(recurrentActivation(gates.output), activation(next)), cell: next }
}

/**
 * h' = z·h + (1 − z)·n with n = tanh(nₓ + r·nₕ), z = σ(zₓ + zₕ), r = σ(rₓ + rₕ): the reset gate is applied after the
 * projection of the state. Written as n + z·(h − n).
 *
 * Source: Cho et al., 2014; keras.layers.GRUCell with reset_after; torch.nn.GRUCell.
 */
export function gruStep(
  fromInput: GruGates,
  fromHidden: GruGates,
  hidden: tf.Tensor,
  { activation, recurrentActivation }: CellActivations = usualActivations,
): tf.Tensor {
  const update = recurrentActivation(tf.add(fromInput.update, fromHidden.update))
  const reset = recurrentActivation(tf.add(fromInput.reset, fromHidden.reset))
  const candidate = activation(tf.add(fromInput.candidate, tf.mul(reset, fromHidden.candidate)))
  return interpolated(candidate, hidden, update)
}

/** n + z·(h − n): the new state of a GRU. */
export function interpolated(candidate: tf.Tensor, hidden: tf.Tensor, update: tf.Tensor): tf.Tensor {
  return tf.add(candidate, tf.mul(update, tf.sub(hidden, candidate)))
}
