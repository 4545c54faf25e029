/** Activations by name, with the constants Keras gives them. */
import { tf } from '../eager/tfjs'
import { gelu } from '../nn/activations'
import { saturated } from '../nn/piecewise'
import { knownName } from '../util/spelling'
import { unknownName, type Spelling } from './names'
import { toTensorOf, type TensorLike } from './tensorLike'

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

/** An activation by its name, a function of `activations`, or null for none. */
export type ActivationLike = Spelling<ActivationName> | ((x: TensorLike) => tf.Tensor) | null

/** keras.activations: the same as functions, which layers take in place of names. */
export const activationFunctions = Object.fromEntries(
  activationNames.map((name) => [name, (x: TensorLike) => table[name](toTensorOf(x))]),
) as Readonly<Record<ActivationName, (x: TensorLike) => tf.Tensor>>

/** The activation that `name` means; throws ArgumentError where there is none. `where` begins the message. */
export function assertActivation(where: string, name: ActivationLike): ActivationName {
  if (name === null) return 'linear'
  const known =
    typeof name === 'function'
      ? activationNames.find((each) => activationFunctions[each] === name)
      : knownName(name, activationNames)
  if (known !== undefined) return known
  throw unknownName(`${where} activation`, name, activationNames)
}
