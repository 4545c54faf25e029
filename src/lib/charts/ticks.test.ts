import { describe, expect, it } from 'vitest'
import { formatPercentTick, formatTick, isLabelledOnLogAxis } from './ticks'

describe('ticks', () => {
  it.each([
    [0, '0'],
    [0.25, '0.25'],
    [0.30000000000000004, '0.3'],
    [1e-5, '1e-5'],
    [0.00015, '1.5e-4'],
    [-2e-4, '-2e-4'],
    [950, '950'],
    [1000, '1k'],
    [1250, '1250'],
    [12500, '12.5k'],
    [100000, '100k'],
    [2500000, '2.5M'],
  ])('writes %d as %s', (value, text) => {
    expect(formatTick(value)).toBe(text)
  })

  it('writes shares as percentages', () => {
    expect([0, 0.5, 0.975, 1].map(formatPercentTick)).toEqual(['0 %', '50 %', '97.5 %', '100 %'])
  })

  it('labels 1, 2 and 5 on a short logarithmic axis and only powers of ten on a long one', () => {
    const values = [0.1, 0.2, 0.3, 0.5, 1, 1000]
    expect(values.filter((value) => isLabelledOnLogAxis(value, 2))).toEqual([0.1, 0.2, 0.5, 1, 1000])
    expect(values.filter((value) => isLabelledOnLogAxis(value, 4))).toEqual([0.1, 1, 1000])
    expect(isLabelledOnLogAxis(0, 2)).toBe(false)
  })
})
