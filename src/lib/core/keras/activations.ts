/** Activations by name, with the constants Keras gives them. */
import { tf } from '../eager/tfjs'
import { gelu } from '../nn/activations'
import { unknownName } from './names'

/** A function of a tensor that keeps its shape. */
export type ActivationFunction = (x: tf.Tensor) => tf.Tensor

const table = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  // keras.activations.leaky_relu has the slope 0.2; the LeakyReLU layer has 0.3.
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  gelu,
  softmax: (x) => tf.softmax(x),
} satisfies Record<string, ActivationFunction>

/** Name of an activation as layers take it. */
export type ActivationName = keyof typeof table

/** All activations by name. */
export const activations: Readonly<Record<ActivationName, ActivationFunction>> = table

/** `name` if it is an activation; throws ArgumentError otherwise. `where` begins the message. */
export function assertActivation(where: string, name: string): ActivationName {
  if (Object.hasOwn(activations, name)) return name as ActivationName
  throw unknownName(`${where} activation`, name, Object.keys(activations))
}
