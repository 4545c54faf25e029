/** Computes nodes whose operands are constants, in plain JavaScript: no engine, so no backend to choose or wait for. */
import { at } from '../util/at'
import { dataOf } from '../graph/elementTypes'
import { reducedAxes } from '../graph/inferElements'
import { permutationOf, slicesOf } from '../graph/inferLayout'
import { numberAttribute, type Call, type Operand } from '../graph/opRule'
import type { OpName } from '../graph/opNames'
import type { ConstantData, TensorType } from '../graph/types'
import { sizeOf, type Shape } from '../util/shapes'

/** Elements are computed in double precision and rounded when they are stored. */
type Evaluate = (call: Call, result: TensorType) => Iterable<number>

/** The result's data; null for an operator that has no evaluator. All operands need data. */
export function evaluate(call: Call, result: TensorType): ConstantData | null {
  const values = evaluators[call.op]?.(call, result)
  return values === undefined ? null : dataOf(values, result.dtype)
}

const map =
  (compute: (...operands: number[]) => number): Evaluate =>
  (call, { shape }) => {
    const readers = call.operands.map((operand) => broadcastReader(operand, shape))
    return indices(shape, (index) => compute(...readers.map((read) => read(index))))
  }

const move = (source: (call: Call, index: readonly number[]) => readonly number[]): Evaluate =>
  function (call, { shape }) {
    const read = reader(call.operands[0])
    return indices(shape, (index) => read(source(call, index)))
  }

const copy: Evaluate = ({ operands }) => operands[0]?.data ?? []

/** Half to even, as ONNX rounds. */
const round = (x: number): number => {
  const nearest = Math.round(x)
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest
}

const evaluators: Partial<Record<OpName, Evaluate>> = {
  Abs: map(Math.abs),
  Ceil: map(Math.ceil),
  Cos: map(Math.cos),
  Exp: map(Math.exp),
  Floor: map(Math.floor),
  Log: map(Math.log),
  Neg: map((x) => -x),
  Not: map((x) => (x === 0 ? 1 : 0)),
  Reciprocal: map((x) => 1 / x),
  Relu: map((x) => Math.max(0, x)),
  Round: map(round),
  Sigmoid: map((x) => 1 / (1 + Math.exp(-x))),
  Sin: map(Math.sin),
  Sqrt: map(Math.sqrt),
  Tanh: map(Math.tanh),
  Cast: (call, { dtype }) => {
    const values: number[] = Array.from(call.operands[0]?.data ?? [])
    if (dtype === 'bool') return values.map((value) => (value === 0 ? 0 : 1))
    return dtype === 'float32' ? values : values.map(Math.trunc)
  },

  Add: map((a, b) => a + b),
  And: map((a, b) => (a !== 0 && b !== 0 ? 1 : 0)),
  Div: map((a, b) => a / b),
  Equal: map((a, b) => Number(a === b)),
  Greater: map((a, b) => Number(a > b)),
  GreaterOrEqual: map((a, b) => Number(a >= b)),
  Less: map((a, b) => Number(a < b)),
  LessOrEqual: map((a, b) => Number(a <= b)),
  Max: map(Math.max),
  Min: map(Math.min),
  Mul: map((a, b) => a * b),
  Or: map((a, b) => (a !== 0 || b !== 0 ? 1 : 0)),
  Pow: map((a, b) => a ** b),
  Sub: map((a, b) => a - b),
  Where: map((condition, a, b) => (condition === 0 ? b : a)),

  ReduceMax: reduce(Math.max, -Infinity),
  ReduceMin: reduce(Math.min, Infinity),
  ReduceProd: reduce((a, b) => a * b, 1),
  ReduceSum: reduce((a, b) => a + b, 0),
  ReduceMean: (call, result) => {
    const count = sizeOf(call.operands[0]?.shape ?? []) / sizeOf(result.shape)
    return Array.from(reduce((a, b) => a + b, 0)(call, result), (sum) => sum / count)
  },

  Expand: (call, { shape }) => indices(shape, broadcastReader(call.operands[0], shape)),
  Reshape: copy,
  Concat: (call, { shape }) => {
    const axis = numberAttribute(call, 'axis')
    return concatenated(call.operands, axis < 0 ? axis + shape.length : axis, shape)
  },
  Slice: (call, result) => {
    const slices = slicesOf(call)
    return move((_, index) =>
      index.map((at, axis) => (slices[axis]?.start ?? 0) + at * (slices[axis]?.step ?? 1)),
    )(call, result)
  },
  Tile: move(({ operands: [operand] }, index) => index.map((at, axis) => at % (operand?.shape[axis] ?? 1))),
  Transpose: (call, result) => {
    const perm = permutationOf(call)
    return move((_, index) => perm.map((_, axis) => at(index, perm.indexOf(axis))))(call, result)
  },
}

function reduce(combine: (a: number, b: number) => number, start: number): Evaluate {
  return (call, { shape }) => {
    const operand = call.operands[0]
    const axes = new Set(reducedAxes(call))
    const sums = new Array<number>(sizeOf(shape)).fill(start)
    const kept = (operand?.shape ?? []).map((size, axis) => (axes.has(axis) ? 1 : size))
    const strides = stridesOf(kept)
    const read = reader(operand)
    indices(operand?.shape ?? [], (index) => {
      const target = index.reduce(
        (sum, position, axis) => sum + (axes.has(axis) ? 0 : position * at(strides, axis)),
        0,
      )
      sums[target] = combine(at(sums, target), read(index))
      return 0
    })
    return sums
  }
}

function concatenated(operands: Call['operands'], axis: number, shape: Shape): number[] {
  const parts: { read: (index: readonly number[]) => number; start: number; end: number }[] = []
  let start = 0
  for (const operand of operands) {
    const end = start + (operand?.shape[axis] ?? 0)
    parts.push({ read: reader(operand), start, end })
    start = end
  }
  return indices(shape, (index) => {
    const position = at(index, axis)
    const part = parts.find(({ end }) => position < end)
    return part?.read(index.with(axis, position - part.start)) ?? NaN
  })
}

/** What `compute` gives for every index of a shape, row-major. */
function indices(shape: Shape, compute: (index: readonly number[]) => number): number[] {
  const index = shape.map(() => 0)
  return Array.from({ length: sizeOf(shape) }, () => {
    const value = compute(index)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = at(index, axis) + 1
      index[axis] = next < at(shape, axis) ? next : 0
      if (index[axis] !== 0) break
    }
    return value
  })
}

/** Reads an operand at an index of its own shape. */
function reader(operand: Operand | undefined): (index: readonly number[]) => number {
  const { shape = [], data = [] } = operand ?? {}
  const strides = stridesOf(shape)
  return (index) =>
    at(
      data,
      index.reduce((sum, position, axis) => sum + position * at(strides, axis), 0),
    )
}

/** Reads an operand at an index of the shape that it is broadcast to. */
function broadcastReader(operand: Operand | undefined, to: Shape): (index: readonly number[]) => number {
  const { shape = [], data = [] } = operand ?? {}
  const own = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride))
  const strides = [...new Array<number>(to.length - shape.length).fill(0), ...own]
  return (index) =>
    at(
      data,
      index.reduce((sum, position, axis) => sum + position * at(strides, axis), 0),
    )
}

function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
}
