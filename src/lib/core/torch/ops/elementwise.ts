/** What tensors do element by element: arithmetic, rounding, functions of one variable. */
import { tf } from '../../eager/tfjs'
import { absolute } from '../../nn/piecewise'
import { ArgumentError } from '../../util/errors'
import { anything, integer, number, oneOf } from '../../util/kinds'
import { boundsTable, clamped, largerOf, smallerOf } from '../bounds'
import { other, otherTensor, tensor, type Operand } from '../kinds'
import { powerOf } from '../kernels'
import { asFloats, asNumbers, assertAlpha, isWhole } from '../promotion'
import { combined, mapped, mappedFloats, type Unary } from '../result'
import { Tensor } from '../tensorBase'
import { tensorOp, type NoTable, type TensorOp } from '../tensorOp'
import { assertBroadcastable } from '../../util/shapeChecks'

const unary = (name: string, compute: Unary): TensorOp<NoTable, Tensor> =>
  tensorOp(name, {}, (input) => {
    if (input.dtype === 'bool' && name === 'neg') {
      throw new ArgumentError('neg: expected numbers, got true and false. Use .logicalNot().')
    }
    return mapped(input, (x) => compute(asNumbers(x)))
  })

/** A function whose values are not whole. */
const floating = (name: string, compute: Unary): TensorOp<NoTable, Tensor> =>
  tensorOp(name, {}, (input) => mappedFloats(input, compute))

/** Rounding, which leaves whole numbers as they are. */
const rounding = (name: string, compute: Unary): TensorOp<NoTable, Tensor> =>
  tensorOp(name, {}, (input) => rounded(input, compute))

const scaled = { other, alpha: number.named.or(1) }

/** A copy that passes gradients on. */
export const clone = tensorOp(
  'clone',
  { memoryFormat: anything().named.or(null).unused('all tensors are contiguous') },
  (input): Tensor => mapped(input, (x) => tf.clone(x)),
)

/** input + alpha·other */
export const add = tensorOp('add', scaled, (input, values): Tensor =>
  combined('add', input, timesAlpha('add', input, values), tf.add),
)

/** input − alpha·other */
export const sub = tensorOp('sub', scaled, (input, values): Tensor =>
  combined('sub', input, timesAlpha('sub', input, values), tf.sub),
)

/** input·other */
export const mul = tensorOp('mul', { other }, (input, values): Tensor =>
  combined('mul', input, values.other, tf.mul),
)

/** The quotient, float32 also of whole numbers; with a rounding mode it is a whole number, int32 of int32. */
export const div = tensorOp(
  'div',
  {
    other,
    /** 'floor' rounds the quotient down, 'trunc' towards 0. */
    roundingMode: oneOf('floor', 'trunc').named.or(null),
  },
  (input, { other: divisor, roundingMode }): Tensor => quotient(input, divisor, roundingMode),
)

/** ⌊input / other⌋ */
export const floorDivide = tensorOp('floorDivide', { other }, (input, values): Tensor =>
  quotient(input, values.other, 'floor'),
)

/** input − ⌊input / other⌋·other, of the sign of other. */
export const remainder = tensorOp('remainder', { other }, (input, values): Tensor =>
  combined('remainder', input, values.other, tf.mod),
)

/** input to the power of `exponent`, a number or a tensor. */
export const pow = tensorOp('pow', { exponent: other }, (input, { exponent }): Tensor => {
  if (exponent === 2) return mapped(input, (x) => tf.square(asNumbers(x)))
  // 0 · x⁻¹ would be NaN at 0.
  if (exponent === 0) return mapped(input, (x) => tf.onesLike(asNumbers(x)))
  if (typeof exponent === 'number' && exponent < 0 && isWhole(input.dtype, exponent)) {
    throw new ArgumentError(
      `pow: expected an exponent of 0 or more for whole numbers, got ${exponent}. Use .float() first.`,
    )
  }
  return combined('pow', input, exponent, (a, b) => {
    if (typeof b === 'number' || a.dtype === b.dtype) return powerOf(a, b)
    return powerOf(asFloats(a), asFloats(b))
  })
})

/** The larger of two tensors, element by element. */
export const maximum = tensorOp('maximum', { other: otherTensor }, (input, values): Tensor =>
  largerOf(input, values.other),
)

