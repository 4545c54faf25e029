import { expect, it } from 'vitest'
import { ArgumentError } from '../util/errors'
import { randomStream } from '../util/random'
import { assertDropoutRate, dropoutMask } from './dropout'

it('drops the given share and scales the rest by 1/(1−rate)', () => {
  const mask = dropoutMask([100, 100], 0.25, randomStream(3, 'dropout', 0, 0))
  const dropped = mask.filter((value) => value === 0).length
  expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
  expect(dropped / mask.length).toBeCloseTo(0.25, 1)
})

it('rate 0 keeps every value', () => {
  expect(dropoutMask([2, 2], 0, randomStream(3, 'dropout', 0, 0))).toEqual(Float32Array.of(1, 1, 1, 1))
})

it('rate 1 drops every value', () => {
  expect(dropoutMask([2, 2], 1, randomStream(3, 'dropout', 0, 0))).toEqual(Float32Array.of(0, 0, 0, 0))
  expect(() => assertDropoutRate('Dropout', 1)).not.toThrow()
})

it.each([1.1, -0.1, Number.NaN])('rejects rate %s', (rate) => {
  expect(() => assertDropoutRate('Dropout', rate)).toThrow(ArgumentError)
  expect(() => assertDropoutRate('Dropout', rate)).toThrow(/Dropout: expected a rate from 0 to 1, got/)
})
