/** The largest and smallest values and where they are; NaN counts as the outermost, as in PyTorch. */
import { isHostBackend } from '../eager/indexRange'
import { tf } from '../eager/tfjs'

/** The largest or the smallest. */
export type Extreme = 'max' | 'min'

/** The kernels of cpu and wasm hand NaN on; runtimes of graphs and GPUs do not, or not always. */
const needsCare = (x: tf.Tensor) => x.dtype === 'float32' && !isHostBackend(tf.getBackend())

/** The outermost value of all, or along the axes; NaN where there is one. No gradient of its own. */
export function extremeOf(
  which: Extreme,
  x: tf.Tensor,
  axes?: number | number[],
  keepDims?: boolean,
): tf.Tensor {
  const found = (which === 'max' ? tf.max : tf.min)(x, axes, keepDims)
  if (!needsCare(x)) return found
  const isMissing = tf.cast(tf.max(tf.cast(tf.isNaN(x), 'float32'), axes, keepDims), 'bool')
  return tf.where(isMissing, tf.fill(found.shape, NaN), found)
}

const largestFloat = 3.4028234663852886e38

/**
 * Where the outermost value along the axis is, int32: the first NaN where there is one. In a graph NaN becomes infinite, and what is
 * infinite the largest float32, which costs three operators and not a second search.
 */
export function positionOf(which: Extreme, x: tf.Tensor, axis = 0): tf.Tensor {
  const find = which === 'max' ? tf.argMax : tf.argMin
  if (!needsCare(x)) return find(x, axis)
  const finite = which === 'max' ? tf.minimum(x, largestFloat) : tf.maximum(x, -largestFloat)
  const outermost = which === 'max' ? Infinity : -Infinity
  return find(tf.where(tf.isNaN(x), outermost, finite), axis)
}
