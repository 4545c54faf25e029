/** What tensors answer with true and false, element by element. */
import { tf } from '../../eager/tfjs'
import { flag, number } from '../../util/kinds'
import { assertBroadcastable } from '../../util/shapeChecks'
import { isSameShape } from '../../util/shapes'
import { other, otherTensor, type Operand } from '../kinds'
import { constant, type Binary, type Unary } from '../result'
import { Tensor } from '../tensorBase'
import { tensorOp, type NoTable, type TensorOp } from '../tensorOp'

const comparison = (name: string, compute: Binary): TensorOp<{ readonly other: typeof other }, Tensor> =>
  tensorOp(name, { other }, (input, values) => compared(name, input, values.other, compute))

const logical = (
  name: string,
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): TensorOp<{ readonly other: typeof otherTensor }, Tensor> =>
  tensorOp(name, { other: otherTensor }, (input, values) => {
    assertBroadcastable(name, input.shape, values.other.shape)
    return constant(() => compute(tf.cast(input.value, 'bool'), tf.cast(values.other.value, 'bool')))
  })

const test = (name: string, compute: Unary): TensorOp<NoTable, Tensor> =>
  tensorOp(name, {}, (input) => constant(() => compute(input.value)))

/** input > other */
export const gt = comparison('gt', tf.greater)
/** input ≥ other */
export const ge = comparison('ge', tf.greaterEqual)
/** input < other */
export const lt = comparison('lt', tf.less)
/** input ≤ other */
export const le = comparison('le', tf.lessEqual)
/** Whether the elements are equal. */
export const eq = comparison('eq', tf.equal)
/** Whether the elements differ. */
export const ne = comparison('ne', tf.notEqual)
/** Whether both are true. */
export const logicalAnd = logical('logicalAnd', tf.logicalAnd)
/** Whether one or both are true. */
export const logicalOr = logical('logicalOr', tf.logicalOr)
/** Whether exactly one is true. */
export const logicalXor = logical('logicalXor', (a, b) =>
  tf.notEqual(tf.cast(a, 'int32'), tf.cast(b, 'int32')),
)
/** Whether each element is 0 or false. */
export const logicalNot = test('logicalNot', (x) => tf.logicalNot(tf.cast(x, 'bool')))
/** Whether each element is not a number. */
export const isnan = test('isnan', tf.isNaN)
/** Whether each element is infinite. */
export const isinf = test('isinf', tf.isInf)
/** Whether each element is a finite number. */
export const isfinite = test('isfinite', tf.isFinite)

const closeness = {
  other: otherTensor,
  /** Share of |other| by which values may differ. */
  rtol: number.or(1e-5),
  /** Difference that is always allowed. */
  atol: number.or(1e-8),
  /** Whether NaN is close to NaN. */
  equalNan: flag.or(false),
}

/** Whether each value agrees within atol + rtol·|other|. */
export const isclose = tensorOp('isclose', closeness, (input, values): Tensor =>
  close('isclose', input, values),
)

/** Whether all values agree within atol + rtol·|other|; reads back: await it. */
export const allclose = tensorOp('allclose', closeness, (input, values): Promise<boolean> =>
  isAllTrue(close('allclose', input, values)),
)

/** Whether shape and all values are the same; reads back: await it. */
export const equal = tensorOp(
  'equal',
  { other: otherTensor },
  async (input, values): Promise<boolean> =>
    isSameShape(input.shape, values.other.shape) &&
    (await isAllTrue(constant(() => tf.equal(input.value, values.other.value)))),
)

function compared(where: string, input: Tensor, operand: Operand, compute: Binary): Tensor {
  if (!(operand instanceof Tensor)) return constant(() => compute(input.value, Number(operand)))
  assertBroadcastable(where, input.shape, operand.shape)
  return constant(() => compute(input.value, operand.value))
}

interface Closeness {
  readonly other: Tensor
  readonly rtol: number
  readonly atol: number
  readonly equalNan: boolean
}

function close(where: string, input: Tensor, { other: target, rtol, atol, equalNan }: Closeness): Tensor {
  assertBroadcastable(where, input.shape, target.shape)
  return constant(() => {
    const [a, b] = [tf.cast(input.value, 'float32'), tf.cast(target.value, 'float32')]
    const isNear = tf.lessEqual(tf.abs(tf.sub(a, b)), tf.add(tf.mul(tf.abs(b), rtol), atol))
    // Infinities are close to themselves only: ∞ − ∞ is no number, and everything is within rtol·∞.
    const isClose = tf.logicalOr(tf.equal(a, b), tf.logicalAnd(isNear, tf.isFinite(b)))
    return equalNan ? tf.logicalOr(isClose, tf.logicalAnd(tf.isNaN(a), tf.isNaN(b))) : isClose
  })
}

async function isAllTrue(tensor: Tensor): Promise<boolean> {
  return (await constant(() => tf.all(tf.cast(tensor.value, 'bool'))).item()) === 1
}
