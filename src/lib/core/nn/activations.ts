/** Activations that tfjs lacks and both styles share. */
import { tf } from '../eager/tfjs'

/** x · Φ(x) = x/2 · (1 + erf(x/√2)), the exact form, which is both frameworks' default. Source: Hendrycks and Gimpel, 2016. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))
}
