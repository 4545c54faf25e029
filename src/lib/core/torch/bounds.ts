/** The larger and the smaller of two, values between bounds, and one of two by a condition. */
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { maximumOf } from './kernels'
import { other, type Operand } from './kinds'
import { asNumbers } from './promotion'
import { combined, mapped, result } from './result'
import { Tensor } from './tensorBase'
import { assertBroadcastable } from '../util/shapeChecks'

/** The bounds of a clamp, of which one may be left out. */
export const boundsTable = { min: other.or(null), max: other.or(null) }

/** The larger of two, element by element. */
export function largerOf(input: Tensor, operand: Operand): Tensor {
  return combined('maximum', input, operand, (a, b) => maximumOf(asNumbers(a), asNumbers(b)))
}

/** The smaller of two, element by element. */
export function smallerOf(input: Tensor, operand: Operand): Tensor {
  return combined('minimum', input, operand, (a, b) =>
    tf.neg(maximumOf(tf.neg(asNumbers(a)), tf.neg(asNumbers(b)))),
  )
}

/** Bounds are numbers, or tensors that broadcast. */
export function clamped(
  where: string,
  input: Tensor,
  { min, max }: { readonly min: Operand | null; readonly max: Operand | null },
): Tensor {
  if (min === null && max === null) {
    throw new ArgumentError(`${where}: expected min, max or both, got neither. Pass { min: 0 }.`)
  }
  if (min instanceof Tensor || max instanceof Tensor) {
    const above = min === null ? input : largerOf(input, min)
    return max === null ? above : smallerOf(above, max)
  }
  return mapped(input, (x) => tf.clipByValue(x, Number(min ?? -Infinity), Number(max ?? Infinity)))
}

/** `input` where the condition is true, `otherwise` elsewhere; all three broadcast. */
export function selected(condition: Tensor, input: Operand, otherwise: Operand): Tensor {
  const operands = [input, otherwise].filter((each) => each instanceof Tensor)
  for (const each of operands) assertBroadcastable('where', condition.shape, each.shape)
  const valueOf = (each: Operand) => (each instanceof Tensor ? each.value : tf.scalar(Number(each)))
  return result(operands, () =>
    tf.where(tf.cast(condition.value, 'bool'), valueOf(input), valueOf(otherwise)),
  )
}
