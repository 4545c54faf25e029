import { expect, it } from 'vitest'
import { ArgumentError } from '../util/errors'
import { toCategorical } from './categorical'

const classes = { values: Int32Array.of(2, 0), shape: [2], dtype: 'int32' as const }

it('makes one-hot rows', () => {
  expect(toCategorical(classes)).toEqual({
    values: Float32Array.of(0, 0, 1, 1, 0, 0),
    shape: [2, 3],
    dtype: 'float32',
  })
  expect(toCategorical(classes, 4).shape).toEqual([2, 4])
})

it('rejects numbers that are no class', () => {
  expect(() => toCategorical(classes, 2)).toThrow(ArgumentError)
  expect(() => toCategorical(classes, 2)).toThrow('toCategorical: expected integers from 0 to 1, got 2.')
})
