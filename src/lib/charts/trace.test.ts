import { describe, expect, it } from 'vitest'
import { SmoothedValues, trace } from './trace'
import { xMap, type Columns } from './xAxis'

const run = (values: number[]): Columns => {
  const steps = values.map((_, index) => index)
  return { length: values.length, steps, wallTimesMs: steps.map((step) => step * 10), values }
}
const byStep = { map: xMap('step', undefined, 1), positiveOnly: false }

describe('trace', () => {
  it('draws every record while they fit, and one beyond each edge', () => {
    const { points } = trace(run([5, 4, 3, 2, 1, 0]), { ...byStep, range: { min: 2, max: 3 }, buckets: 100 })
    expect(points.map((point) => point.x)).toEqual([1, 2, 3])
    expect(points.map((point) => point.y)).toEqual([4, 3, 2])
  })

  it('keeps extremes when it thins out', () => {
    const values = Array.from({ length: 100_000 }, (_, index) => Math.sin(index / 5000))
    values[31_337] = 9
    values[77_777] = -9
    const { points } = trace(run(values), { ...byStep, range: { min: 0, max: 100_000 }, buckets: 500 })
    expect(points.length).toBeLessThanOrEqual(1002)
    expect(points.length).toBeGreaterThan(400)
    expect(points).toContainEqual({ x: 31_337, y: 9 })
    expect(points).toContainEqual({ x: 77_777, y: -9 })
    expect(points.every((point, index) => index === 0 || point.x >= (points[index - 1]?.x ?? 0))).toBe(true)
  })

  it('does not move what was drawn while the run grows', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 101)
    const options = { ...byStep, range: { min: 0, max: 5000 }, buckets: 200 }
    const before = trace(run(values.slice(0, 960)), options).points
    const after = trace(run(values), options).points
    expect(after.slice(0, 200)).toEqual(before.slice(0, 200))
  })

  it('breaks the line at NaN and infinities and says where', () => {
    const { points, gaps } = trace(run([1, NaN, 2, Infinity, 3]), {
      ...byStep,
      range: { min: 0, max: 4 },
      buckets: 100,
    })
    expect(points.map((point) => point.y)).toEqual([1, NaN, 2, NaN, 3])
    expect(gaps).toEqual([1, 3])
  })

  it('leaves out what a logarithmic axis cannot show, without calling it a gap', () => {
    const options = { ...byStep, positiveOnly: true, range: { min: 0, max: 2 }, buckets: 100 }
    const { points, gaps } = trace(run([1, 0, 2]), options)
    expect(points.map((point) => point.y)).toEqual([1, NaN, 2])
    expect(gaps).toEqual([])
  })

  it('cuts out the visible part by time as well', () => {
    const map = xMap('time', undefined, 1)
    const range = { min: 0.02, max: 0.03 }
    const { points } = trace(run([9, 8, 7, 6, 5, 4]), { map, range, buckets: 100, positiveOnly: false })
    expect(points.map((point) => point.x)).toEqual([0.01, 0.02, 0.03])
  })
})

describe('SmoothedValues', () => {
  const read = (values: ArrayLike<number>, length: number) => Array.from({ length }, (_, i) => values[i])

  it('is the debiased moving average', () => {
    const [first, second, third] = read(new SmoothedValues().of(run([4, 8, 8]), 0.5), 3)
    expect(first).toBeCloseTo(4, 12)
    expect(second).toBeCloseTo((0.5 * 0.5 * 4 + 0.5 * 8) / (1 - 0.25), 12)
    expect(third).toBeCloseTo((0.25 * 2 + 0.5 * 4 + 4) / (1 - 0.125), 12)
  })

  it('passes NaN through without spoiling what follows', () => {
    const [, second, third] = read(new SmoothedValues().of(run([4, NaN, 4]), 0.9), 3)
    expect(second).toBeNaN()
    expect(third).toBeCloseTo(4, 12)
  })

  it('continues a growing run and starts over with another weight or run', () => {
    const growing = { length: 2, steps: [0, 1, 2, 3], wallTimesMs: [0, 1, 2, 3], values: [1, 5, 2, 7] }
    const smoothed = new SmoothedValues()
    smoothed.of(growing, 0.6)
    growing.length = 4
    expect(read(smoothed.of(growing, 0.6), 4)).toEqual(read(new SmoothedValues().of(growing, 0.6), 4))
    expect(read(smoothed.of(growing, 0), 4)).toEqual([1, 5, 2, 7])
    const other = run([3, 3, 3, 3, 3])
    expect(read(smoothed.of(other, 0.6), 5)).toEqual(read(new SmoothedValues().of(other, 0.6), 5))
  })
})
