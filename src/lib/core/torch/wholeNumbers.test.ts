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
