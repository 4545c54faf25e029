/** Functions of tfjs tensors whose gradients are PyTorch's where tfjs' own differ, or which tfjs lacks. */
import { at } from '../util/at'
import { withOwnGradient } from '../eager/ownGradient'
import { tf } from '../eager/tfjs'
import { passedWhere } from '../nn/piecewise'

export { alongLast } from '../nn/alongLast'

/** The largest or the smallest. */
export type Extreme = 'max' | 'min'

/** max(a, b); where both are equal each gets half of the gradient, where in tfjs a gets all. */
export function maximumOf(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  // Operands of one shape: broadcasting passes gradients on by itself.
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
  const [left, right] = [tf.broadcastTo(a, shape), tf.broadcastTo(b, shape)]
  return withOwnGradient(
    [left, right],
    () => ({ value: tf.maximum(left, right), saved: [left, right] }),
    (dy, [x, y]) => {
      const shared = tf.where(tf.equal(x, y), tf.mul(dy, 0.5), dy)
      return [passedWhere(tf.greaterEqual(x, y), shared), passedWhere(tf.lessEqual(x, y), shared)]
    },
  )
}

/**
 * Largest or smallest values along `axis`, or of all. Equal ones share the gradient over all; along an axis the first
 * gets it, as the one that `argmax` names. In tfjs each gets all of it.
 */
export function extreme(which: Extreme, x: tf.Tensor, axis: number | undefined, keepdim: boolean): tf.Tensor {
  const compute = () => {
    const value = which === 'max' ? tf.max(x, axis, keepdim) : tf.min(x, axis, keepdim)
    return { value, saved: [x, value] as [tf.Tensor, tf.Tensor] }
  }
  return withOwnGradient([x], compute, (dy, [input, found]) => {
    if (axis === undefined) {
      const isFound = tf.equal(input, found)
      const share = tf.div(dy, tf.sum(tf.cast(isFound, 'float32')))
      return passedWhere(isFound, tf.broadcastTo(share, input.shape))
    }
    const isFirst = isAtExtreme(which, input, axis)
    return passedWhere(isFirst, tf.broadcastTo(keepdim ? dy : tf.expandDims(dy, axis), input.shape))
  })
}

/** True at the first largest or smallest value along `axis`. */
function isAtExtreme(which: Extreme, x: tf.Tensor, axis: number): tf.Tensor {
  const positions = which === 'max' ? tf.argMax(x, axis) : tf.argMin(x, axis)
  return lastTo(tf.cast(tf.oneHot(positions, at(x.shape, axis)), 'bool'), axis)
}

/** log Σ exp(x) over the axes. */
export function logSumExp(x: tf.Tensor, axes?: number[], keepDims?: boolean): tf.Tensor {
  return tf.logSumExp(x, axes, keepDims)
}

/** out[.., j, ..] = x[.., index[.., j, ..], ..] along `axis`; index has the sizes of x along the others. */
export function picked(x: tf.Tensor, index: tf.Tensor, axis: number): tf.Tensor {
  const rows = tf.expandDims(toLast(x, axis), -2)
  const isChosen = tf.cast(tf.oneHot(toLast(index, axis), at(x.shape, axis)), 'bool')
  return lastTo(tf.sum(tf.where(isChosen, rows, tf.zerosLike(rows)), -1), axis)
}

/** Moves an axis to the end. */
function toLast(x: tf.Tensor, axis: number): tf.Tensor {
  if (axis === x.rank - 1) return x
  return tf.transpose(x, [...x.shape.map((_, i) => i).filter((i) => i !== axis), axis])
}

/** Moves the last axis to `axis`. */
function lastTo(x: tf.Tensor, axis: number): tf.Tensor {
  if (axis === x.rank - 1) return x
  const axes = x.shape.map((_, i) => i).slice(0, -1)
  return tf.transpose(x, [...axes.slice(0, axis), x.rank - 1, ...axes.slice(axis)])
}
