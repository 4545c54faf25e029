/** Functions of tfjs tensors whose gradients are PyTorch's where tfjs' own differ, or which tfjs lacks. */
import { at } from '../util/at'
import { withOwnGradient } from '../eager/ownGradient'
import { tf } from '../eager/tfjs'
import { extremeOf, positionOf, type Extreme } from '../nn/extremes'
import { passedWhere } from '../nn/piecewise'

export { alongLast } from '../nn/alongLast'

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
    const value = extremeOf(which, x, axis, keepdim)
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
  const positions = positionOf(which, x, axis)
  return lastTo(tf.cast(tf.oneHot(positions, at(x.shape, axis)), 'bool'), axis)
}

/** aᵇ; as in PyTorch the gradients are 0 for an exponent of 0, and for a base of 0 to one that is not negative. */
export function powerOf(a: tf.Tensor, b: tf.Tensor | number): tf.Tensor {
  if (typeof b === 'number' || a.dtype !== 'float32' || b.dtype !== 'float32') return tf.pow(a, b)
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
  const [base, exponent] = [tf.broadcastTo(a, shape), tf.broadcastTo(b, shape)]
  const compute = () => {
    const value = tf.pow(base, exponent)
    return { value, saved: [base, exponent, value] as [tf.Tensor, tf.Tensor, tf.Tensor] }
  }
  return withOwnGradient([base, exponent], compute, (dy, [x, y, power]) => {
    const isNone = tf.logicalAnd(tf.equal(x, 0), tf.greaterEqual(y, 0))
    return [
      passedWhere(tf.notEqual(y, 0), tf.mul(dy, tf.mul(y, tf.pow(x, tf.sub(y, 1))))),
      passedWhere(tf.logicalNot(isNone), tf.mul(dy, tf.mul(power, tf.log(x)))),
    ]
  })
}

/** log Σ exp(x) over the axes. */
export function logSumExp(x: tf.Tensor, axes?: number[], keepDims?: boolean): tf.Tensor {
  return withOwnGradient(
    [x],
    () => {
      const kept = logSumExpOf(x, axes)
      const value = keepDims ? kept : tf.squeeze(kept, axes ?? x.shape.map((_, axis) => axis))
      return { value, saved: [x, kept] as [tf.Tensor, tf.Tensor] }
    },
    (dy, [input, kept]) => tf.mul(tf.reshape(dy, kept.shape), tf.exp(tf.sub(input, kept))),
  )
}

/** Infinite where the largest is: its difference to itself would be NaN. */
function logSumExpOf(x: tf.Tensor, axes?: number[]): tf.Tensor {
  const largest = tf.max(x, axes, true)
  const shift = tf.where(tf.isFinite(largest), largest, tf.zerosLike(largest))
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, shift)), axes, true)), shift)
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
