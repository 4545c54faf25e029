/** Shape rules of what works on elements, and of reductions and products. */
import { printShape, type Shape } from '../util/shapes'
import {
  axisOf,
  constantInts,
  expectDType,
  expectRank,
  listAttribute,
  mismatch,
  numberAttribute,
  operandAt,
  operandsOf,
  printType,
  sizeAt,
  type Call,
} from './opRule'
import { dtypeOfElementType } from './elementTypes'
import type { DType, TensorType } from './types'

/** Shape of elementwise results: sizes are aligned at the end; a 1 stretches. Throws ShapeError. */
export function broadcast(call: Pick<Call, 'op'>, shapes: readonly Shape[]): Shape {
  return shapes.reduce((a, b) => broadcastPair(call, a, b), [])
}

function broadcastPair(call: Pick<Call, 'op'>, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left === right || right === 1) return left
    if (left === 1) return right
    const got = `${printShape(a)} and ${printShape(b)}`
    throw mismatch(call, 'shapes that broadcast', got, 'Make the sizes equal, or one of them 1.')
  })
}

/** Operands of one element type, one of `dtypes`; the result has it too, or `result`. */
export function elements(dtypes: readonly DType[], result?: DType) {
  return (call: Call): readonly TensorType[] => {
    const operands = operandsOf(call)
    const { dtype } = operandAt(call, 0)
    for (const operand of operands) {
      expectDType(call, operand, dtypes)
      expectDType(call, operand, [dtype])
    }
    const shapes = operands.map(({ shape }) => shape)
    return [{ dtype: result ?? dtype, shape: broadcast(call, shapes) }]
  }
}

/** The exponent may have another element type than the base. */
export function inferPow(call: Call): readonly TensorType[] {
  const [base, exponent] = [operandAt(call, 0), operandAt(call, 1)]
  for (const operand of [base, exponent]) expectDType(call, operand, ['float32', 'int32', 'int64'])
  return [{ dtype: base.dtype, shape: broadcast(call, [base.shape, exponent.shape]) }]
}

/** The shape rule of Cast. */
export function inferCast(call: Call): readonly TensorType[] {
  return [{ dtype: dtypeOfElementType(numberAttribute(call, 'to')), shape: operandAt(call, 0).shape }]
}

/** The bounds are scalars. */
export function inferClip(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  for (const operand of operandsOf(call)) {
    expectDType(call, operand, ['float32', 'int32', 'int64'])
    expectDType(call, operand, [dtype])
  }
  for (const bound of operandsOf(call).slice(1)) expectRank(call, bound, 0, 'a scalar as bound')
  return [{ dtype, shape }]
}

/** The shape rule of Where: all three broadcast. */
export function inferWhere(call: Call): readonly TensorType[] {
  const [condition, a, b] = [operandAt(call, 0), operandAt(call, 1), operandAt(call, 2)]
  expectDType(call, condition, ['bool'])
  expectDType(call, b, [a.dtype])
  return [{ dtype: a.dtype, shape: broadcast(call, [condition.shape, a.shape, b.shape]) }]
}

/** Axes that a reduction runs over, counted from the front; all of them where `axes` is left out or empty. */
export function reducedAxes(call: Call): readonly number[] {
  const rank = operandAt(call, 0).shape.length
  const axes = constantInts(call, 1) ?? listAttribute(call, 'axes')
  if (axes === undefined || axes.length === 0) return Array.from({ length: rank }, (_, axis) => axis)
  return axes.map((axis) => axisOf(call, axis, rank))
}

/** The shape rule of reductions of the given types. */
export function reduction(dtypes: readonly DType[]) {
  return (call: Call): readonly TensorType[] => {
    const operand = operandAt(call, 0)
    expectDType(call, operand, dtypes)
    return [{ dtype: operand.dtype, shape: withoutAxes(call, operand.shape, reducedAxes(call)) }]
  }
}

