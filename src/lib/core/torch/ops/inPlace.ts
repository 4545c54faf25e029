/** Changes in place: of parameters, buffers and tensors that were made, not of computed ones. */
import { tf } from '../../eager/tfjs'
import { flag, number } from '../../util/kinds'
import { boundsTable, clamped } from '../bounds'
import { other, otherTensor, tensor, type Operand } from '../kinds'
import { assertKeepsType } from '../promotion'
import { changeInPlace, Tensor } from '../tensorBase'
import { tensorOp, type TensorOp } from '../tensorOp'
import { assertBroadcastable } from '../../util/shapeChecks'

type Kernel = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

const scaled = { other, alpha: number.named.or(1) }

/** Adds alpha·other. */
export const add_ = tensorOp('add_', scaled, (input, values): Tensor => change('add_', input, values, tf.add))

/** Takes away alpha·other. */
export const sub_ = tensorOp('sub_', scaled, (input, values): Tensor => change('sub_', input, values, tf.sub))

const changing = (name: string, compute: Kernel): TensorOp<{ readonly other: typeof other }, Tensor> =>
  tensorOp(name, { other }, (input, values) => change(name, input, values, compute))

/** Multiplies by other. */
export const mul_ = changing('mul_', tf.mul)

/** Divides by other. */
export const div_ = changing('div_', tf.div)

/** Takes over the values of another tensor. */
export const copy_ = tensorOp(
  'copy_',
  { src: otherTensor, nonBlocking: flag.or(false).unused('nothing is copied between devices') },
  (input, { src }): Tensor => change('copy_', input, { other: src }, (_, values) => values),
)

/** Sets every value to `value`. */
export const fill_ = tensorOp('fill_', { value: other }, (input, { value }): Tensor =>
  change('fill_', input, { other: value }, (_, filling) => filling),
)

/** Sets every value to 0. */
export const zero_ = tensorOp('zero_', {}, (input): Tensor =>
  change('zero_', input, { other: 0 }, (_, filling) => filling),
)

/** Sets the values to `value` where the mask is true. */
export const maskedFill_ = tensorOp(
  'maskedFill_',
  { mask: tensor, value: number },
  (input, { mask, value }): Tensor =>
    changeInPlace(input, 'maskedFill_', (x) =>
      tf.where(tf.cast(mask.value, 'bool'), tf.cast(tf.fill(x.shape, value), x.dtype), x),
    ),
)

/** Holds all values within bounds. */
export const clamp_ = tensorOp('clamp_', boundsTable, (input, bounds): Tensor =>
  changeInPlace(input, 'clamp_', () => clamped('clamp_', input, bounds).value),
)

function change(
  where: string,
  input: Tensor,
  { other: operand, alpha = 1 }: { readonly other: Operand; readonly alpha?: number },
  compute: Kernel,
): Tensor {
  if (operand instanceof Tensor) assertBroadcastable(where, input.shape, operand.shape)
  assertKeepsType(where, input.dtype, operand)
  return changeInPlace(input, where, (value) => {
    const given =
      operand instanceof Tensor
        ? tf.cast(operand.value, value.dtype)
        : tf.scalar(Number(operand), value.dtype)
    const scaledOperand = alpha === 1 ? given : tf.mul(given, tf.scalar(alpha, value.dtype))
    return tf.broadcastTo(compute(value, scaledOperand), [...input.shape])
  })
}
