import { describe, expect, it } from 'vitest'
import { DifferenceGrowth } from './differenceGrowth'

/** What is said after losses near 1 that differ by `differences`, from step 1 on. */
function sinceOf(differences: readonly number[], loss = 1): number | null {
  const growth = new DifferenceGrowth()
  differences.forEach((difference, index) => growth.add(index + 1, loss, loss + difference))
  return growth.since
}
const doubling = Array.from({ length: 30 }, (_, index) => 1e-8 * 2 ** index)

describe('DifferenceGrowth', () => {
  it('tells since when a difference that grew by little each step is beyond agreement', () => {
    expect(sinceOf(doubling)).toBe(11)
    expect(sinceOf([0, 0, 0, ...doubling])).toBe(14)
  })

  it('says nothing while the difference is small', () => {
    expect(sinceOf(doubling.slice(0, 17))).toBeNull()
    expect(sinceOf(doubling.map((difference) => Math.min(difference, 9e-6)))).toBeNull()
  })

  it('takes a jump, or a difference at the start, for no rounding', () => {
    expect(sinceOf([1e-7, 1e-7, 1e-7, 1e-7, 0.01, ...doubling])).toBeNull()
    expect(sinceOf([1e-4, ...doubling])).toBeNull()
    expect(sinceOf([...doubling.slice(0, 13), 3e-3])).toBe(11)
    expect(sinceOf([...doubling.slice(0, 13), 0.2])).toBeNull()
  })

  it('measures large losses by their size', () => {
    expect(sinceOf(doubling.slice(0, 20), 1e6)).toBeNull()
  })

  it('passes over losses that are not finite', () => {
    expect(sinceOf([...doubling, NaN, Infinity])).toBe(11)
  })
})
