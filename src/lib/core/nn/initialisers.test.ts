import { describe, expect, it } from 'vitest'
import { randomStream } from '../util/random'
import { kaimingUniform, uniform } from './initialisers'

/** Mean, variance and extremes of many draws. */
function statistics(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const extreme = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return { mean, variance, extreme }
}

describe('distribution over many draws', () => {
  const shape = [200, 300]
  const draws = {
    uniform: [uniform(shape, 0.5, randomStream(1, 'init', 0)), 0.5],
    kaimingUniform: [kaimingUniform(shape, 200, randomStream(1, 'init', 2)), 1 / Math.sqrt(200)],
  } satisfies Record<string, [Float32Array, number]>

  it.each(Object.entries(draws))('%s is uniform within its limit', (_, [values, limit]) => {
    const { mean, variance, extreme } = statistics(values)
    expect(values).toHaveLength(60_000)
    expect(Math.abs(mean)).toBeLessThan(limit * 0.01)
    expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1)
    expect(extreme).toBeLessThanOrEqual(Math.fround(limit))
    expect(extreme).toBeGreaterThan(limit * 0.999)
  })
})

it('draws the same values from the same stream', () => {
  expect(kaimingUniform([3, 4], 3, randomStream(7, 'init', 0))).toEqual(
    kaimingUniform([3, 4], 3, randomStream(7, 'init', 0)),
  )
})
