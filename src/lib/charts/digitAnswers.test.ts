import { describe, expect, it } from 'vitest'
import { countRight, describeMistakes, digitAnswers } from './digitAnswers'

const row = (digit: number) => Array.from({ length: 10 }, (_, i) => (i === digit ? 0.9 : 0.01))

describe('digit answers', () => {
  it('takes the likeliest digit and compares it with the label', () => {
    const answers = digitAnswers([3, 8, 5], [...row(3), ...row(3), ...row(5)], 10)
    expect(answers.map((answer) => answer.prediction)).toEqual([3, 3, 5])
    expect(answers.map((answer) => answer.isWrong)).toEqual([false, true, false])
    expect(countRight(answers)).toBe(2)
    expect(describeMistakes(answers)).toBe('8 read as 3')
  })

  it('has no answers before the model was asked, nor from NaN', () => {
    expect(digitAnswers([3], null, 10)).toEqual([{ label: 3, prediction: null, isWrong: false }])
    const broken = digitAnswers([3], new Array<number>(10).fill(NaN), 10)
    expect(broken[0]?.prediction).toBeNull()
    expect(countRight(broken)).toBe(0)
  })

  it('lists a few mistakes and counts the rest', () => {
    const answers = digitAnswers([1, 2, 3], [...row(0), ...row(0), ...row(0)], 10)
    expect(describeMistakes(answers, 2)).toBe('1 read as 0, 2 read as 0 and 1 more')
  })
})
