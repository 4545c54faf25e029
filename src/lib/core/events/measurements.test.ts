import { describe, expect, it } from 'vitest'
import {
  finalValue,
  firstCrossing,
  generalisationGap,
  hasEnoughSteps,
  lastStepOf,
  lossDifference,
  speedRatio,
  type LaneRecord,
} from './measurements'

type Points = readonly (readonly [step: number, value: number])[]

/** A lane with these tags; a step takes 100 µs. */
function lane(tags: Readonly<Record<string, Points>>): LaneRecord {
  const columns = (points: Points) => ({
    length: points.length,
    // As in a growing series, what lies beyond the length must not count.
    steps: [...points.map(([step]) => step), 999],
    values: [...points.map(([, value]) => value), -999],
  })
  const series = new Map(Object.entries(tags).map(([tag, points]) => [tag, columns(points)]))
  return { series, microsecondsPerStep: 100 }
}

const empty = lane({})
const losses = (...values: number[]) => lane({ loss: values.map((value, index) => [index + 1, value]) })

it('hasEnoughSteps: ten in both lanes', () => {
  const nine = losses(1, 1, 1, 1, 1, 1, 1, 1, 1)
  const ten = losses(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
  expect(hasEnoughSteps([ten, ten])).toBe(true)
  expect(hasEnoughSteps([ten, nine])).toBe(false)
  expect(hasEnoughSteps([empty, ten])).toBe(false)
})

it('finalValue and lastStepOf: the last record', () => {
  const a = lane({ test: [[8, 0.5], [16, 0.4]] }) // prettier-ignore
  expect(finalValue(a, 'test')).toBe(0.4)
  expect(finalValue(a, 'other')).toBeNull()
  expect(lastStepOf([a, empty], 'test')).toBe(16)
  expect(lastStepOf([empty, empty], 'test')).toBeNull()
})

it('firstCrossing: the first step beyond, strictly', () => {
  const a = losses(0.5, 0.3, NaN, 0.2, 0.4)
  expect(firstCrossing(a, 'loss', 0.3, 'below')).toBe(4)
  expect(firstCrossing(a, 'loss', 0.1, 'below')).toBeNull()
  expect(firstCrossing(a, 'loss', 0.4, 'above')).toBe(1)
  expect(firstCrossing(empty, 'loss', 0.4, 'above')).toBeNull()
})

describe('lossDifference', () => {
  it('compares common steps', () => {
    expect(lossDifference([losses(1, 2, 3), losses(1, 2.5, 3.25, 9)])).toEqual({
      largest: 0.5,
      atStep: 2,
      steps: 3,
      parted: 2,
    })
  })

  it('tells rounding from another run', () => {
    expect(lossDifference([losses(1, 1), losses(1, 1 + 1e-6)])?.parted).toBeNull()
    expect(lossDifference([losses(1, 1), losses(1, 1 + 1e-4)])?.parted).toBe(2)
  })

  it('takes NaN in one lane for a difference, in both for none', () => {
    expect(lossDifference([losses(1, NaN), losses(1, NaN)])?.largest).toBe(0)
    expect(lossDifference([losses(1, NaN), losses(1, 2)])).toMatchObject({ largest: Infinity, parted: 2 })
  })

  it('needs a loss in both lanes', () => {
    expect(lossDifference([losses(1), empty])).toBeNull()
  })
})

it('speedRatio: above 1 where lane A is faster', () => {
  expect(speedRatio([empty, { ...empty, microsecondsPerStep: 250 }])).toBe(2.5)
  expect(speedRatio([empty, { ...empty, microsecondsPerStep: null }])).toBeNull()
})

describe('generalisationGap', () => {
  const loss: Points = [
    [1, 9],
    [2, 9],
    [3, 0.5],
    [4, 0.3],
    [5, 7],
  ]

  it('averages the batches of the last finished epoch', () => {
    const gap = generalisationGap(lane({ loss, 'epoch/valLoss': [[2, 1], [4, 0.25]] })) // prettier-ignore
    expect(gap).toEqual({ trainingLoss: 0.4, testLoss: 0.25 })
  })

  it('takes all batches so far after the first epoch', () => {
    expect(generalisationGap(lane({ loss, 'epoch/valLoss': [[2, 1]] }))?.trainingLoss).toBe(9)
  })

  it('needs a finished epoch', () => {
    expect(generalisationGap(lane({ loss }))).toBeNull()
  })
})