/** The shape rule of ArgMax and ArgMin. */
export function inferArgMax(call: Call): readonly TensorType[] {
  const operand = operandAt(call, 0)
  expectDType(call, operand, ['float32', 'int32'])
  const axis = axisOf(call, numberAttribute(call, 'axis'), operand.shape.length)
  return [{ dtype: 'int64', shape: withoutAxes(call, operand.shape, [axis]) }]
}

function withoutAxes(call: Call, shape: Shape, axes: readonly number[]): Shape {
  if (numberAttribute(call, 'keepdims') === 1) {
    return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  }
  return shape.filter((_, axis) => !axes.includes(axis))
}

/** The shape rule of Softmax. */
export function inferSoftmax(call: Call): readonly TensorType[] {
  const operand = operandAt(call, 0)
  expectDType(call, operand, ['float32'])
  axisOf(call, numberAttribute(call, 'axis'), operand.shape.length)
  return [{ dtype: 'float32', shape: operand.shape }]
}

/** The axis of CumSum, counted from the front: a constant scalar. */
export function cumSumAxis(call: Call): number {
  const [axis = 0] = constantInts(call, 1) ?? []
  return axisOf(call, axis, operandAt(call, 0).shape.length)
}

/** The shape rule of CumSum. */
export function inferCumSum(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  expectDType(call, { dtype, shape }, ['float32', 'int32', 'int64'])
  expectRank(call, operandAt(call, 1), 0, 'a scalar as axis')
  cumSumAxis(call)
  return [{ dtype, shape }]
}

/** A [.., m, k] · B [.., k, n] = [.., m, n]. Vectors, which ONNX allows, are reshaped by whoever adds the node. */
export function inferMatMul(call: Call): readonly TensorType[] {
  const [a, b] = [operandAt(call, 0), operandAt(call, 1)]
  for (const operand of [a, b]) {
    expectDType(call, operand, ['float32', 'int32'])
    expectDType(call, operand, [a.dtype])
    if (operand.shape.length < 2) {
      throw mismatch(call, 'matrices', printType(operand), 'Reshape the vector to a matrix.')
    }
  }
  const inner = [sizeAt(a.shape, a.shape.length - 1), sizeAt(b.shape, b.shape.length - 2)]
  if (inner[0] !== inner[1]) throw innerMismatch(call, a.shape, b.shape)
  const batch = broadcast(call, [a.shape.slice(0, -2), b.shape.slice(0, -2)])
  const [rows, columns] = [sizeAt(a.shape, a.shape.length - 2), sizeAt(b.shape, b.shape.length - 1)]
  return [{ dtype: a.dtype, shape: [...batch, rows, columns] }]
}

/** alpha · A' [m, k] · B' [k, n] + beta · C, where C broadcasts to [m, n]. */
export function inferGemm(call: Call): readonly TensorType[] {
  for (const operand of operandsOf(call)) expectDType(call, operand, ['float32'])
  const a = matrixShape(call, 0, 'transA')
  const b = matrixShape(call, 1, 'transB')
  if (a[1] !== b[0]) throw innerMismatch(call, a, b)
  const shape = [a[0], b[1]]
  const bias = call.operands[2]
  if (bias !== undefined && broadcast(call, [shape, bias.shape]).some((size, axis) => size !== shape[axis])) {
    const got = printShape(bias.shape)
    throw mismatch(call, `a bias that broadcasts to ${printShape(shape)}`, got, 'Reshape the bias.')
  }
  return [{ dtype: 'float32', shape }]
}

function matrixShape(call: Call, index: number, transposed: string): readonly [number, number] {
  const operand = operandAt(call, index)
  expectRank(call, operand, 2, 'a matrix')
  const [rows, columns] = [sizeAt(operand.shape, 0), sizeAt(operand.shape, 1)]
  return numberAttribute(call, transposed) === 1 ? [columns, rows] : [rows, columns]
}

function innerMismatch(call: Call, a: Shape, b: Shape) {
  const got = `${printShape(a)} and ${printShape(b)}`
  return mismatch(call, 'equal inner dimensions', got, 'Transpose one of them or change its units.')
}
