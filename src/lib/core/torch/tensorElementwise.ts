/** What tensors do element by element: arithmetic, functions of one variable, comparisons, types, changes in place. */
import { tf } from '../eager/tfjs'
import { gelu } from '../nn/activations'
import { absolute } from '../nn/piecewise'
import { ArgumentError } from '../util/errors'
import { assertBroadcastable } from './axes'
import { assertDevice } from './device'
import { hostValues, madeFrom } from './hostValues'
import { maximumOf } from './kernels'
import { asFloats, asNumbers, assertKeepsType, isWhole } from './promotion'
import type { Tensor } from './tensor'
import { TensorBase } from './tensorBase'

/** What arithmetic methods accept. */
export type Operand = Tensor | number

export interface ClampOptions {
  readonly min?: number
  readonly max?: number
}

export interface DivOptions {
  /** 'floor' rounds the quotient down, 'trunc' towards 0. */
  readonly roundingMode?: 'floor' | 'trunc'
}

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor | number) => tf.Tensor

export abstract class ElementwiseTensor extends TensorBase {
  /** A copy that passes gradients on. */
  clone(): Tensor {
    return this.mapped((x) => tf.clone(x))
  }

  add(other: Operand): Tensor {
    return this.combined('add', other, tf.add)
  }

  sub(other: Operand): Tensor {
    return this.combined('sub', other, tf.sub)
  }

  mul(other: Operand): Tensor {
    return this.combined('mul', other, tf.mul)
  }

  /** The quotient, float32 also of whole numbers; with a rounding mode it is a whole number, int32 of int32. */
  div(other: Operand, { roundingMode }: DivOptions = {}): Tensor {
    const quotient = this.combined('div', other, (a, b) =>
      tf.div(asFloats(a), typeof b === 'number' ? b : asFloats(b)),
    )
    if (roundingMode === undefined) return quotient
    const whole = roundingMode === 'floor' ? quotient.floor() : quotient.trunc()
    return isWhole(this.dtype, other) ? whole.long() : whole
  }

  pow(exponent: Operand): Tensor {
    if (exponent === 2) return this.mapped(tf.square)
    // 0 · x⁻¹ would be NaN at 0.
    if (exponent === 0) return this.mapped((x) => tf.onesLike(x))
    return this.combined('pow', exponent, tf.pow)
  }

  neg(): Tensor {
    return this.mapped(tf.neg)
  }

  exp(): Tensor {
    return this.#inFloats(tf.exp)
  }

  log(): Tensor {
    return this.#inFloats(tf.log)
  }

  sqrt(): Tensor {
    return this.#inFloats(tf.sqrt)
  }

  rsqrt(): Tensor {
    return this.#inFloats(tf.rsqrt)
  }

  square(): Tensor {
    return this.mapped(tf.square)
  }

  reciprocal(): Tensor {
    return this.#inFloats((x) => tf.div(1, x))
  }

  /** |x|; its gradient at 0 is 0. */
  abs(): Tensor {
    return this.mapped(absolute)
  }

  sin(): Tensor {
    return this.#inFloats(tf.sin)
  }

  cos(): Tensor {
    return this.#inFloats(tf.cos)
  }

  /** Values below `min` become it, values above `max` that. */
  clamp(min?: number | ClampOptions | null, max?: number | null): Tensor {
    const given = typeof min === 'object' && min !== null ? min : { min, max }
    const [low, high] = [given.min ?? -Infinity, given.max ?? Infinity]
    if (low === -Infinity && high === Infinity) {
      throw new ArgumentError('clamp: expected min, max or both, got neither. Pass { min: 0 }.')
    }
    return this.mapped((x) => tf.clipByValue(x, low, high))
  }

  relu(): Tensor {
    return this.mapped(tf.relu)
  }

  leakyRelu(negativeSlope = 0.01): Tensor {
    return this.#inFloats((x) => tf.leakyRelu(x, negativeSlope))
  }

  tanh(): Tensor {
    return this.#inFloats(tf.tanh)
  }

  sigmoid(): Tensor {
    return this.#inFloats(tf.sigmoid)
  }

