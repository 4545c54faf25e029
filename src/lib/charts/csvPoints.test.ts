import type { AskedRows } from '$lib/core/data/csvSample'
import { describe, expect, it } from 'vitest'
import { answerPoints, inFileNumbers, meanError, targetAxis } from './csvPoints'

const asked: AskedRows = {
  areTest: true,
  rows: Uint32Array.of(2, 5, 9),
  targets: Float64Array.of(100, 200, 300),
  scale: { mean: 200, deviation: 50 },
}

describe('answers against what is true', () => {
  it('are in the numbers of the file', () => {
    expect([...inFileNumbers(asked, Float32Array.of(-2, 0, 1))]).toEqual([100, 200, 250])
    expect(meanError(asked, [100, 200, 250])).toBeCloseTo(50 / 3)
    expect(meanError(asked, [100, NaN, 250])).toBeNaN()
  })

  it('lie on the diagonal where they are right, in a square with room around what is true', () => {
    const axis = targetAxis(asked, 'price')
    expect(axis).toEqual({ name: 'price', min: 80, max: 320 })
    const { test, train } = answerPoints(asked, [100, 200, 320], axis)
    expect(train.x.shape).toEqual([0, 2])
    const [x0, y0, x1, y1, x2, y2] = test.x.values
    expect(y0).toBeCloseTo(x0 ?? NaN)
    expect([x1, y1]).toEqual([0, 0])
    expect(y2).toBeGreaterThan(x2 ?? NaN)
    expect(y2).toBeCloseTo(1.25)
  })

  it('have a range also where all targets are equal', () => {
    expect(targetAxis({ ...asked, targets: Float64Array.of(5, 5) }, 'y')).toEqual({
      name: 'y',
      min: 4,
      max: 6,
    })
  })
})
