import { describe, expect, it } from 'vitest'
import { ShapeError } from '../util/errors'
import { elementTypes } from './elementTypes'
import { opNames, type OpName } from './opNames'
import { printType, type Attributes, type Operand } from './opRule'
import { inferTypes } from './ops'
import type { DType } from './types'

const float = (...shape: number[]): Operand => ({ dtype: 'float32', shape })
const int = (...shape: number[]): Operand => ({ dtype: 'int32', shape })
const bool = (...shape: number[]): Operand => ({ dtype: 'bool', shape })
const long = (...shape: number[]): Operand => ({ dtype: 'int64', shape })
const list = (...values: number[]): Operand => ({
  dtype: 'int64',
  shape: [values.length],
  data: Int32Array.from(values),
})
const zero: Operand = { ...float(), data: Float32Array.of(0) }
const one = (value: number, dtype: DType = 'int64'): Operand => ({
  dtype,
  shape: [],
  data: Int32Array.of(value),
})

type Case = readonly [operands: (Operand | undefined)[], attributes: Attributes, expected: string]

const cases: { readonly [Op in OpName]: readonly Case[] } = {
  Abs: [[[int(2, 3)], {}, 'int32[2, 3]']],
  Ceil: [[[float(2)], {}, 'float32[2]']],
  Cos: [[[float(2)], {}, 'float32[2]']],
  Elu: [[[float(2)], { alpha: 2 }, 'float32[2]']],
  Erf: [[[float(2)], {}, 'float32[2]']],
  Exp: [[[float(2)], {}, 'float32[2]']],
  Floor: [[[float(2)], {}, 'float32[2]']],
  LeakyRelu: [[[float(2)], { alpha: 0.2 }, 'float32[2]']],
  Log: [[[float(2)], {}, 'float32[2]']],
  Neg: [[[int(2)], {}, 'int32[2]']],
  Not: [[[bool(2)], {}, 'bool[2]']],
  Reciprocal: [[[float(2)], {}, 'float32[2]']],
  Relu: [[[float(2)], {}, 'float32[2]']],
  Round: [[[float(2)], {}, 'float32[2]']],
  Selu: [[[float(2)], {}, 'float32[2]']],
  Sigmoid: [[[float(2)], {}, 'float32[2]']],
  Sin: [[[float(2)], {}, 'float32[2]']],
  Softplus: [[[float(2)], {}, 'float32[2]']],
  Sqrt: [[[float(2)], {}, 'float32[2]']],
  Tanh: [[[float(2)], {}, 'float32[2]']],
  Cast: [
    [[bool(2)], { to: elementTypes.float32 }, 'float32[2]'],
    [[float(2)], { to: elementTypes.int64 }, 'int64[2]'],
  ],
  Clip: [
    [[float(2), float(), float()], {}, 'float32[2]'],
    [[float(2), undefined, float()], {}, 'float32[2]'],
  ],
  Add: [
    [[float(4, 1), float(3)], {}, 'float32[4, 3]'],
    [[float(), float(2, 0)], {}, 'float32[2, 0]'],
  ],
  And: [[[bool(2), bool(1)], {}, 'bool[2]']],
  Div: [[[float(2, 3), float(2, 1)], {}, 'float32[2, 3]']],
  Equal: [[[int(2, 3), int(3)], {}, 'bool[2, 3]']],
  Greater: [[[float(2), float()], {}, 'bool[2]']],
  GreaterOrEqual: [[[float(2), float()], {}, 'bool[2]']],
  Less: [[[float(2), float()], {}, 'bool[2]']],
  LessOrEqual: [[[float(2), float()], {}, 'bool[2]']],
  Max: [[[float(2), float(3, 1), float()], {}, 'float32[3, 2]']],
  Min: [[[float(2)], {}, 'float32[2]']],
  Mul: [[[float(2), float(5, 2)], {}, 'float32[5, 2]']],
  Or: [[[bool(2), bool(2)], {}, 'bool[2]']],
  Pow: [[[float(2, 1), int(3)], {}, 'float32[2, 3]']],
  Sub: [[[int(2), int()], {}, 'int32[2]']],
  Where: [[[bool(2, 1), float(3), float()], {}, 'float32[2, 3]']],
  Gemm: [
    [[float(4, 2), float(2, 3), float(3)], {}, 'float32[4, 3]'],
    [[float(2, 4), float(3, 2)], { transA: 1, transB: 1 }, 'float32[4, 3]'],
  ],
  MatMul: [
    [[float(4, 2), float(2, 3)], {}, 'float32[4, 3]'],
    [[float(5, 1, 4, 2), float(6, 2, 3)], {}, 'float32[5, 6, 4, 3]'],
  ],
  Conv: [
    [[float(2, 3, 8, 9), float(4, 3, 3, 3), float(4)], {}, 'float32[2, 4, 6, 7]'],
    [
      [float(2, 4, 8, 8), float(6, 2, 3, 3)],
      { group: 2, pads: [1, 0, 1, 2], strides: [2, 1], dilations: [1, 2] },
      'float32[2, 6, 4, 6]',
    ],
  ],
  ConvTranspose: [
    [[float(2, 4, 6, 7), float(4, 3, 3, 3)], {}, 'float32[2, 3, 8, 9]'],
    [
      [float(1, 2, 4, 4), float(2, 3, 3, 3)],
      { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 0], group: 2 },
      'float32[1, 6, 8, 7]',
    ],
  ],
  ArgMax: [
    [[float(2, 3)], { axis: -1, keepdims: 0 }, 'int64[2]'],
    [[float(2, 3)], {}, 'int64[1, 3]'],
  ],
  ReduceMax: [[[float(2, 3)], { axes: [-1] }, 'float32[2, 1]']],
  ReduceMean: [
    [[float(2, 3)], { keepdims: 0 }, 'float32[]'],
    [[float(2, 3)], { axes: [0], keepdims: 0 }, 'float32[3]'],
  ],
  ReduceMin: [[[int(2, 3)], { axes: [1], keepdims: 0 }, 'int32[2]']],
  ReduceProd: [[[float(2, 3)], {}, 'float32[1, 1]']],
  ReduceSum: [
    [[float(2, 3, 4), list(0, -1)], { keepdims: 0 }, 'float32[3]'],
    [[float(2, 3)], {}, 'float32[1, 1]'],
    [[float(2, 3), list()], { keepdims: 0 }, 'float32[]'],
  ],
  Softmax: [[[float(2, 3)], {}, 'float32[2, 3]']],
  CumSum: [[[float(2, 3), one(1)], { exclusive: 1 }, 'float32[2, 3]']],
  AveragePool: [
    [[float(1, 2, 5, 5)], { kernel_shape: [2, 2], strides: [2, 2] }, 'float32[1, 2, 2, 2]'],
    [
      [float(1, 2, 5, 5)],
      { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 1, 1] },
      'float32[1, 2, 3, 3]',
    ],
  ],
  MaxPool: [[[float(1, 2, 7, 7)], { kernel_shape: [2, 3], strides: [1, 2] }, 'float32[1, 2, 6, 3]']],
  Pad: [[[float(2, 3), list(1, 0, 2, 1), zero], {}, 'float32[5, 4]']],
  Concat: [[[float(2, 3), float(2, 1)], { axis: -1 }, 'float32[2, 4]']],
  Expand: [
    [[float(3, 1), list(2, 1, 4)], {}, 'float32[2, 3, 4]'],
    [[float(3, 4), list(1)], {}, 'float32[3, 4]'],
  ],
  Gather: [
    [[float(5, 3), int(2, 2)], {}, 'float32[2, 2, 3]'],
    [[float(5, 3), long()], { axis: 1 }, 'float32[5]'],
  ],
  GatherND: [[[float(5, 3, 2), long(4, 2)], {}, 'float32[4, 2]']],
  Reshape: [
    [[float(2, 6), list(3, -1)], {}, 'float32[3, 4]'],
    [[float(2, 6), list(0, 2, 3)], {}, 'float32[2, 2, 3]'],
    [[float(1), list()], {}, 'float32[]'],
  ],
  ScatterElements: [[[float(5, 3), int(2, 3), float(2, 3)], { reduction: 'add' }, 'float32[5, 3]']],
  ScatterND: [[[float(5, 3), long(4, 1), float(4, 3)], { reduction: 'add' }, 'float32[5, 3]']],
  Slice: [
    [[float(5, 6), list(1), list(100)], {}, 'float32[4, 6]'],
    [[float(5, 6), list(-1), list(-100), list(1), list(-2)], {}, 'float32[5, 3]'],
    [[float(5, 6), list(4), list(2)], {}, 'float32[0, 6]'],
  ],
  Split: [[[float(6, 2), list(1, 2, 3)], {}, 'float32[1, 2] float32[2, 2] float32[3, 2]']],
  Tile: [[[float(2, 3), list(2, 1)], {}, 'float32[4, 3]']],
  Transpose: [
    [[float(2, 3, 4)], {}, 'float32[4, 3, 2]'],
    [[float(2, 3, 4)], { perm: [1, 0, 2] }, 'float32[3, 2, 4]'],
  ],
}

