import { describe, expect, it } from 'vitest'
import { readNumber, readNumberList } from './numberInput'

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

describe('readNumberList', () => {
  const bounds = { min: 1, max: 100, isInteger: true }

  it('reads rising numbers with commas or spaces between them', () => {
    expect(readNumberList(' 5, 10;20  30,', bounds)).toEqual([5, 10, 20, 30])
  })

  it.each([
    ['', 'Type a whole number from 1 to 100.'],
    ['5, x', 'Type a whole number from 1 to 100.'],
    ['5, 101', 'Type a whole number from 1 to 100.'],
    ['5, 5', 'Type rising numbers.'],
  ])('says what to type instead of %j', (text, problem) => {
    expect(readNumberList(text, bounds)).toEqual({ problem })
  })
})
