import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatFigure, formatMs, formatShare } from './figures'

describe('figures', () => {
  it.each([
    [0, '0'],
    [3.14e-8, '3.1e−8'],
    [-2e-5, '−2.0e−5'],
    [0.02131, '0.0213'],
    [1.5, '1.50'],
    [1234.4, '1,234'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('writes %d as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text)
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
    expect([formatCount(1), formatCount(1.52), formatCount(106.2), formatCount(1234)]).toEqual([
      '1',
      '1.5',
      '106',
      '1,234',
    ])
  })

  it('writes sizes and shares', () => {
    expect([formatBytes(640), formatBytes(12_700), formatBytes(3_250_000)]).toEqual([
      '640 B',
      '12.4 KB',
      '3.1 MB',
    ])
    expect([formatShare(0.972), formatShare(Number.NaN)]).toEqual(['97.2 %', 'NaN'])
  })
})
