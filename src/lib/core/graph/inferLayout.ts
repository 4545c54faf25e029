/** Shape rules of operators that only move elements: reshaping, slicing, gathering, scattering, padding. */
import { at, last } from '../util/at'
import { printNumbers, printShape, sizeOf, type Shape } from '../util/shapes'
import { broadcast } from './inferElements'
import {
  axisOf,
  constantInts,
  expectConstant,
  expectDType,
  listAttribute,
  mismatch,
  numberAttribute,
  operandAt,
  operandsOf,
  requiredInts,
  sizeAt,
  textAttribute,
  type Call,
} from './opRule'
import type { DType, TensorType } from './types'

/** The shape rule of Concat. */
export function inferConcat(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  const axis = axisOf(call, numberAttribute(call, 'axis'), shape.length)
  let size = 0
  for (const operand of operandsOf(call)) {
    expectDType(call, operand, [dtype])
    if (!isEqualBeside(operand.shape, shape, axis)) {
      const got = printShape(operand.shape)
      throw mismatch(
        call,
        `shapes like ${printShape(shape)} beside axis ${axis}`,
        got,
        'Reshape the operand.',
      )
    }
    size += sizeAt(operand.shape, axis)
  }
  return [{ dtype, shape: shape.with(axis, size) }]
}

function isEqualBeside(a: Shape, b: Shape, axis: number): boolean {
  return a.length === b.length && a.every((size, index) => index === axis || size === b[index])
}

/** The shape rule of Expand. */
export function inferExpand(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  return [{ dtype, shape: broadcast(call, [shape, requiredInts(call, 1)]) }]
}

/** In the wanted shape 0 keeps the size of that axis and -1 takes what remains. */
export function inferReshape(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  const wanted = requiredInts(call, 1).map((size, axis) => (size === 0 ? at(shape, axis) : size))
  const known = wanted.filter((size) => size !== -1)
  const rest = wanted.length > known.length ? sizeOf(shape) / Math.max(1, sizeOf(known)) : 1
  const result = wanted.map((size) => (size === -1 ? rest : size))
  if (wanted.length - known.length > 1 || !Number.isInteger(rest) || sizeOf(result) !== sizeOf(shape)) {
    throw mismatch(call, `a shape of ${sizeOf(shape)} elements`, printShape(wanted), 'Check the sizes.')
  }
  return [{ dtype, shape: result }]
}

/** What Slice takes of one axis: `size` elements from `start`, `step` apart. */
export interface AxisSlice {
  readonly start: number
  readonly step: number
  readonly size: number
}

/** Per axis, in order. Bounds are clamped as in NumPy. */
export function slicesOf(call: Call): readonly AxisSlice[] {
  const { shape } = operandAt(call, 0)
  const [starts, ends] = [requiredInts(call, 1), requiredInts(call, 2)]
  const axes = (constantInts(call, 3) ?? starts.map((_, axis) => axis)).map((axis) =>
    axisOf(call, axis, shape.length),
  )
  const steps = constantInts(call, 4) ?? starts.map(() => 1)
  if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
    const got = [starts, ends, axes, steps].map(printShape).join(' ')
    throw mismatch(call, 'as many starts, ends, axes and steps', got, 'Give one of each per axis.')
  }
  return shape.map((size, axis) => {
    const index = axes.indexOf(axis)
    const [start, end, step] = [starts[index] ?? 0, ends[index] ?? size, steps[index] ?? 1]
    return axisSlice(call, { start, end, step }, size)
  })
}

function axisSlice(call: Call, range: { start: number; end: number; step: number }, size: number): AxisSlice {
  const { step } = range
  if (step === 0) throw mismatch(call, 'a step other than 0', '0', 'Use 1 or -1.')
  const fromFront = (index: number): number => (index < 0 ? index + size : index)
  const clamp = (index: number, low: number, high: number): number => Math.min(Math.max(index, low), high)
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const start = clamp(fromFront(range.start), Math.max(low, 0), high)
  const end = clamp(fromFront(range.end), low, high)
  return { start, step, size: Math.max(0, Math.ceil((end - start) / step)) }
}

/** The shape rule of Slice. */
export function inferSlice(call: Call): readonly TensorType[] {
  return [{ dtype: operandAt(call, 0).dtype, shape: slicesOf(call).map(({ size }) => size) }]
}

/** One output per entry of the second operand, which ONNX would allow to be left out. */
export function inferSplit(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  const axis = axisOf(call, numberAttribute(call, 'axis'), shape.length)
  const sizes = requiredInts(call, 1)
  if (sizes.reduce((sum, size) => sum + size, 0) !== shape[axis]) {
    const expected = `sizes that add up to ${sizeAt(shape, axis)}`
    throw mismatch(call, expected, printNumbers(sizes), 'Check the split.')
  }
  return sizes.map((size) => ({ dtype, shape: shape.with(axis, size) }))
}

