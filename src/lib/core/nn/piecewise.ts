/** Functions with kinks, whose gradients there are PyTorch's and TensorFlow's, where those of tfjs are others. */
import { withOwnGradient } from '../eager/ownGradient'
import { tf } from '../eager/tfjs'
import { extremeOf, type Extreme } from './extremes'

interface Piecewise {
  readonly value: (x: tf.Tensor) => tf.Tensor
  /** Of what `value` gave for x; both have the shape of x, or one that broadcasts with it. */
  readonly gradient: (dy: tf.Tensor, x: tf.Tensor, value: tf.Tensor) => tf.Tensor
}

/** `value` of x with a gradient of its own. */
export function withGradient(x: tf.Tensor, { value, gradient }: Piecewise): tf.Tensor {
  const compute = () => {
    const computed = value(x)
    return { value: computed, saved: [x, computed] as [tf.Tensor, tf.Tensor] }
  }
  return withOwnGradient([x], compute, (dy, [input, output]) => gradient(dy, input, output))
}

/** dy where the condition holds, else 0: a product with a mask would make NaN of an infinite dy. */
export function passedWhere(condition: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return tf.where(condition, dy, tf.zerosLike(dy))
}

/** |x| with the gradient sign(x): 0 at 0, where tfjs has −1. */
export function absolute(x: tf.Tensor): tf.Tensor {
  return withGradient(x, { value: tf.abs, gradient: (dy, input) => tf.mul(dy, tf.sign(input)) })
}

/** √x with the gradient 0 at 0, where it would be infinite: for roots of sums of squares. */
export function rootOfSquares(x: tf.Tensor): tf.Tensor {
  return withGradient(x, {
    value: tf.sqrt,
    gradient: (dy, _, root) => {
      const isZero = tf.cast(tf.equal(root, 0), 'float32')
      return tf.div(tf.mul(dy, tf.mul(tf.sub(1, isZero), 0.5)), tf.add(root, isZero))
    },
  })
}

/** min(max(x, low), high) with the gradient 0 at both bounds, where that of tfjs' clip is 1. */
export function saturated(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return withGradient(x, {
    value: (input) => tf.clipByValue(input, low, high),
    gradient: (dy, input) => passedWhere(tf.logicalAnd(tf.greater(input, low), tf.less(input, high)), dy),
  })
}

/** Which axes a norm goes over. */
export interface NormAxes {
  /** All when left out. */
  readonly axes?: number[] | undefined
  readonly keepDims?: boolean
}

/**
 * (Σ |x|ᵖ)^(1/p), the largest |x| for p = Infinity, the smallest for −Infinity, how many are not 0 for p = 0. The gradient is 0 where the norm is, and equal largest values share it.
 * Source: torch.linalg.vector_norm.
 */
export function normOf(x: tf.Tensor, p: number, { axes, keepDims = false }: NormAxes = {}): tf.Tensor {
  const reducedShape = x.shape.map((size, axis) => ((axes?.includes(axis) ?? true) ? 1 : size))
  const kept = (reduced: tf.Tensor) => tf.reshape(reduced, reducedShape)
  if (p === 2) return rootOfSquares(tf.sum(tf.square(x), axes, keepDims))
  if (p === 1) return tf.sum(absolute(x), axes, keepDims)
  if (p === 0) {
    return withGradient(x, {
      value: (input) => tf.sum(tf.cast(tf.notEqual(input, 0), 'float32'), axes, keepDims),
      gradient: (_, input) => tf.zerosLike(input),
    })
  }
  if (Math.abs(p) === Infinity) {
    const which = p > 0 ? 'max' : 'min'
    return withGradient(x, {
      value: (input) => extremeOf(which, tf.abs(input), axes, keepDims),
      gradient: (dy, input, norm) => {
        const isLargest = tf.cast(tf.equal(tf.abs(input), kept(norm)), 'float32')
        const share = tf.div(isLargest, tf.sum(isLargest, axes, true))
        return tf.mul(tf.mul(share, tf.sign(input)), kept(dy))
      },
    })
  }
  return withGradient(x, {
    value: (input) => tf.pow(tf.sum(tf.pow(tf.abs(input), p), axes, keepDims), 1 / p),
    gradient: (dy, input, norm) => tf.mul(tf.mul(powerSlope(input, kept(norm), p), tf.sign(input)), kept(dy)),
  })
}

/** (|x| / norm)^(p − 1), and a finite number where x or the norm is 0. */
function powerSlope(x: tf.Tensor, norm: tf.Tensor, p: number): tf.Tensor {
  const nonZero = (values: tf.Tensor) => tf.add(values, tf.cast(tf.equal(values, 0), 'float32'))
  return tf.pow(tf.div(nonZero(tf.abs(x)), nonZero(norm)), p - 1)
}

/** The largest or smallest values along the axes; equal ones share the gradient. In tfjs each gets all of it. */
export function extremeShared(
  which: Extreme,
  x: tf.Tensor,
  { axes, keepDims = false }: NormAxes = {},
): tf.Tensor {
  const reducedShape = x.shape.map((size, axis) =>
    (axes?.some((each) => each === axis || each + x.rank === axis) ?? true) ? 1 : size,
  )
  return withGradient(x, {
    value: (input) => extremeOf(which, input, axes, keepDims),
    gradient: (dy, input, found) => {
      const isFound = tf.cast(tf.equal(input, tf.reshape(found, reducedShape)), 'float32')
      return tf.mul(tf.div(isFound, tf.sum(isFound, axes, true)), tf.reshape(dy, reducedShape))
    },
  })
}
