/** Small examples of every operator, with results worked out by hand: for every engine that runs graphs. */
import { elementTypes } from '../../src/lib/core/graph/elementTypes'
import type { OpName } from '../../src/lib/core/graph/opNames'
import type { Attributes } from '../../src/lib/core/graph/opRule'
import { GraphBuilder } from '../../src/lib/core/graph/builder'
import type { DType, Graph } from '../../src/lib/core/graph/types'

/** An operand: its values, row-major, with type and shape; by default a float32 vector. */
export interface Operand {
  readonly values: readonly number[]
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly isConstant?: true
}

const float = (values: readonly number[], shape: readonly number[] = [values.length]): Operand => ({
  values,
  dtype: 'float32',
  shape,
})
const int = (values: readonly number[], shape: readonly number[] = [values.length]): Operand => ({
  values,
  dtype: 'int32',
  shape,
})
const bool = (...values: number[]): Operand => ({ values, dtype: 'bool', shape: [values.length] })
const list = (...values: number[]): Operand => ({
  values,
  dtype: 'int64',
  shape: [values.length],
  isConstant: true,
})
const rows = (values: readonly number[], shape: readonly number[]): Operand => ({
  values,
  dtype: 'int64',
  shape,
})
const scalar = (value: number): Operand => ({
  values: [value],
  dtype: 'float32',
  shape: [],
  isConstant: true,
})
const axis = (value: number): Operand => ({ values: [value], dtype: 'int64', shape: [], isConstant: true })

export interface Case {
  readonly operands: readonly (Operand | null)[]
  readonly attributes?: Attributes
  /** Values of each output, row-major. */
  readonly expected: readonly (readonly number[])[]
}

function take(operands: readonly (Operand | null)[], ...expected: readonly number[][]): Case {
  return { operands, expected }
}

function having(attributes: Attributes, { operands, expected }: Case): Case {
  return { operands, attributes, expected }
}

const zeroToFive = float([0, 1, 2, 3, 4, 5], [2, 3])
/** 0 1 2 / 3 4 5 / 6 7 8 */
const image = float([0, 1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 3, 3])
const twoByTwo = { kernel_shape: [2, 2] }

