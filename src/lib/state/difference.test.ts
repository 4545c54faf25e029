import { expect, it } from 'vitest'
import { largestDifference } from './difference'

it('is the largest distance between answers at the same place', () => {
  expect(largestDifference([1, 2, 3], [1, 2.5, 2.75])).toBe(0.5)
  expect(largestDifference([], [])).toBe(0)
})

it('is no number where answers are missing or none', () => {
  expect(largestDifference([1], [1, 2])).toBeNaN()
  expect(largestDifference([NaN, 5], [1, 2])).toBeNaN()
})
