/** Activations by name, with the constants Keras gives them. */
import { tf } from '../eager/tfjs'
import { gelu, geluByTanh } from '../nn/activations'
import { alongLast } from '../nn/alongLast'
import { saturated } from '../nn/piecewise'
import { ArgumentError } from '../util/errors'
import { flag, integer, number } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { knownName } from '../util/spelling'
import { notNegative, tensor } from './kinds'
import { unknownName, type Spelling } from './names'
import { toTensorOf as t } from './tensorLike'

/** A function of a tensor that keeps its shape. */
export type ActivationFunction = (x: tf.Tensor) => tf.Tensor

/** x · σ(x), also known as swish. */
function silu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x))
}

const table = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  // keras.activations.leaky_relu has the slope 0.2; the LeakyReLU layer has 0.3.
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  gelu,
  softmax: (x) => tf.softmax(x),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  silu,
  swish: silu,
  softplus: (x) => tf.softplus(x),
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  exponential: (x) => tf.exp(x),
  relu6: (x) => saturated(x, 0, 6),
  // Keras' straight line from −3 to 3, which is not tf.layers' own.
  hardSigmoid: (x) => tf.div(saturated(tf.add(x, 3), 0, 6), 6),
  logSoftmax: (x) => tf.logSoftmax(x),
} satisfies Record<string, ActivationFunction>

/** Name of an activation as layers take it. */
export type ActivationName = keyof typeof table

/** All activations by name. */
export const activations: Readonly<Record<ActivationName, ActivationFunction>> = table

const activationNames = Object.keys(table) as readonly ActivationName[]

/** One that has no parameters but its tensor. */
function plain<Name extends ActivationName>(name: Name) {
  const list = parameters(`activations.${name}`, { x: tensor })
  return (...given: Given<typeof list.table>): tf.Tensor => table[name](t(list.read(given).x))
}

const reluParameters = {
  /** Slope below the threshold. */
  negativeSlope: notNegative.or(0),
  /** Values do not get larger; null for no bound. */
  maxValue: notNegative.or(null),
  /** Values below it count as negative. */
  threshold: notNegative.or(0),
}

/** How `relu` can be told to bend. */
export interface Bends {
  readonly negativeSlope: number
  readonly maxValue: number | null
  readonly threshold: number
}

/** x from the threshold to the largest value, negativeSlope · (x − threshold) below. Source: keras.activations.relu. */
export function bentRelu(x: tf.Tensor, { negativeSlope, maxValue, threshold }: Bends): tf.Tensor {
  const isAbove = tf.cast(tf.greater(x, threshold), 'float32')
  const above = threshold === 0 ? tf.relu(x) : tf.mul(x, isAbove)
  const bounded = maxValue === null ? above : tf.minimum(above, maxValue)
  if (negativeSlope === 0) return bounded
  return tf.sub(bounded, tf.mul(tf.relu(tf.sub(threshold, x)), negativeSlope))
}

const relu = parameters('activations.relu', { x: tensor, ...reluParameters })
const leakyRelu = parameters('activations.leakyRelu', { x: tensor, negativeSlope: number.or(0.2) })
const geluParameters = parameters('activations.gelu', { x: tensor, approximate: flag.or(false) })
const elu = parameters('activations.elu', { x: tensor, alpha: number.or(1) })
const softmax = parameters('activations.softmax', { x: tensor, axis: integer.or(-1) })
const logSoftmax = parameters('activations.logSoftmax', { x: tensor, axis: integer.or(-1) })

/** keras.activations: the same as functions, which layers take in place of names. */
export const activationFunctions = {
  linear: plain('linear'),
  /** max(x, 0), or another line below a threshold. */
  relu: (...given: Given<typeof relu.table>): tf.Tensor => {
    const { x, ...bends } = relu.read(given)
    return bentRelu(t(x), bends)
  },
  /** max(x, 0) + negativeSlope · min(x, 0). */
  leakyRelu: (...given: Given<typeof leakyRelu.table>): tf.Tensor => {
    const { x, negativeSlope } = leakyRelu.read(given)
    return tf.leakyRelu(t(x), negativeSlope)
  },
  tanh: plain('tanh'),
  sigmoid: plain('sigmoid'),
  /** x · Φ(x), or an approximation of it by a hyperbolic tangent. */
  gelu: (...given: Given<typeof geluParameters.table>): tf.Tensor => {
    const { x, approximate } = geluParameters.read(given)
    return approximate ? geluByTanh(t(x)) : gelu(t(x))
  },
  /** Probabilities along an axis. */
  softmax: (...given: Given<typeof softmax.table>): tf.Tensor => {
    const { x, axis } = softmax.read(given)
    return alongLast(t(x), axis, tf.softmax)
  },
  /** x above 0, alpha · (eˣ − 1) below. */
  elu: (...given: Given<typeof elu.table>): tf.Tensor => {
    const { x, alpha } = elu.read(given)
    return scaledElu(t(x), alpha)
  },
  selu: plain('selu'),
  silu: plain('silu'),
  swish: plain('swish'),
  softplus: plain('softplus'),
  softsign: plain('softsign'),
  exponential: plain('exponential'),
  relu6: plain('relu6'),
  hardSigmoid: plain('hardSigmoid'),
  /** Logarithms of probabilities along an axis. */
  logSoftmax: (...given: Given<typeof logSoftmax.table>): tf.Tensor => {
    const { x, axis } = logSoftmax.read(given)
    return alongLast(t(x), axis, tf.logSoftmax)
  },
} satisfies Record<ActivationName, unknown>

function scaledElu(x: tf.Tensor, alpha: number): tf.Tensor {
  if (alpha === 1) return tf.elu(x)
  return tf.add(tf.relu(x), tf.mul(tf.elu(tf.minimum(x, 0)), alpha))
}

/** An activation by its name, a function of `activations`, or null for none. */
export type ActivationLike = Spelling<ActivationName> | ((...given: never[]) => tf.Tensor) | null

/** The activation that `name` means; throws ArgumentError where there is none. `where` begins the message. */
export function assertActivation(where: string, name: ActivationLike): ActivationName {
  if (name === null) return 'linear'
  if (typeof name === 'function') {
    const known = activationNames.find((each) => activationFunctions[each] === name)
    if (known !== undefined) return known
    throw new ArgumentError(
      `${where} activation: expected a name or a function of activations, got a function of your own. ` +
        'Apply it in the call(inputs) of a layer of your own.',
    )
  }
  const known = knownName(name, activationNames)
  if (known !== undefined) return known
  throw unknownName(`${where} activation`, name, activationNames)
}

/** What bends the ReLU layer, in its own order. */
export const bendParameters = {
  maxValue: reluParameters.maxValue,
  negativeSlope: reluParameters.negativeSlope,
  threshold: reluParameters.threshold,
}
