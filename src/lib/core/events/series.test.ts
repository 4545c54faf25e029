import { describe, expect, it } from 'vitest'
import { Series } from './series'

/** Steps `from` … `to` − 1 with value −step at 10 ms a step. */
function columns(from: number, to: number) {
  const steps = Float64Array.from({ length: to - from }, (_, index) => from + index)
  return { steps, wallTimesMs: steps.map((step) => 10 * step), values: steps.map((step) => -step) }
}

describe('Series', () => {
  it('begins empty', () => {
    const series = new Series()
    expect(series.length).toBe(0)
    expect(series.latest).toBeUndefined()
    expect(series.latestStep).toBeUndefined()
  })

  it('keeps everything in order while it grows far beyond its first capacity', () => {
    const series = new Series()
    for (let start = 0; start < 5000; start += 50) series.append(columns(start, start + 50))
    series.append(columns(5000, 20_000))
    expect(series.length).toBe(20_000)
    expect(series.latest).toBe(-19_999)
    expect(series.latestStep).toBe(19_999)
    const expected = columns(0, 20_000)
    expect(series.steps.subarray(0, 20_000)).toEqual(expected.steps)
    expect(series.wallTimesMs.subarray(0, 20_000)).toEqual(expected.wallTimesMs)
    expect(series.values.subarray(0, 20_000)).toEqual(expected.values)
  })

  it('keeps values that are not numbers', () => {
    const series = new Series()
    series.append({
      steps: Float64Array.of(1),
      wallTimesMs: Float64Array.of(1),
      values: Float64Array.of(NaN),
    })
    expect(series.latest).toBeNaN()
  })
})

it('forgets what comes after a step', () => {
  const series = new Series()
  series.append({
    steps: Float64Array.of(1, 2, 3),
    wallTimesMs: Float64Array.of(1, 2, 3),
    values: Float64Array.of(0.3, 0.2, 0.1),
  })
  series.truncateAfter(2)
  expect([series.length, series.latestStep, series.latest]).toEqual([2, 2, 0.2])
  series.truncateAfter(0)
  expect(series.latest).toBeUndefined()
})
