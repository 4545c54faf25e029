/** The matrix product of batches that broadcast. */
import { last } from '../util/at'
import { tf } from '../eager/tfjs'

/**
 * Product of matrices [..., n, k] and [..., k, m]. tfjs' own gradient is wrong where the batches broadcast: there they
 * are made equal first.
 */
export function productOf(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [n = 1, k = 1] = a.shape.slice(-2)
  const m = last(b.shape)
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  if (left.length === right.length && left.every((size, axis) => size === right[axis])) return tf.matMul(a, b)
  if (right.length === 0) return tf.reshape(tf.matMul(tf.reshape(a, [-1, k]), b), [...left, n, m])
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(left, right)
  return tf.matMul(tf.broadcastTo(a, [...batch, n, k]), tf.broadcastTo(b, [...batch, k, m]))
}
