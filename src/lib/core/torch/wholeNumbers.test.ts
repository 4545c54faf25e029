/** Arithmetic of int32 and bool, whose results have the types of PyTorch's. */
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import * as torch from './index'

beforeAll(() => initialiseBackend('cpu'))

const ints = () => torch.tensor([1, 2, 7], { dtype: 'int32' })
const twos = () => torch.tensor([2, 2, 2], { dtype: 'int32' })
const halves = () => torch.tensor([0.5, 0.5, 0.5])
const bools = () => torch.tensor([true, false, true])

it.each<[string, () => torch.Tensor, string, number[]]>([
  ['correct.div(total)', () => ints().sum().div(twos().sum()), 'float32', [10 / 6]],
  ['div', () => ints().div(twos()), 'float32', [0.5, 1, 3.5]],
  ['div of bool', () => bools().div(twos()), 'float32', [0.5, 0, 0.5]],
  ['div, floor', () => ints().neg().div(twos(), { roundingMode: 'floor' }), 'int32', [-1, -1, -4]],
  ['div, trunc', () => ints().neg().div(twos(), { roundingMode: 'trunc' }), 'int32', [0, -1, -3]],
  ['floorDivide', () => ints().floorDivide(twos()), 'int32', [0, 1, 3]],
  ['floorDivide by a number', () => ints().floorDivide(2), 'int32', [0, 1, 3]],
  ['floorDivide by a float', () => ints().floorDivide(halves()), 'float32', [2, 4, 14]],
  ['cat', () => torch.cat([ints(), halves()]), 'float32', [1, 2, 7, 0.5, 0.5, 0.5]],
  ['cat of bool and int', () => torch.cat([bools(), ints()]), 'int32', [1, 0, 1, 1, 2, 7]],
  ['stack', () => torch.stack([halves(), ints()]), 'float32', [0.5, 0.5, 0.5, 1, 2, 7]],
  ['maximum of bool and int', () => bools().maximum(twos()), 'int32', [2, 2, 2]],
  ['minimum of bool and int', () => bools().minimum(twos()), 'int32', [1, 0, 1]],
  ['add a number', () => ints().add(1), 'int32', [2, 3, 8]],
  ['mul by a number', () => ints().mul(2), 'int32', [2, 4, 14]],
  ['sub a fraction', () => ints().sub(0.5), 'float32', [0.5, 1.5, 6.5]],
  ['remainder of a number', () => ints().neg().remainder(4), 'int32', [3, 2, 1]],
  [
    'more than float32 tells apart',
    () => ints().mul(0).add(16777217),
    'int32',
    [16777217, 16777217, 16777217],
  ],
  ['more than int32 holds', () => ints().mul(2 ** 31), 'float32', [2 ** 31, 2 ** 32, 7 * 2 ** 31]],
  ['bool, add a number', () => bools().add(1), 'int32', [2, 1, 2]],
  ['bool, add bool', () => bools().add(bools()), 'bool', [1, 0, 1]],
  ['bool, mul by bool', () => bools().mul(false), 'bool', [0, 0, 0]],
  ['bool, maximum', () => bools().maximum(bools()), 'bool', [1, 0, 1]],
  ['bool, pow', () => bools().pow(2), 'int32', [1, 0, 1]],
  ['bool, abs', () => bools().abs(), 'int32', [1, 0, 1]],
  ['bool, prod', () => bools().prod(), 'int32', [0]],
  ['bool, sort', () => bools().sort().values, 'bool', [0, 1, 1]],
  ['bool, argsort', () => bools().argsort(), 'int32', [1, 0, 2]],
  ['bool, matmul', () => bools().matmul(bools()), 'int32', [2]],
  ['bool, add_', () => bools().add_(true), 'bool', [1, 1, 1]],
  ['clamp by a fraction', () => ints().clamp({ min: 1.5 }), 'float32', [1.5, 2, 7]],
  ['where, with a number', () => ints().where(bools(), 0), 'int32', [1, 0, 7]],
  ['where, with a fraction', () => ints().where(bools(), 0.5), 'float32', [1, 0.5, 7]],
  ['where, flags', () => torch.where(bools(), true, false), 'bool', [1, 0, 1]],
  ['maskedFill', () => ints().maskedFill(bools(), 9), 'int32', [9, 2, 9]],
  ['true among numbers', () => torch.tensor([true, 2]), 'float32', [1, 2]],
  ['floor', () => ints().floor(), 'int32', [1, 2, 7]],
  ['trunc', () => ints().trunc(), 'int32', [1, 2, 7]],
  ['norm', () => twos().norm(), 'float32', [Math.sqrt(12)]],
  ['softmax', () => twos().softmax(0), 'float32', [1 / 3, 1 / 3, 1 / 3]],
])('%s', async (_, compute, dtype, expected) => {
  const { values } = await compute().toNdArray()
  expect(compute().dtype).toBe(dtype)
  expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 5))
})

