import { expect, it } from 'vitest'
import type { ModelWeights } from '../core/nn/weights'
import { readComparedWeights, WaitingWeights } from './comparedWeights'

const weights = (values: Float32Array): ModelWeights => ({
  layout: 'keras',
  weights: [{ name: 'dense/kernel', shape: [values.length], values }],
})
const sent = { comparison: 1, step: 2, weights: weights(Float32Array.of(1, 2)) }

it('reads what a lane sends to be compared', () => {
  expect(readComparedWeights('A', structuredClone(sent))).toEqual(sent)
})

it.each<[unknown, string]>([
  [null, 'lane B: expected an object of comparison, step, weights, got null.'],
  [{ ...sent, step: -1 }, 'lane B: expected a whole number of 0 or more at step, got -1.'],
  [{ ...sent, comparison: 'x' }, 'lane B: expected a finite number at comparison, got x.'],
  [
    { ...sent, weights: { layout: 'jax', weights: [] } },
    'expected keras or torch at weights.layout, got jax.',
  ],
  [
    {
      ...sent,
      weights: { layout: 'keras', weights: [{ name: 'a', shape: [3], values: Float32Array.of(1) }] },
    },
    'expected 3 numbers at weights.weights[0].values, got 1.',
  ],
  [{ ...sent, more: 'x' }, 'expected no fields except comparison, step, weights, got more.'],
])('refuses anything else: %o', (data, problem) => {
  expect(() => readComparedWeights('B', data)).toThrow(problem)
})

it('keeps what waits within a size and a number, and forgets the oldest', () => {
  const waiting = new WaitingWeights()
  const large = weights(new Float32Array(4 * 2 ** 20)) // 16 MB
  for (let step = 0; step < 10; step++) waiting.keep(step, large)
  waiting.keep(10, weights(new Float32Array(0)))
  const isKept = Array.from({ length: 11 }, (_, step) => waiting.take(step) !== undefined)
  expect(isKept).toEqual([...Array<boolean>(6).fill(false), ...Array<boolean>(5).fill(true)])
  for (let step = 0; step < 10_001; step++) waiting.keep(step, weights(new Float32Array(0)))
  expect([waiting.take(0), waiting.take(1)]).toEqual([undefined, weights(new Float32Array(0))])
})
