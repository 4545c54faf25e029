/** Functions along any axis, made of those that tfjs has along the last one only, such as softmax. */
import { tf } from '../eager/tfjs'

/** `compute` along an axis, counted from 0, or from the end where it is negative. */
export function alongLast(x: tf.Tensor, axis: number, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const at = axis < 0 ? axis + x.rank : axis
  return at === x.rank - 1 ? compute(x) : swappedWithLast(compute(swappedWithLast(x, at)), at)
}

function swappedWithLast(x: tf.Tensor, axis: number): tf.Tensor {
  const axes = x.shape.map((_, i) => i)
  axes[axis] = x.rank - 1
  axes[x.rank - 1] = axis
  return tf.transpose(x, axes)
}