/** What each operator gives, worked out by hand. */
export const operatorCases: { readonly [Op in OpName]: readonly Case[] } = {
  Abs: [take([float([-1, 0, 2])], [1, 0, 2]), take([int([-1, 2])], [1, 2])],
  Ceil: [take([float([-1.5, 1.2])], [-1, 2])],
  Cos: [take([float([0, Math.PI])], [1, -1])],
  Elu: [
    take([float([-1, 2])], [Math.exp(-1) - 1, 2]),
    having({ alpha: 2 }, take([float([-1, 2])], [2 * (Math.exp(-1) - 1), 2])),
  ],
  Erf: [take([float([0, 1])], [0, 0.8427007929])],
  Exp: [take([float([0, 1])], [1, Math.E])],
  Floor: [take([float([-1.5, 1.2])], [-2, 1])],
  LeakyRelu: [having({ alpha: 0.5 }, take([float([-2, 2])], [-1, 2])), take([float([-1])], [-0.01])],
  Log: [take([float([1, Math.E])], [0, 1])],
  Neg: [take([int([1, -2])], [-1, 2])],
  Not: [take([bool(1, 0)], [0, 1])],
  Reciprocal: [take([float([2, -4])], [0.5, -0.25])],
  Relu: [take([float([-2, 3])], [0, 3]), take([int([-2, 3])], [0, 3])],
  Round: [take([float([0.5, 1.5, -2.5, 2.6])], [0, 2, -2, 3])],
  Selu: [
    take(
      [float([1, -1])],
      [1.0507009873554805, 1.0507009873554805 * 1.6732632423543772 * (Math.exp(-1) - 1)],
    ),
    having({ alpha: 1, gamma: 2 }, take([float([3])], [6])),
  ],
  Sigmoid: [take([float([0, Math.log(3)])], [0.5, 0.75])],
  Sin: [take([float([0, Math.PI / 2])], [0, 1])],
  Softplus: [take([float([0, 100, -100])], [Math.log(2), 100, 0])],
  Sqrt: [take([float([4, 2.25])], [2, 1.5])],
  Tanh: [take([float([0, Math.log(3)])], [0, 0.8])],
  Cast: [
    having({ to: elementTypes.int32 }, take([float([-1.7, 1.7])], [-1, 1])),
    having({ to: elementTypes.bool }, take([float([-1.7, 0])], [1, 0])),
    having({ to: elementTypes.float32 }, take([bool(0, 1)], [0, 1])),
    having({ to: elementTypes.int64 }, take([int([3])], [3])),
  ],
  Clip: [
    take([float([-2, 0, 2]), scalar(-1), scalar(1)], [-1, 0, 1]),
    take([float([-2, 0, 2]), null, scalar(1)], [-2, 0, 1]),
    take([float([-2])], [-2]),
  ],
  Add: [take([float([1, 2], [2, 1]), float([10, 20])], [11, 21, 12, 22]), take([int([1]), int([2])], [3])],
  And: [take([bool(1, 1, 0), bool(1, 0, 0)], [1, 0, 0])],
  Div: [
    take([float([1, 3]), float([4, 2])], [0.25, 1.5]),
    take([int([7, -7, 6]), int([2, 2, -4])], [3, -3, -1]),
  ],
  Equal: [take([int([1, 2]), int([1, 3])], [1, 0]), take([bool(1, 0), bool(0, 0)], [0, 1])],
  Greater: [take([float([1, 2, 3]), float([2])], [0, 0, 1])],
  GreaterOrEqual: [take([float([1, 2, 3]), float([2])], [0, 1, 1])],
  Less: [take([float([1, 2, 3]), float([2])], [1, 0, 0])],
  LessOrEqual: [take([int([1, 2, 3]), int([2])], [1, 1, 0])],
  Max: [take([float([1, 5]), float([4]), float([2, 3])], [4, 5]), take([float([1])], [1])],
  Min: [take([float([1, 5]), float([4]), float([2, 3])], [1, 3])],
  Mul: [take([float([1, 2]), scalar(3)], [3, 6])],
  Or: [take([bool(1, 1, 0), bool(1, 0, 0)], [1, 1, 0])],
  Pow: [take([float([2, 9]), float([3, 0.5])], [8, 3]), take([float([-2]), int([3])], [-8])],
  Sub: [take([float([1, 2]), float([10, 20], [2, 1])], [-9, -8, -19, -18])],
  Where: [take([bool(1, 0), float([1, 2]), scalar(9)], [1, 9])],

  Gemm: [
    take([zeroToFive, float([1, 0, 0, 1, 1, 1], [3, 2]), float([10, 20])], [12, 23, 18, 29]),
    // 2 · (1 · 3 + 2 · 4) + 0.5 · 10
    having(
      { alpha: 2, beta: 0.5, transA: 1, transB: 1 },
      take([float([1, 2], [2, 1]), float([3, 4], [1, 2]), float([10])], [27]),
    ),
  ],
  MatMul: [
    take([zeroToFive, float([1, 0, 0, 1, 1, 1], [3, 2])], [2, 3, 8, 9]),
    // Batches [2, 1] and [3] broadcast to [2, 3].
    take([float([1, 2], [2, 1, 1, 1]), float([1, 10, 100], [3, 1, 1])], [1, 10, 100, 2, 20, 200]),
  ],
  Conv: [
    take([image, float([1, 0, 0, -1], [1, 1, 2, 2]), float([0.5])], [-3.5, -3.5, -3.5, -3.5]),
    // Pads to the right and below only: x[i][j] + 10 x[i+1][j+1].
    having(
      { pads: [0, 0, 1, 1], strides: [2, 2] },
      take([image, float([1, 0, 0, 10], [1, 1, 2, 2])], [40, 2, 6, 8]),
    ),
    having({ dilations: [2, 2] }, take([image, float([1, 2, 3, 4], [1, 1, 2, 2])], [54])),
    having(
      { dilations: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] },
      take([image, float([1, 2, 3, 4], [1, 1, 2, 2])], [16, 12, 8, 4]),
    ),
    having(
      { group: 2 },
      take([float([1, 2], [1, 2, 1, 1]), float([3, 4, 5, 6], [4, 1, 1, 1])], [3, 4, 10, 12]),
    ),
  ],
  ConvTranspose: [
    take(
      [float([1, 2], [1, 1, 1, 2]), float([1, 2, 3, 4], [1, 1, 2, 2]), float([0.5])],
      [1.5, 4.5, 4.5, 3.5, 10.5, 8.5],
    ),
    // Without crop 1 2 1·0 2 4 over a row; output_padding adds a zero at the end.
    having(
      { strides: [1, 3], output_padding: [0, 1] },
      take([float([1, 2], [1, 1, 1, 2]), float([1, 2], [1, 1, 1, 2])], [1, 2, 0, 2, 4, 0]),
    ),
    having(
      { pads: [0, 1, 0, 0] },
      take([float([1, 2], [1, 1, 1, 2]), float([1, 10], [1, 1, 1, 2])], [12, 20]),
    ),
    having(
      { dilations: [1, 2] },
      take([float([1, 2], [1, 1, 1, 2]), float([1, 10], [1, 1, 1, 2])], [1, 2, 10, 20]),
    ),
    having(
      { group: 2 },
      take([float([1, 2], [1, 2, 1, 1]), float([3, 4, 5, 6], [2, 2, 1, 1])], [3, 4, 10, 12]),
    ),
  ],

  ArgMax: [
    having({ axis: 1, keepdims: 0 }, take([float([1, 3, 2, 9, 8, 7], [2, 3])], [1, 0])),
    take([float([1, 3, 2, 9], [2, 2])], [1, 1]),
  ],
  ReduceMax: [having({ axes: [-1] }, take([zeroToFive], [2, 5]))],
  ReduceMean: [having({ axes: [0] }, take([zeroToFive], [1.5, 2.5, 3.5])), take([zeroToFive], [2.5])],
  ReduceMin: [having({ keepdims: 0 }, take([int([3, 1, 2])], [1]))],
  ReduceProd: [having({ axes: [1] }, take([zeroToFive], [0, 60]))],
  ReduceSum: [
    having({ keepdims: 0 }, take([zeroToFive, list(-1)], [3, 12])),
    take([zeroToFive], [15]),
    take([zeroToFive, list()], [15]),
    take([int([1, 2])], [3]),
    take([float([4], [])], [4]),
  ],
  Softmax: [
    take([float([0, Math.log(3), 5, 5], [2, 2])], [0.25, 0.75, 0.5, 0.5]),
    having({ axis: 0 }, take([float([0, 5, Math.log(3), 5], [2, 2])], [0.25, 0.5, 0.75, 0.5])),
  ],
  CumSum: [
    take([zeroToFive, axis(1)], [0, 1, 3, 3, 7, 12]),
    having({ exclusive: 1, reverse: 1 }, take([float([1, 2, 3]), axis(0)], [5, 3, 0])),
  ],

  AveragePool: [
    having(twoByTwo, take([image], [2, 3, 5, 6])),
    having({ ...twoByTwo, strides: [2, 2], pads: [0, 0, 1, 1] }, take([image], [2, 3.5, 6.5, 8])),
    having(
      { ...twoByTwo, strides: [2, 2], pads: [0, 0, 1, 1], count_include_pad: 1 },
      take([image], [2, 1.75, 3.25, 2]),
    ),
  ],
  MaxPool: [
    having({ kernel_shape: [2, 2], strides: [1, 2] }, take([image], [4, 7])),
    having(
      { ...twoByTwo, strides: [2, 2], pads: [1, 1, 0, 0] },
      take([float([-1, -2, -3, -4], [1, 1, 2, 2])], [-1]),
    ),
  ],
  Pad: [
    take([float([1, 2], [1, 2]), list(0, 1, 1, 0), scalar(9)], [9, 1, 2, 9, 9, 9]),
    take([float([1]), list(1, 0)], [0, 1]),
  ],

  Concat: [
    having({ axis: -1 }, take([float([1, 2], [2, 1]), zeroToFive], [1, 0, 1, 2, 2, 3, 4, 5])),
    having({ axis: 0 }, take([bool(1)], [1])),
  ],
  Expand: [
    take([float([1, 2], [2, 1]), list(2, 1, 2)], [1, 1, 2, 2, 1, 1, 2, 2]),
    take([float([1, 2]), list(1)], [1, 2]),
  ],
  Gather: [
    take([zeroToFive, int([1, 0, -1])], [3, 4, 5, 0, 1, 2, 3, 4, 5]),
    having({ axis: 1 }, take([zeroToFive, axis(2)], [2, 5])),
    having({ axis: 1 }, take([zeroToFive, int([0, 2, 1, 1], [2, 2])], [0, 2, 1, 1, 3, 5, 4, 4])),
  ],
  GatherND: [
    take([zeroToFive, rows([1, 2, 0, -1], [2, 2])], [5, 2]),
    take([zeroToFive, rows([1], [1, 1])], [3, 4, 5]),
  ],
  Reshape: [take([zeroToFive, list(3, -1)], [0, 1, 2, 3, 4, 5])],
  ScatterElements: [
    having(
      { axis: 1 },
      take([zeroToFive, int([2, -3], [2, 1]), float([20, 30], [2, 1])], [0, 1, 20, 30, 4, 5]),
    ),
    having(
      { reduction: 'add' },
      take(
        [zeroToFive, int([1, 0, 1, 1, 0, 0], [2, 3]), float([10, 20, 30, 40, 50, 60], [2, 3])],
        [0, 71, 62, 53, 4, 35],
      ),
    ),
  ],
  ScatterND: [
    take([zeroToFive, rows([1], [1, 1]), float([7, 8, 9], [1, 3])], [0, 1, 2, 7, 8, 9]),
    having(
      { reduction: 'add' },
      take([float([1, 2, 3]), rows([1, 1, -1], [3, 1]), float([10, 20, 30])], [1, 32, 33]),
    ),
  ],
  Slice: [
    take([zeroToFive, list(1), list(9), list(-1)], [1, 2, 4, 5]),
    take([zeroToFive, list(-1), list(-9), list(1), list(-2)], [2, 0, 5, 3]),
    take([zeroToFive, list(0, 0), list(2, 3), list(0, 1), list(1, 2)], [0, 2, 3, 5]),
    take([zeroToFive, list(2), list(1)], []),
  ],
  Split: [
    having({ axis: 1 }, take([zeroToFive, list(1, 2)], [0, 3], [1, 2, 4, 5])),
    take([zeroToFive, list(2)], [0, 1, 2, 3, 4, 5]),
  ],
  Tile: [take([float([1, 2], [2, 1]), list(2, 2)], [1, 1, 2, 2, 1, 1, 2, 2])],
  Transpose: [
    take([zeroToFive], [0, 3, 1, 4, 2, 5]),
    having({ perm: [0, 2, 1] }, take([float([0, 1, 2, 3, 4, 5], [1, 3, 2])], [0, 2, 4, 1, 3, 5])),
  ],
}

/** A graph of one node, and what to feed to its inputs. */
export function graphOf(
  op: OpName,
  { operands, attributes }: Case,
): { graph: Graph; feeds: Map<string, Operand> } {
  const builder = new GraphBuilder(op)
  const feeds = new Map<string, Operand>()
  const inputs = operands.map((operand) => {
    if (operand === null) return null
    const { values, dtype, shape, isConstant } = operand
    if (isConstant) return builder.constant(values, dtype, shape)
    const input = builder.input('argument', { dtype, shape }, '')
    feeds.set(input.name, operand)
    return input
  })
  for (const output of builder.addMany(op, inputs, attributes)) builder.result(output)
  return { graph: builder.build(), feeds }
}