  gelu(): Tensor {
    return this.#inFloats(gelu)
  }

  gt(other: Operand): Tensor {
    return this.compared('gt', other, tf.greater)
  }

  ge(other: Operand): Tensor {
    return this.compared('ge', other, tf.greaterEqual)
  }

  lt(other: Operand): Tensor {
    return this.compared('lt', other, tf.less)
  }

  le(other: Operand): Tensor {
    return this.compared('le', other, tf.lessEqual)
  }

  eq(other: Operand): Tensor {
    return this.compared('eq', other, tf.equal)
  }

  ne(other: Operand): Tensor {
    return this.compared('ne', other, tf.notEqual)
  }

  logicalNot(): Tensor {
    return this.wrap(tf.tidy(() => tf.logicalNot(tf.cast(this.value, 'bool'))))
  }

  /** The larger of two tensors, element by element. */
  maximum(other: Tensor): Tensor {
    return this.combined('maximum', other, (a, b) => maximumOf(asNumbers(a), asNumbers(b)))
  }

  /** The smaller of two tensors, element by element. */
  minimum(other: Tensor): Tensor {
    return this.combined('minimum', other, (a, b) =>
      tf.neg(maximumOf(tf.neg(asNumbers(a)), tf.neg(asNumbers(b)))),
    )
  }

  /** `value` where `mask` is true, this tensor elsewhere. */
  maskedFill(mask: Tensor, value: number): Tensor {
    assertBroadcastable('maskedFill', this.shape, mask.shape)
    return this.mapped((x) => tf.where(tf.cast(mask.value, 'bool'), tf.fill(x.shape, value), x))
  }

  /** As float32. */
  float(): Tensor {
    return this.computed([this], () => tf.cast(this.value, 'float32'))
  }

  /** As int32, which stands in for PyTorch's int64. */
  long(): Tensor {
    const numbers = hostValues(this.value)
    const whole = tf.cast(this.value, 'int32')
    return this.wrap(numbers ? madeFrom(numbers, whole) : whole)
  }

  /** As int32. */
  int(): Tensor {
    return this.long()
  }

  /** True where not 0. */
  bool(): Tensor {
    return this.wrap(tf.cast(this.value, 'bool'))
  }

  /** Without the fraction: towards 0. */
  trunc(): Tensor {
    return this.#toWhole((x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))))
  }

  /** The largest whole number that is not above; its gradient is 0. */
  floor(): Tensor {
    return this.#toWhole(tf.floor)
  }

  /** The smallest whole number that is not below; its gradient is 0. */
  ceil(): Tensor {
    return this.#toWhole(tf.ceil)
  }

  /** To the nearest whole number, halves to the even one; its gradient is 0. */
  round(): Tensor {
    return this.#toWhole(tf.round)
  }

  /** −1, 0 or 1; its gradient is 0. */
  sign(): Tensor {
    return this.mapped(tf.sign)
  }

  /** log(1 + x) */
  log1p(): Tensor {
    return this.#inFloats(tf.log1p)
  }

  log2(): Tensor {
    return this.#inFloats((x) => tf.mul(tf.log(x), Math.LOG2E))
  }

  log10(): Tensor {
    return this.#inFloats((x) => tf.mul(tf.log(x), Math.LOG10E))
  }

  /** eˣ − 1 */
  expm1(): Tensor {
    return this.#inFloats(tf.expm1)
  }

  tan(): Tensor {
    return this.#inFloats(tf.tan)
  }

  /** The error function. */
  erf(): Tensor {
    return this.#inFloats(tf.erf)
  }

  /** Another name of `clamp`. */
  clip(min?: number | ClampOptions | null, max?: number | null): Tensor {
    return this.clamp(min, max)
  }

  /** x − ⌊x / y⌋·y, of the sign of y. */
  remainder(other: Operand): Tensor {
    return this.combined('remainder', other, tf.mod)
  }

  /** ⌊x / y⌋ */
  floorDivide(other: Operand): Tensor {
    return this.div(other, { roundingMode: 'floor' })
  }

  /** Whether each value is not a number. */
  isnan(): Tensor {
    return this.wrap(tf.isNaN(this.value))
  }