/** The smaller of two tensors, element by element. */
export const minimum = tensorOp('minimum', { other: otherTensor }, (input, values): Tensor =>
  smallerOf(input, values.other),
)

/** Values below `min` become it, values above `max` that. */
export const clamp = tensorOp('clamp', boundsTable, (input, values): Tensor =>
  clamped('clamp', input, values),
)

/** Another name of `clamp`. */
export const clip = tensorOp('clip', boundsTable, (input, values): Tensor => clamped('clip', input, values))

/** `value` where `mask` is true, the tensor elsewhere. */
export const maskedFill = tensorOp(
  'maskedFill',
  { mask: tensor, value: number },
  (input, { mask, value }): Tensor => {
    assertBroadcastable('maskedFill', input.shape, mask.shape)
    return mapped(input, (x) =>
      tf.where(tf.cast(mask.value, 'bool'), tf.cast(tf.fill(x.shape, value), x.dtype), x),
    )
  },
)

/** −input */
export const neg = unary('neg', tf.neg)
/** eˣ */
export const exp = floating('exp', tf.exp)
/** The natural logarithm. */
export const log = floating('log', tf.log)
/** The square root. */
export const sqrt = floating('sqrt', tf.sqrt)
/** 1 / √x */
export const rsqrt = floating('rsqrt', tf.rsqrt)
/** x² */
export const square = unary('square', tf.square)
/** 1 / x */
export const reciprocal = floating('reciprocal', (x) => tf.div(1, x))
/** |x|; its gradient at 0 is 0. */
export const abs = unary('abs', absolute)
/** The sine of radians. */
export const sin = floating('sin', tf.sin)
/** The cosine of radians. */
export const cos = floating('cos', tf.cos)
/** The tangent of radians. */
export const tan = floating('tan', tf.tan)
/** The hyperbolic tangent. */
export const tanh = floating('tanh', tf.tanh)
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = floating('sigmoid', tf.sigmoid)
/** x where positive, else 0. */
export const relu = unary('relu', tf.relu)
/** The error function. */
export const erf = floating('erf', tf.erf)
/** eˣ − 1 */
export const expm1 = floating('expm1', tf.expm1)
/** log(1 + x) */
export const log1p = floating('log1p', tf.log1p)
/** The logarithm to base 2. */
export const log2 = floating('log2', (x) => tf.mul(tf.log(x), Math.LOG2E))
/** The logarithm to base 10. */
export const log10 = floating('log10', (x) => tf.mul(tf.log(x), Math.LOG10E))
/** −1, 0 or 1; its gradient is 0. */
export const sign = unary('sign', tf.sign)
/** The largest whole number that is not above; its gradient is 0. */
export const floor = rounding('floor', tf.floor)
/** The smallest whole number that is not below; its gradient is 0. */
export const ceil = rounding('ceil', tf.ceil)
/** Without the fraction: towards 0. */
export const trunc = rounding('trunc', truncated)

/** To the nearest number of that many decimals, halves to the even one; its gradient is 0. */
export const round = tensorOp('round', { decimals: integer.named.or(0) }, (input, { decimals }): Tensor => {
  const factor = 10 ** decimals
  return rounded(input, (x) => (factor === 1 ? tf.round(x) : tf.div(tf.round(tf.mul(x, factor)), factor)))
})

interface Scaled {
  readonly other: Operand
  readonly alpha: number
}

function timesAlpha(where: string, input: Tensor, { other: operand, alpha }: Scaled): Operand {
  if (alpha === 1) return operand
  assertAlpha(where, input.dtype, operand, alpha)
  return operand instanceof Tensor ? mul(operand, alpha) : Number(operand) * alpha
}

function quotient(input: Tensor, divisor: Operand, mode: 'floor' | 'trunc' | null): Tensor {
  const exact = combined('div', input, divisor, (a, b) =>
    tf.div(asFloats(a), typeof b === 'number' ? b : asFloats(b)),
  )
  if (mode === null) return exact
  const whole = rounded(exact, mode === 'floor' ? tf.floor : truncated)
  return isWhole(input.dtype, divisor) ? new Tensor(tf.cast(whole.value, 'int32')) : whole
}

function rounded(input: Tensor, compute: Unary): Tensor {
  return mapped(input, (x) => (x.dtype === 'float32' ? compute(x) : tf.clone(x)))
}

function truncated(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sign(x), tf.floor(tf.abs(x)))
}