describe('inferTypes', () => {
  it.each(opNames.flatMap((op) => cases[op].map((one) => [op, ...one] as const)))(
    '%s %#',
    (op, operands, attributes, expected) => {
      expect(inferTypes(op, operands, attributes).map(printType).join(' ')).toBe(expected)
    },
  )

  const errors: readonly [OpName, (Operand | undefined)[], Attributes, string][] = [
    ['Add', [float(2), float(3)], {}, 'Add: expected shapes that broadcast, got [2] and [3]. Make the sizes'],
    ['Add', [float(2), int(2)], {}, 'Add: expected float32, got int32[2]. Insert a Cast.'],
    ['Add', [float(2)], {}, 'Add: expected 2 operands, got 1.'],
    ['Add', [float(2), undefined], {}, 'Add: expected operand 2, got none.'],
    ['Tanh', [int(2)], {}, 'Tanh: expected float32, got int32[2]'],
    ['Where', [float(2), float(2), float(2)], {}, 'Where: expected bool, got float32[2]'],
    ['Clip', [float(2), float(2)], {}, 'Clip: expected a scalar as bound, got [2]'],
    [
      'MatMul',
      [float(2, 3), float(2, 3)],
      {},
      'MatMul: expected equal inner dimensions, got [2, 3] and [2, 3]',
    ],
    ['MatMul', [float(3), float(3, 2)], {}, 'MatMul: expected matrices, got float32[3]'],
    ['Gemm', [float(2, 3), float(3)], {}, 'Gemm: expected a matrix, got [3]'],
    ['Gemm', [float(2, 3), float(3, 4), float(2)], {}, 'Gemm: expected shapes that broadcast'],
    ['Gemm', [float(1, 3), float(3, 4), float(2, 4)], {}, 'Gemm: expected a bias that broadcasts to [1, 4]'],
    [
      'ReduceSum',
      [float(2, 3), list(2)],
      {},
      'ReduceSum: expected an axis of 2, got 2. Choose one from -2 to 1.',
    ],
    [
      'ReduceSum',
      [float(2, 3), long(1)],
      {},
      'ReduceSum: expected a constant as operand 2, got a computed value',
    ],
    [
      'Conv',
      [float(1, 3, 4, 4), float(2, 2, 3, 3)],
      {},
      'Conv: expected weights for the channels and groups',
    ],
    [
      'Conv',
      [float(1, 3, 2, 4), float(2, 3, 3, 3)],
      {},
      'Conv: expected at least 3 elements under the window, got 2',
    ],
    [
      'Conv',
      [float(1, 3, 4), float(2, 3, 3, 3)],
      {},
      'Conv: expected an operand [batch, channels, height, width]',
    ],
    ['Conv', [float(1, 3, 4, 4), float(2, 3, 3, 3), float(3)], {}, 'Conv: expected a bias [2], got [3]'],
    [
      'Conv',
      [float(1, 3, 4, 4), float(2, 3, 3, 3)],
      { pads: [1] },
      'Conv: expected 4 numbers as pads, got [1]',
    ],
    ['Conv', [float(1, 3, 4, 4), float(2, 3, 3, 3)], { strides: [1] }, 'Conv: expected 2 numbers as strides'],
    ['Concat', [float(2, 3), float(3, 3)], { axis: 1 }, 'Concat: expected shapes like [2, 3] beside axis 1'],
    ['Reshape', [float(2, 3), list(4)], {}, 'Reshape: expected a shape of 6 elements, got [4]'],
    ['Reshape', [float(2, 3), list(-1, -1)], {}, 'Reshape: expected a shape of 6 elements'],
    ['Slice', [float(4), list(0), list(4), list(0), list(0)], {}, 'Slice: expected a step other than 0'],
    ['Slice', [float(4), list(0), list(4, 4)], {}, 'Slice: expected as many starts, ends, axes and steps'],
    ['Split', [float(6), list(1, 2)], {}, 'Split: expected sizes that add up to 6, got [1, 2]'],
    ['Tile', [float(2, 3), list(2)], {}, 'Tile: expected 2 repeats, got [2]'],
    ['Transpose', [float(2, 3)], { perm: [0, 0] }, 'Transpose: expected a permutation of 2 axes, got [0, 0]'],
    ['Pad', [float(2), list(0, -1)], {}, 'Pad: expected 2 pads of 0 or more, got [0, -1]'],
    [
      'Pad',
      [float(2), list(0, 1), float()],
      {},
      'Pad: expected a constant as operand 3, got a computed value',
    ],
    ['Pad', [float(2), list(0, 1)], { mode: 'reflect' }, 'Pad: expected mode constant, got reflect'],
    ['GatherND', [float(2), long(3, 2)], {}, 'GatherND: expected indices with a last axis of 1 to 1'],
    [
      'ScatterElements',
      [float(2, 3), int(3, 1), float(3, 1)],
      { axis: 1 },
      'ScatterElements: expected indices within [2, 3]',
    ],
    ['ScatterND', [float(5), long(2, 1), float(3)], {}, 'ScatterND: expected updates [2], got [3]'],
    [
      'MaxPool',
      [float(1, 1, 2, 2)],
      { kernel_shape: [3] },
      'MaxPool: expected 2 numbers as kernel_shape, got [3]',
    ],
    [
      'ConvTranspose',
      [float(1, 2, 4, 4), float(3, 2, 2, 2)],
      {},
      'ConvTranspose: expected weights for the channels',
    ],
    ['MaxPool', [float(1, 1, 2, 2)], { kernel_shape: [3, 3] }, 'MaxPool: expected at least 3 elements'],
  ]
  it.each(errors)('%s rejects operands that do not fit, %#', (op, operands, attributes, message) => {
    const infer = () => inferTypes(op, operands, attributes)
    expect(infer).toThrow(ShapeError)
    expect(infer).toThrow(message)
  })

  const mistakes: readonly [OpName, Attributes, string][] = [
    ['Tanh', { axis: 1 }, 'internal: Tanh: expected no attribute, got axis.'],
    ['Softmax', { axis: 0.5 }, 'internal: Softmax: expected axis of kind int, got 0.5.'],
    ['Cast', {}, 'internal: Cast: expected to of kind int, got undefined.'],
    ['Cast', { to: 2 }, 'internal: element type: expected one of 1, 6, 7, 9, got 2.'],
  ]
  it.each(mistakes)('%s rejects attributes that ONNX does not have, %#', (op, attributes, message) => {
    expect(() => inferTypes(op, [float(2)], attributes)).toThrow(message)
  })
})