  /** Whether each value is infinite. */
  isinf(): Tensor {
    return this.wrap(tf.isInf(this.value))
  }

  /** Whether each value is a finite number. */
  isfinite(): Tensor {
    return this.wrap(tf.isFinite(this.value))
  }

  logicalAnd(other: Tensor): Tensor {
    return this.#logical('logicalAnd', other, tf.logicalAnd)
  }

  logicalOr(other: Tensor): Tensor {
    return this.#logical('logicalOr', other, tf.logicalOr)
  }

  logicalXor(other: Tensor): Tensor {
    return this.#logical('logicalXor', other, (a, b) => tf.notEqual(tf.cast(a, 'int32'), tf.cast(b, 'int32')))
  }

  /** As another type: `x.to(torch.float32)`, or on the lane's backend, where it is already: `x.to('cpu')`. */
  to(target: unknown): Tensor {
    const self = this as unknown as Tensor
    if (target === 'float32') return this.float()
    if (target === 'int32') return this.long()
    if (target === 'bool') return this.bool()
    assertDevice('to', [target])
    return self
  }

  /** Adds in place. In-place methods change parameters, buffers and tensors that were made, not computed ones. */
  add_(other: Operand): this {
    return this.#change('add_', other, tf.add)
  }

  sub_(other: Operand): this {
    return this.#change('sub_', other, tf.sub)
  }

  mul_(other: Operand): this {
    return this.#change('mul_', other, tf.mul)
  }

  div_(other: Operand): this {
    return this.#change('div_', other, tf.div)
  }

  /** Takes over the values of another tensor. */
  copy_(other: Tensor): this {
    return this.#change('copy_', other, (_, values) => values)
  }

  /** Sets every value to `value`. */
  fill_(value: number): this {
    return this.#change('fill_', value, (_, filling) => filling)
  }

  /** Sets every value to 0. */
  zero_(): this {
    return this.fill_(0)
  }

  /** Holds all values within bounds. */
  clamp_(min?: number | ClampOptions | null, max?: number | null): this {
    return this.changeInPlace('clamp_', () => this.clamp(min, max).value)
  }

  #change(where: string, other: Operand, compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): this {
    if (typeof other !== 'number') assertBroadcastable(where, this.shape, other.shape)
    assertKeepsType(where, this.dtype, other)
    return this.changeInPlace(where, (value) => {
      const operand =
        typeof other === 'number' ? tf.scalar(other, value.dtype) : tf.cast(other.value, value.dtype)
      return tf.broadcastTo(compute(value, operand), [...this.shape])
    })
  }

  #logical(where: string, other: Tensor, compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Tensor {
    assertBroadcastable(where, this.shape, other.shape)
    return this.wrap(tf.tidy(() => compute(tf.cast(this.value, 'bool'), tf.cast(other.value, 'bool'))))
  }

  /** A function whose values are not whole: float32 also of int32 and bool. */
  #inFloats(compute: Unary): Tensor {
    return this.mapped((x) => compute(asFloats(x)))
  }

  /** Rounding, which leaves whole numbers as they are. */
  #toWhole(compute: Unary): Tensor {
    return this.mapped((x) => (x.dtype === 'float32' ? compute(x) : tf.clone(x)))
  }

  protected mapped(compute: Unary): Tensor {
    const output = this.computed([this], () => compute(this.value))
    output.flattenedFrom = this.flattenedFrom
    return output
  }

  protected combined(where: string, other: Operand, compute: Binary): Tensor {
    if (typeof other === 'number') return this.mapped((x) => compute(x, other))
    assertBroadcastable(where, this.shape, other.shape)
    const output = this.computed([this, other], () => compute(this.value, other.value))
    output.flattenedFrom = this.flattenedFrom ?? other.flattenedFrom
    return output
  }

  protected compared(where: string, other: Operand, compute: Binary): Tensor {
    if (typeof other === 'number') return this.wrap(tf.tidy(() => compute(this.value, other)))
    assertBroadcastable(where, this.shape, other.shape)
    return this.wrap(tf.tidy(() => compute(this.value, other.value)))
  }
}
