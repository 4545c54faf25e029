import { describe, expect, it } from 'vitest'
import { points } from './ownPoints'

const rows = [
  [-0.5, 0.25, 0],
  [0.5, -0.25, 1],
  [-1, 1, 0],
  [1, -1, 1],
]

/** [x₁, x₂, label] of all examples, sorted. */
function all(dataset: ReturnType<typeof points>): number[][] {
  return [dataset.train, dataset.test]
    .flatMap(({ x, y }) =>
      Array.from(y.values, (label, row) => [x.values[2 * row] ?? 0, x.values[2 * row + 1] ?? 0, label]),
    )
    .sort(([a = 0], [b = 0]) => a - b)
}

describe('points', () => {
  it('keeps every point with its class, split by the seed', () => {
    const dataset = points(rows, { trainFraction: 0.5, seed: 3 })
    expect(dataset.train.x.shape).toEqual([2, 2])
    expect(dataset.test.y).toMatchObject({ shape: [2, 1], dtype: 'float32' })
    expect(all(dataset)).toEqual([
      [-1, 1, 0],
      [-0.5, 0.25, 0],
      [0.5, -0.25, 1],
      [1, -1, 1],
    ])
    expect(points(rows, { seed: 3 })).toEqual(dataset)
  })

  it('has three classes where a point is of class 2', () => {
    const three = [...rows, [0, 0, 2]]
    expect(points(three).train.y.dtype).toBe('int32')
    expect(points(three, { labels: 'oneHot' }).train.y.shape).toEqual([3, 3])
    expect(() => points(three, { labels: 'binary' })).toThrow("points: expected labels 'index' or 'oneHot'")
  })

  it('names the row that is no point', () => {
    expect(() => points([...rows, [1, 2]])).toThrow(
      'points: row 5: expected [x, y, class] with a class of 0, 1 or 2, got [1, 2]. Correct the row.',
    )
    expect(() => points([...rows, [1, 2, 3]])).toThrow('points: row 5:')
    expect(() => points([...rows, [1, NaN, 0]])).toThrow('points: row 5:')
  })

  it('needs points to train and points to test', () => {
    expect(() => points(rows, { trainFraction: 0.1 })).toThrow(
      'points: expected rows to train and rows to test, got 4 rows and a trainFraction of 0.1. ' +
        'Add rows, or pass trainFraction: 0.5.',
    )
    expect(() => points([])).toThrow('got 0 rows')
  })
})
