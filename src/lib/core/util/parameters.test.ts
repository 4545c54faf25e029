import { describe, expect, it } from 'vitest'
import { dictionary, flag, integer, integerList, integers, number, oneOf, only, taking } from './kinds'
import { assertNoArguments, parameters } from './parameters'
import { ArgumentError } from './errors'

const sum = parameters('sum', {
  dim: integers.or(null).also('axis'),
  keepdim: flag.or(false),
  roundingMode: oneOf('floor', 'trunc').named.or(null),
})
const linear = parameters('Linear', { inFeatures: integer, outFeatures: integer, bias: flag.or(true) })
const zeros = parameters('zeros', { size: integerList.gathered, requiresGrad: flag.named.or(false) })

describe('arguments', () => {
  it('come by position, by name, or first by position and then by name', () => {
    const values = { dim: 1, keepdim: true, roundingMode: null }
    expect(sum.read([1, true])).toEqual(values)
    expect(sum.read([{ dim: 1, keepdim: true }])).toEqual(values)
    expect(sum.read([1, { keepdim: true }])).toEqual(values)
    expect(sum.read([undefined, true])).toEqual({ ...values, dim: null })
    expect(sum.read([null, { keepdim: undefined }])).toEqual({ ...values, dim: null, keepdim: false })
  })

  it('are named as the framework names them, in either spelling', () => {
    expect(sum.read([{ axis: [0, 1] }]).dim).toEqual([0, 1])
    expect(sum.read([{ rounding_mode: 'floor' }]).roundingMode).toBe('floor')
    expect(linear.read([{ in_features: 2, outFeatures: 3 }])).toEqual({
      inFeatures: 2,
      outFeatures: 3,
      bias: true,
    })
  })

  it('are gathered one by one or come as one array', () => {
    for (const given of [[2, 3], [[2, 3]], [{ size: [2, 3] }]]) {
      expect(zeros.read(given)).toEqual({ size: [2, 3], requiresGrad: false })
    }
    expect(zeros.read([2, { requiresGrad: true }])).toEqual({ size: [2], requiresGrad: true })
  })

  it('end with a value where an object can be one', () => {
    const load = parameters('load', {
      state: dictionary(),
      strict: flag.or(true),
    })
    const state = { weight: 1 }
    expect(load.read([state])).toEqual({ state, strict: true })
    expect(load.read([state, { strict: false }])).toEqual({ state, strict: false })
    expect(load.read([{ state, strict: false }])).toEqual({ state, strict: false })
    expect(load.read([{}])).toEqual({ state: {}, strict: true })
  })
})

it.each<readonly [run: () => unknown, message: string]>([
  [
    () => sum.read([1, true, 7]),
    'sum: expected 2 arguments (dim, keepdim) at most, got also 7. Give the others by name, in one object at the end.',
  ],
  [
    () => linear.read([1, 2, true, 'four']),
    'Linear: expected 3 arguments (inFeatures, outFeatures, bias) at most, got also four. Leave it out.',
  ],
  [
    () => zeros.read([[2, 3], 4]),
    'zeros: expected one argument (size) at most, got also 4. Give the others by name, in one object at the end.',
  ],
  [
    () => sum.read([1, { dim: 1 }]),
    'sum: expected dim once, got it by position and by name. Leave out one of them.',
  ],
  [
    () => sum.read([{ dim: 1, axis: 1 }]),
    'sum: expected dim once, got it by two names. Leave out one of them.',
  ],
  [() => sum.read([{ keepdims: true }]), 'sum: expected the option keepdim, got keepdims. Write keepdim.'],
  [() => sum.read([{ keepdmi: true }]), 'sum: expected the option keepdim, got keepdmi. Write keepdim.'],
  [
    () => sum.read([{ colour: 1 }]),
    'sum: expected the options dim, keepdim, roundingMode, got colour. Leave it out.',
  ],
  [
    () => linear.read([{ units: 3 }]),
    'Linear: expected the option outFeatures, got units. Write outFeatures.',
  ],
  [() => linear.read([2]), 'Linear: expected outFeatures, got nothing. Pass a whole number.'],
  [
    () => sum.read([true]),
    'sum: expected dim to be a whole number or a list of them, got true. Correct dim.',
  ],
  [() => sum.read([1, null]), 'sum: expected keepdim to be true or false, got null. Correct keepdim.'],
  [
    () => sum.read([{ roundingMode: 'up' }]),
    "sum: expected roundingMode to be 'floor' or 'trunc', got up. Correct roundingMode.",
  ],
  [() => assertNoArguments('eval', [3]), 'eval: expected no arguments, got also 3. Leave it out.'],
  [() => assertNoArguments('eval', [{ deep: true }]), 'eval: expected no options, got deep. Leave it out.'],
])('refuses what it cannot take, %#', (run, message) => {
  expect(run).toThrow(new ArgumentError(message))
})

it('says how to write a function that map() calls', () => {
  const relu = parameters('F.relu', { input: number })
  expect(() => [1, 2].map((...given) => relu.read(given))).toThrow(
    'F.relu: expected one argument (input) at most, got also 0. map() gives the index too: write xs.map((x) => F.relu(x)).',
  )
  const elu = parameters('F.elu', { input: number, alpha: number.or(1), inplace: flag.or(false) })
  expect(() => [1, 2].map((...given) => elu.read(given))).toThrow(
    'F.elu: expected inplace to be true or false, got [1, 2]. map() gives the index too: write xs.map((x) => F.elu(x)).',
  )
})

it('says what to do instead of what is not there', () => {
  const conv = parameters('conv', {
    groups: only(1, 'Leave it out: grouped convolutions are not there.'),
    out: only(null, 'Use what it returns.'),
    size: taking<number>('above 0', (value) => Number(value) > 0, 'Pass a number such as 8.').or(8),
  })
  expect(conv.read([])).toEqual({ groups: 1, out: null, size: 8 })
  expect(conv.read([[1, 1], null])).toEqual({ groups: [1, 1], out: null, size: 8 })
  const refused = (options: object) => () => conv.read([options])
  expect(refused({ groups: 2 })).toThrow(
    'conv: expected groups to be 1, got 2. Leave it out: grouped convolutions are not there.',
  )
  expect(refused({ out: 3 })).toThrow('conv: expected out to be left out, got 3. Use what it returns.')
  expect(refused({ size: 0 })).toThrow('conv: expected size to be above 0, got 0. Pass a number such as 8.')
})

it('reads an object of names without defaults', () => {
  expect(linear.readNamed({ out_features: 3 })).toEqual({ outFeatures: 3 })
  expect(() => linear.readNamed({ bias: 1 })).toThrow('Linear: expected bias to be true or false, got 1.')
  expect(() => linear.readNamed({ units: 3 })).toThrow('Linear: expected the option outFeatures, got units.')
})
