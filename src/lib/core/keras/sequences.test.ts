import { beforeAll, beforeEach, expect, it } from 'vitest'
import { recall } from '../data/index'
import type { NdArray } from '../data/types'
import { takeRows } from '../data/batches'
import { initialiseBackend } from '../eager/backends'
import { setCurrentRun } from '../events/currentRun'
import { callbacks, Input, layers, Model, Sequential, setRandomSeed } from './index'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  setRandomSeed(1)
  setCurrentRun(null)
})

const { train, test } = recall({ samples: 60, minLength: 2, maxLength: 5, seed: 1 })

function made(): Sequential {
  const model = new Sequential([
    Input({ shape: [null] }),
    new layers.Embedding(4, 3),
    new layers.GRU(5),
    new layers.Dense(3, { activation: 'softmax' }),
  ])
  model.compile({
    optimizer: 'sgd',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    runEagerly: true,
  })
  return model
}

/** One sequence without the places behind it, [1, length]. */
function alone(x: NdArray, row: number): NdArray {
  const { values } = takeRows(x, [row])
  const length = x.lengths?.[row] ?? 0
  return { values: values.slice(0, length), shape: [1, length], dtype: 'int32' }
}

it('shows an open length as None', () => {
  const text = made().summary()
  expect(text).toContain('(None, None, 3)')
  expect(text).toContain('(None, 5)')
})

it('keeps null in the shapes of symbolic tensors', () => {
  const x = Input({ shape: [null] })
  expect(x.shape).toEqual([null, null])
  const states = new layers.LSTM(5, { returnSequences: true }).apply(new layers.Embedding(4, 3).apply(x))
  expect(states.shape).toEqual([null, null, 5])
  const steps = new layers.Conv1D(2, 3).apply(states)
  expect(steps.shape).toEqual([null, null, 2])
})

it('tells callbacks the number of batches, each of sequences of one length', async () => {
  let batches = 0
  const counter = new callbacks.LambdaCallback({ onTrainBatchBegin: () => void batches++ })
  await made().fit(test.x, test.y, { batchSize: 8, callbacks: counter })
  expect([counter.params?.steps, batches]).toEqual([4, 4])
})

it('predicts sequences of every length, in their order', async () => {
  const model = made()
  const { values, shape } = await model.predict(test.x, { batchSize: 4 })
  expect(shape).toEqual([12, 3])
  for (const row of [0, 5, 11]) {
    const one = await model.predict(alone(test.x, row))
    for (const [column, value] of one.values.entries()) expect(values[3 * row + column]).toBeCloseTo(value, 6)
  }
})

it('evaluates over all sequences, whatever their batches', async () => {
  const model = made()
  const [small, large] = [
    await model.evaluate(test.x, test.y, { batchSize: 2 }),
    await model.evaluate(test.x, test.y, { batchSize: 100 }),
  ]
  expect(small['loss']).toBeCloseTo(large['loss'] ?? NaN, 5)
  expect(small['accuracy']).toBeCloseTo(large['accuracy'] ?? NaN, 6)
})

it('trains on part of a ragged array and validates on the rest', async () => {
  const { history } = await made().fit(train.x, train.y, { epochs: 2, batchSize: 8, validationSplit: 0.25 })
  expect(history['loss']).toHaveLength(2)
  expect(history['valLoss']?.every(Number.isFinite)).toBe(true)
})

it('goes on with stepsPerEpoch where the last epoch ended', async () => {
  const whole = made()
  const { history } = await whole.fit(train.x, train.y, { epochs: 4, batchSize: 8, stepsPerEpoch: 2 })
  expect(history['loss']).toHaveLength(4)
})

it('builds for an open length where the first data are ragged', async () => {
  const model = new Sequential([new layers.Embedding(4, 3), new layers.SimpleRNN(2)])
  expect((await model.predict(test.x)).shape).toEqual([12, 2])
  expect((await model.predict(alone(test.x, 0))).shape).toEqual([1, 2])
})

it('refuses sequences of different length for a model of one length', async () => {
  const fixed = new Sequential([Input({ shape: [5] }), new layers.Embedding(4, 3), new layers.GRU(3)])
  await expect(fixed.predict(test.x)).rejects.toThrow(
    'predict: expected x of sequences of one length, got a ragged array. Write Input({ shape: [null] }), or ask the dataset for padded: true.',
  )
})

it('refuses layers whose weights would depend on the length', () => {
  const open = (given: readonly layers.Layer[]) => () => new Sequential([Input({ shape: [null] }), ...given])
  expect(open([new layers.Dense(3)])).toThrow(
    'Dense: expected a known number of features, got examples [null]. Put an Embedding in front',
  )
  expect(open([new layers.Embedding(4, 3), new layers.Flatten()])).toThrow(
    'Flatten: expected examples of known size, got [null, 3]. Use a recurrent layer',
  )
})

it('says that outputs as long as their sequences make no array', async () => {
  const x = Input({ shape: [null] })
  const model = new Model({ inputs: x, outputs: new layers.Embedding(4, 3).apply(x) })
  await expect(model.predict(test.x)).rejects.toThrow(
    'predict: expected outputs of one size, got [null, 3], which follow the length of their sequences. Call model.apply(x)',
  )
})
