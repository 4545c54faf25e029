import { expect, it } from 'vitest'
import { recall } from '../data/index'
import type { NdArray } from '../data/types'
import { maxCsvClasses } from '../catalogue/data/csv'
import { limits } from '../util/laneLimits'
import { predictExamples, tooMuchToShow } from './predictExamples'

/** [the first token, the length] of each sequence. */
function answer({ values, shape }: NdArray): Promise<NdArray> {
  const [count = 0, length = 0] = shape
  const rows = Float32Array.from({ length: 2 * count }, (_, index) =>
    index % 2 === 0 ? (values[(index / 2) * length] ?? NaN) : length,
  )
  return Promise.resolve({ values: rows, shape: [count, 2], dtype: 'float32' })
}

it('asks about sequences length by length and answers in their order', async () => {
  const { x } = recall({ samples: 40, minLength: 2, maxLength: 6, seed: 3 }).train
  const asked: (readonly number[])[] = []
  const { values, outputs } = await predictExamples(x, (batch) => {
    asked.push(batch.shape)
    return answer(batch)
  })
  expect(outputs).toBe(2)
  const expected = Array.from({ length: 32 }, (_, row) => [x.values[6 * row], x.lengths?.[row]])
  expect(Array.from({ length: 32 }, (_, row) => [values[2 * row], values[2 * row + 1]])).toEqual(expected)
  expect(asked.map(([, length]) => length).sort()).toEqual([2, 3, 4, 5, 6])
})

it('asks once about examples of one shape', async () => {
  const { x } = recall({ samples: 40, maxLength: 6, padded: true }).train
  let times = 0
  const { values } = await predictExamples(x, (batch) => {
    times++
    return answer(batch)
  })
  expect([times, values.length]).toEqual([1, 64])
})

it('shows every answer that data can need, and says in words which are too many', () => {
  expect(limits.outputs).toBeGreaterThanOrEqual(maxCsvClasses)
  const answers = (count: number, outputs: number) => ({ values: new Float32Array(count * outputs), outputs })
  expect(tooMuchToShow(answers(1600, limits.outputs))).toBeNull()
  expect(tooMuchToShow(answers(1, 1025))).toBe(
    'prediction: expected a model of at most 1024 outputs, got 1025. Its answers are not shown.',
  )
  expect(tooMuchToShow(answers(1601, 1024))).toBe(
    'prediction: expected at most 1638400 numbers, got 1639424. They are not shown.',
  )
})
