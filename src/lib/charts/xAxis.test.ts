import { describe, expect, it } from 'vitest'
import { epochMap, firstAtLeast, indexAtStep, xMap, type Columns } from './xAxis'

const columns = (steps: number[], values: number[], wallTimesMs = steps): Columns => ({
  length: steps.length,
  steps,
  values,
  wallTimesMs,
})

describe('xMap', () => {
  it('leaves steps alone and turns milliseconds into seconds', () => {
    expect(xMap('step', undefined, 8).forward(12)).toBe(12)
    const time = xMap('time', undefined, 8)
    expect(time.column).toBe('wallTimesMs')
    expect(time.forward(1500)).toBe(1.5)
    expect(time.inverse(1.5)).toBe(1500)
  })

  it('places steps between epoch ends, the running epoch at the pace of the last one', () => {
    const map = epochMap(columns([8, 16, 26], [1, 2, 3]), 99)
    expect([0, 4, 8, 12, 21, 26, 31].map((step) => map.forward(step))).toEqual([0, 0.5, 1, 1.5, 2.5, 3, 3.5])
    expect([0.5, 2.5, 3.5].map((epoch) => map.inverse(epoch))).toEqual([4, 21, 31])
  })

  it('uses the expected steps per epoch until one has finished', () => {
    const map = xMap('epoch', undefined, 8)
    expect(map.forward(2)).toBe(0.25)
    expect(map.inverse(0.25)).toBe(2)
  })

  it('ignores an epoch end recorded twice at one step', () => {
    expect(epochMap(columns([8, 8, 16], [1, 1, 2]), 1).forward(12)).toBe(1.5)
  })
})

describe('searching steps', () => {
  it('finds the first entry that is large enough', () => {
    expect([0, 3, 4, 9, 10].map((value) => firstAtLeast([1, 3, 9, 99], 3, value))).toEqual([0, 1, 2, 2, 3])
  })

  it('reads the record at or before a step and nothing outside the run', () => {
    const series = columns([5, 10, 20], [1, 2, 3])
    expect([4, 5, 9, 10, 20, 21].map((step) => indexAtStep(series, step))).toEqual([-1, 0, 0, 1, 2, -1])
    expect(indexAtStep(columns([], []), 0)).toBe(-1)
  })
})
