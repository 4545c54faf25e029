import { describe, expect, it } from 'vitest'
import { confusionOf, mistakesOf } from './confusion'

describe('confusionOf', () => {
  it('counts the likeliest class of each row by its true one, and leaves out rows without an answer', () => {
    const values = [0.7, 0.2, 0.1, 0.1, 0.3, 0.6, 0.2, 0.5, 0.3, NaN, 0.5, 0.5]
    const confusion = confusionOf([0, 1, 1, 2], values, 3, 3)
    expect(confusion).toEqual({
      counts: [
        [1, 0, 0],
        [0, 1, 1],
        [0, 0, 0],
      ],
      right: 2,
      total: 3,
    })
    expect(mistakesOf(confusion)).toEqual([{ truth: 1, answer: 2, count: 1 }])
  })

  it('takes one output for the probability of class 1', () => {
    expect(confusionOf([0, 1, 1], [0.2, 0.9, 0.4], 1, 2).counts).toEqual([
      [1, 0],
      [1, 1],
    ])
  })

  it('lists the most frequent mistake first', () => {
    const counts = [
      [0, 1, 0],
      [3, 0, 0],
      [0, 2, 5],
    ]
    expect(mistakesOf({ counts, right: 5, total: 11 }).map(({ count }) => count)).toEqual([3, 2, 1])
  })
})
