import { describe, expect, it } from 'vitest'
import { readNumber } from './numberInput'

describe('readNumber', () => {
  it.each([
    ['32', { min: 1, max: 100, isInteger: true }, 32],
    [' 0.5 ', { min: 0, max: 1 }, 0.5],
    ['1e-3', { min: 0, max: 1, isMinExcluded: true }, 0.001],
    ['0', { min: 0, max: 1 }, 0],
  ])('reads %s', (text, bounds, value) => {
    expect(readNumber(text, bounds)).toBe(value)
  })

  it.each([
    ['', { min: 0, max: 1 }, 'Type a number from 0 to 1.'],
    ['x', { min: 0, max: 1 }, 'Type a number from 0 to 1.'],
    ['2', { min: 0, max: 1 }, 'Type a number from 0 to 1.'],
    ['1.5', { min: 1, max: 9, isInteger: true }, 'Type a whole number from 1 to 9.'],
    ['0', { min: 0, max: 10, isMinExcluded: true }, 'Type a number above 0, at most 10.'],
  ])('says what to type instead of "%s"', (text, bounds, problem) => {
    expect(readNumber(text, bounds)).toEqual({ problem })
  })
})