/** The shape rule of Tile. */
export function inferTile(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  const repeats = requiredInts(call, 1)
  if (repeats.length !== shape.length) {
    throw mismatch(call, `${shape.length} repeats`, printShape(repeats), 'Give one per axis.')
  }
  return [{ dtype, shape: shape.map((size, axis) => size * sizeAt(repeats, axis)) }]
}

/** The order of the axes; reversed where `perm` is left out. */
export function permutationOf(call: Call): readonly number[] {
  const rank = operandAt(call, 0).shape.length
  const perm = listAttribute(call, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
  if (perm.length !== rank || perm.some((_, axis) => !perm.includes(axis))) {
    throw mismatch(call, `a permutation of ${rank} axes`, printNumbers(perm), 'Name each axis once.')
  }
  return perm
}

/** The shape rule of Transpose. */
export function inferTranspose(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  return [{ dtype, shape: permutationOf(call).map((axis) => sizeAt(shape, axis)) }]
}

/** pads: what is added before each axis, then after each axis; only with a constant. */
export function inferPad(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  const pads = requiredInts(call, 1)
  if (pads.length !== 2 * shape.length || pads.some((pad) => pad < 0)) {
    const expected = `${2 * shape.length} pads of 0 or more`
    throw mismatch(call, expected, printNumbers(pads), 'Give begins, then ends; crop with Slice.')
  }
  expectText(call, 'mode', ['constant'])
  const value = call.operands[2]
  if (value !== undefined) {
    expectDType(call, value, [dtype])
    expectConstant(call, 2)
  }
  return [
    {
      dtype,
      shape: shape.map((size, axis) => size + sizeAt(pads, axis) + sizeAt(pads, axis + shape.length)),
    },
  ]
}

function expectText(call: Call, name: string, known: readonly string[]): void {
  const value = textAttribute(call, name)
  if (!known.includes(value))
    throw mismatch(call, `${name} ${known.join(' or ')}`, value, 'Use one of these.')
}

const indexTypes: readonly DType[] = ['int32', 'int64']

/** The shape rule of Gather. */
export function inferGather(call: Call): readonly TensorType[] {
  const [{ dtype, shape }, indices] = [operandAt(call, 0), operandAt(call, 1)]
  expectDType(call, indices, indexTypes)
  const axis = axisOf(call, numberAttribute(call, 'axis'), shape.length)
  return [{ dtype, shape: [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)] }]
}

function expectWithin(call: Call, indices: Shape, shape: Shape): void {
  const axis = axisOf(call, numberAttribute(call, 'axis'), shape.length)
  const fits = indices.every((size, index) => index === axis || size <= sizeAt(shape, index))
  if (indices.length === shape.length && fits) return
  throw mismatch(
    call,
    `indices within ${printShape(shape)}`,
    printShape(indices),
    'Slice or reshape the indices.',
  )
}

/** data [...], indices [.., depth] -> [.., ...data axes after depth]. */
export function inferGatherND(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  return [{ dtype, shape: slicesByIndex(call, shape) }]
}

function slicesByIndex(call: Call, shape: Shape): Shape {
  const indices = operandAt(call, 1)
  expectDType(call, indices, ['int64'])
  const depth = last(indices.shape)
  if (depth < 1 || depth > shape.length) {
    const expected = `indices with a last axis of 1 to ${shape.length}`
    throw mismatch(call, expected, printShape(indices.shape), 'Reshape the indices.')
  }
  return [...indices.shape.slice(0, -1), ...shape.slice(depth)]
}

/** The shape rule of ScatterElements. */
export function inferScatterElements(call: Call): readonly TensorType[] {
  const [{ dtype, shape }, indices] = [operandAt(call, 0), operandAt(call, 1)]
  expectDType(call, indices, indexTypes)
  expectWithin(call, indices.shape, shape)
  expectUpdates(call, dtype, indices.shape)
  return [{ dtype, shape }]
}

/** The shape rule of ScatterND. */
export function inferScatterND(call: Call): readonly TensorType[] {
  const { dtype, shape } = operandAt(call, 0)
  expectUpdates(call, dtype, slicesByIndex(call, shape))
  return [{ dtype, shape }]
}

function expectUpdates(call: Call, dtype: DType, shape: Shape): void {
  const updates = operandAt(call, 2)
  expectDType(call, updates, [dtype])
  expectText(call, 'reduction', ['none', 'add'])
  if (printShape(updates.shape) === printShape(shape)) return
  throw mismatch(call, `updates ${printShape(shape)}`, printShape(updates.shape), 'Reshape the updates.')
}
