import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatFigure, formatMs, formatShare } from './figures'

describe('figures', () => {
  it.each([
    [0, '0'],
    [3.14e-8, '3.1e-8'],
    [-2e-5, '-2.0e-5'],
    [0.02131, '0.0213'],
    [0.5, '0.500'],
    [1.5, '1.50'],
    [-31.25, '-31.3'],
    [99.96, '100'],
    [999.6, '1,000'],
    [1234.4, '1,234'],
    [1e12, '1.0e12'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
    [undefined, '–'],
  ])('writes %d as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text)
  })

  it('writes more digits where they are asked for', () => {
    const values = [0.021345678, 3.214e-8, 12.3456, 123.456, 12345.6]
    expect(values.map((value) => formatFigure(value, 4))).toEqual([
      '0.02135',
      '3.21e-8',
      '12.35',
      '123.5',
      '12,346',
    ])
  })

  it.each([
    [0.0412, '41 µs'],
    [1.254, '1.25 ms'],
    [12.34, '12.3 ms'],
    [480.4, '480 ms'],
    [1200, '1.20 s'],
  ])('writes %d ms as %s', (value, text) => {
    expect(formatMs(value)).toBe(text)
  })

  it('writes counts without needless decimals', () => {
    expect([1, 1.52, 106.2, 1234].map(formatCount)).toEqual(['1', '1.5', '106', '1,234'])
  })

  it('writes sizes and shares', () => {
    expect([640, 12_700, 3_250_000].map(formatBytes)).toEqual(['640 B', '12.4 KB', '3.1 MB'])
    expect([0.972, Number.NaN, undefined].map(formatShare)).toEqual(['97.2 %', 'NaN', '–'])
  })
})
