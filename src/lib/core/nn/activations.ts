/** Activations that tfjs lacks and both styles share. */
import { tf } from '../eager/tfjs'

/** x · Φ(x) = x/2 · (1 + erf(x/√2)), the exact form, which is both frameworks' default. Source: Hendrycks and Gimpel, 2016. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))
}

/** x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), the form by a hyperbolic tangent. Source: Hendrycks and Gimpel, 2016. */
export function geluByTanh(x: tf.Tensor): tf.Tensor {
  const cubed = tf.mul(tf.mul(tf.square(x), x), 0.044715)
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, cubed), Math.sqrt(2 / Math.PI))), 1))
}
