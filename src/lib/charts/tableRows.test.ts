import { describe, expect, it } from 'vitest'
import { evenlySpaced, lanesCsv, readings, tableRows, valueAtStep } from './tableRows'
import type { Columns } from './xAxis'

const run = (length: number, value: (step: number) => number): Columns => {
  const steps = Array.from({ length }, (_, index) => index + 1)
  return { length, steps, wallTimesMs: steps.map((step) => step * 2), values: steps.map(value) }
}

describe('table rows', () => {
  it('spreads positions evenly with both ends and no repeats', () => {
    expect(evenlySpaced(5, 50)).toEqual([0, 1, 2, 3, 4])
    expect(evenlySpaced(101, 5)).toEqual([0, 25, 50, 75, 100])
    expect(new Set(evenlySpaced(51, 50)).size).toBe(50)
  })

  it('keeps to the limit and reads both lanes at the same steps', () => {
    const rows = tableRows(
      run(100_000, (step) => 1 / step),
      run(50_000, (step) => 2 / step),
      50,
    )
    expect(rows).toHaveLength(50)
    expect(rows[0]).toEqual({ step: 1, a: 1, b: 2 })
    expect(rows[1]).toEqual({ step: 2042, a: 1 / 2042, b: 2 / 2042 })
    expect(rows.at(-1)).toEqual({ step: 100_000, a: 1e-5, b: undefined })
  })

  it('reads out the latest values, with their steps where these differ', () => {
    const [a, b] = [run(8, (step) => step / 4), run(4, (step) => step / 2)] as const
    expect(readings([a, b], null)).toEqual([
      { value: 2, step: 8 },
      { value: 2, step: 4 },
    ])
    expect(readings([a, b], 3)).toEqual([
      { value: 0.75, step: null },
      { value: 1.5, step: null },
    ])
    expect(readings([a, a], null)[1]).toEqual({ value: 2, step: null })
    expect(readings([a, undefined], null)).toEqual([
      { value: 2, step: null },
      { value: undefined, step: null },
    ])
  })

  it('has no rows before a run', () => {
    expect(tableRows(undefined, undefined, 50)).toEqual([])
    expect(valueAtStep(undefined, 3)).toBeUndefined()
  })

  it('writes every record of both lanes to the file', () => {
    const parts = lanesCsv(
      run(2, (step) => step / 4),
      run(1, () => NaN),
    )
    expect([...parts].join('')).toBe('lane,step,wallTimeMs,value\nA,1,2,0.25\nA,2,4,0.5\nB,1,2,NaN\n')
  })
})