it.each<[keyof torch.Tensor & string, (x: number) => number]>([
  ['exp', Math.exp],
  ['log', Math.log],
  ['sqrt', Math.sqrt],
  ['rsqrt', (x) => 1 / Math.sqrt(x)],
  ['reciprocal', (x) => 1 / x],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
  ['sigmoid', (x) => 1 / (1 + Math.exp(-x))],
  ['log1p', Math.log1p],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['expm1', Math.expm1],
])('%s of whole numbers is float32', async (name, f) => {
  const compute = (x: torch.Tensor) => (x[name] as () => torch.Tensor).call(x)
  const result = compute(ints())
  expect(result.dtype).toBe('float32')
  const { values } = await result.toNdArray()
  ;[1, 2, 7].forEach((x, index) =>
    expect((values[index] ?? NaN) / Math.max(1, f(x))).toBeCloseTo(f(x) / Math.max(1, f(x)), 5),
  )
  expect(compute(bools()).dtype).toBe('float32')
})

it('arithmetic in place keeps the type or says that it cannot', async () => {
  expect(() => ints().div_(2)).toThrow('div_: expected a result of type int32, as the tensor, got float32.')
  expect(() => ints().add_(0.5)).toThrow('add_: expected a result of type int32')
  expect(() => ints().mul_(halves())).toThrow('mul_: expected a result of type int32')
  expect(Array.from((await ints().add_(1).toNdArray()).values)).toEqual([2, 3, 8])
})

it.each<[string, () => unknown, string]>([
  [
    'add, a share',
    () => ints().add(twos(), { alpha: 0.5 }),
    'add: expected a whole alpha for tensors of whole numbers, got 0.5. Use .float() on one of them.',
  ],
  ['add_, a share', () => ints().add_(twos(), { alpha: 0.5 }), 'add_: expected a whole alpha'],
  [
    'pow',
    () => ints().pow(-1),
    'pow: expected an exponent of 0 or more for whole numbers, got -1. Use .float()',
  ],
  ['sub of bool', () => bools().sub(bools()), 'sub: expected numbers, got true and false. Use .logicalXor()'],
  ['sub_ of bool', () => bools().sub_(true), 'sub_: expected numbers, got true and false.'],
  ['neg of bool', () => bools().neg(), 'neg: expected numbers, got true and false. Use .logicalNot().'],
  [
    'add_ a number to bool',
    () => bools().add_(1),
    'add_: expected a result of type bool, as the tensor, got int32. Write x = x.add(y), or make the tensor int32.',
  ],
  [
    'add_ of a larger shape',
    () => ints().add_(torch.ones(2, 3).int()),
    'add_: expected what [3] can hold, got shape [2, 3]. Write x = x.add(y) for a result of another shape.',
  ],
  ['max of nothing', () => torch.zeros(0, 3).max(), 'max: expected elements to compare, got shape [0, 3].'],
  ['argmin of nothing', () => torch.zeros(2, 0).argmin(1), 'argmin: expected elements to compare'],
  ['a dim of a scalar', () => torch.tensor(5).max(0), 'max: expected a tensor with dims, got a scalar.'],
])('refuses %s', (_, compute, message) => {
  expect(compute).toThrow(message)
})
