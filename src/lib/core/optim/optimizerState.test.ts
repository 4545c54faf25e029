/** A copied state belongs to the slots that it was copied from, also where a rule has not made all of them. */
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { Adam } from './adam'
import type { Optimizer } from './optimizer'
import { Rmsprop } from './rmsprop'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const rules: [string, (variables: readonly tf.Variable[]) => Optimizer][] = [
  [
    'RMSprop without momentum',
    (variables) =>
      new Rmsprop(variables, { learningRate: 0.1, rho: 0.9, epsilon: 1e-7, formulation: 'keras' }),
  ],
  ['Adam', (variables) => new Adam(variables, { learningRate: 0.1, epsilon: 1e-7, formulation: 'torch' })],
]

function weights(): tf.Variable[] {
  return [tf.variable(tf.tensor([1, 2, 3])), tf.variable(tf.tensor([4, 5]))]
}

function update(optimizer: Optimizer, gradients: readonly (number[] | null)[]): void {
  optimizer.applyGradients(gradients.map((values) => values && tf.tensor(values)))
}

const both = [
  [0.5, -1, 2],
  [3, -0.25],
]

describe.each(rules)('%s', (_, make) => {
  it.each([
    ['of all weights', both],
    ['of the second weight alone', [null, [3, -0.25]]],
  ])('goes on from updates %s', async (_updates, gradients) => {
    const [whole, first, second] = [weights(), weights(), weights()]
    const uninterrupted = make(whole)
    for (const each of [gradients, both]) update(uninterrupted, each)
    const before = make(first)
    update(before, gradients)
    const after = make(second)
    after.setState(await before.state())
    expect(after.slots()).toHaveLength(before.slots().length)
    for (const [index, variable] of second.entries()) variable.assign(first[index] as tf.Tensor)
    update(after, both)
    expect(second.map((variable) => [...variable.dataSync()])).toEqual(
      whole.map((variable) => [...variable.dataSync()]),
    )
  })

  it('starts slots anew that the state has no values for', async () => {
    const optimizer = make(weights())
    const unmade = await make(weights()).state()
    update(optimizer, both)
    optimizer.setState(unmade)
    const sums = optimizer.slots().map((slot) => tf.sum(tf.abs(slot)).dataSync()[0])
    expect(sums.every((sum) => sum === 0)).toBe(true)
    expect(sums.length).toBeGreaterThan(0)
  })
})
