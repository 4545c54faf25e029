import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { setCurrentRun } from '../events/currentRun'
import { toLayout } from '../nn/weightLayouts'
import { ArgumentError, ShapeError } from '../util/errors'
import { Input, layers, Sequential, setRandomSeed } from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
beforeEach(() => {
  setRandomSeed(1)
})
afterEach(() => {
  setCurrentRun(null)
})

function array(shape: number[], ...values: number[]): NdArray {
  return { values: Float32Array.from(values), shape, dtype: 'float32' }
}

const convolutional = () =>
  new Sequential([
    Input({ shape: [8, 8, 1] }),
    new layers.Conv2D(4, { kernelSize: 3, activation: 'relu' }),
    new layers.MaxPooling2D(),
    new layers.Flatten(),
    new layers.Dropout(0.2),
    new layers.Dense(16, { activation: 'relu' }),
    new layers.Dense(10, { activation: 'softmax' }),
  ])

describe('structure', () => {
  it('names layers as Keras does, anew for every model', () => {
    const names = ['conv2d', 'max_pooling2d', 'flatten', 'dropout', 'dense', 'dense_1']
    expect(convolutional().layers.map(({ name }) => name)).toEqual(names)
    expect(convolutional().layers.map(({ name }) => name)).toEqual(names)
    expect(new Sequential([new layers.LeakyReLU()]).layers[0]?.name).toBe('leaky_re_lu')
  })

  it('is built by Input, or by the first data', async () => {
    const model = new Sequential([new layers.Dense(3)])
    expect(model.countParams()).toBe(0)
    await model.predict(array([1, 2], 0, 0))
    expect(model.countParams()).toBe(9)
  })

  it('takes layers one by one', () => {
    const model = new Sequential()
    model.add(Input({ shape: [2] }))
    model.add(new layers.Dense(3))
    expect(model.trainableVariables.map(({ name }) => name)).toEqual(['dense/kernel', 'dense/bias'])
  })

  it('prints a summary and returns it', () => {
    const printed: string[] = []
    setCurrentRun({
      execution: 'eager',
      lineText: '',
      batchBoundary: () => Promise.resolve(false),
      log: () => undefined,
      print: (text) => printed.push(text),
    })
    const text = convolutional().summary()
    expect(printed).toEqual([text])
    expect(text).toMatchInlineSnapshot(`
      "Model: "sequential"
      ┌──────────────────────────────┬─────────────────┬─────────┐
      │ Layer (type)                 │ Output Shape    │ Param # │
      ├──────────────────────────────┼─────────────────┼─────────┤
      │ conv2d (Conv2D)              │ (None, 6, 6, 4) │      40 │
      │ max_pooling2d (MaxPooling2D) │ (None, 3, 3, 4) │       0 │
      │ flatten (Flatten)            │ (None, 36)      │       0 │
      │ dropout (Dropout)            │ (None, 36)      │       0 │
      │ dense (Dense)                │ (None, 16)      │     592 │
      │ dense_1 (Dense)              │ (None, 10)      │     170 │
      └──────────────────────────────┴─────────────────┴─────────┘
      Total params: 802 (3.13 KB)"
    `)
  })

  it('rejects a layer that is part of a model, a second Input, and a bad shape', () => {
    const dense = new layers.Dense(1)
    const input = Input({ shape: [2] })
    expect(() => new Sequential([input, dense, dense])).toThrow(ArgumentError)
    expect(() => new Sequential([input, dense])).toThrow(
      "Sequential: expected a new layer, got 'dense', which is part of a model. Create another one.",
    )
    expect(() => new Sequential([input, input])).toThrow(
      'Sequential: expected Input as the first layer only, got a second one.',
    )
    expect(() => Input({ shape: [0] })).toThrow('Input: expected a shape of positive integers, got [0].')
    expect(() => setRandomSeed(0.5)).toThrow('setRandomSeed: expected seed to be a whole number, got 0.5.')
  })
})

describe('apply and predict', () => {
  it('apply gives the output after the last activation', () => {
    const rows = convolutional().apply(tf.ones([2, 8, 8, 1]))
    expect(rows.shape).toEqual([2, 10])
    tf.sum(rows, 1)
      .dataSync()
      .forEach((sum) => expect(sum).toBeCloseTo(1, 5))
  })

  it('predict goes through all examples in batches, the partial last one included', async () => {
    const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1, { activation: 'tanh' })])
    const x = array([5, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    const inBatches = await model.predict(x, { batchSize: 2 })
    expect(inBatches.shape).toEqual([5, 1])
    expect(inBatches).toEqual(await model.predict(x))
    const outputs = model.apply(tf.tensor2d(x.values, [5, 2]))
    expect(inBatches.values).toEqual(outputs.dataSync())
  })

  it('leaves no tensors behind', async () => {
    const model = convolutional()
    const x = array([3, 8, 8, 1], ...new Array<number>(192).fill(0.5))
    await model.predict(x)
    const before = tf.memory().numTensors
    await model.predict(x)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('rejects inputs of another shape', async () => {
    const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
    await expect(model.predict(array([1, 3], 1, 2, 3))).rejects.toThrow(
      'predict: expected x of shape [1, 2], got [1, 3].',
    )
    expect(() => model.apply(tf.zeros([1, 3]))).toThrow(ShapeError)
    expect(() => model.apply(tf.zeros([1, 3]))).toThrow('apply: expected examples of shape [2], got [3].')
  })
})

describe('weights', () => {
  it('come in Keras layout with the flattened image on the kernel behind it', async () => {
    const { layout, weights } = await convolutional().weights()
    expect(layout).toBe('keras')
    expect(weights.map(({ name, shape, flattenedFrom }) => [name, shape, flattenedFrom])).toEqual([
      ['conv2d/kernel', [3, 3, 1, 4], undefined],
      ['conv2d/bias', [4], undefined],
      ['dense/kernel', [36, 16], [3, 3, 4]],
      ['dense/bias', [16], undefined],
      ['dense_1/kernel', [16, 10], undefined],
      ['dense_1/bias', [10], undefined],
    ])
  })

  it('go through either layout and back to the same bits', async () => {
    const model = convolutional()
    const weights = await model.weights()
    const other = convolutional()
    expect(await other.weights()).not.toEqual(weights)
    other.setWeights(toLayout(weights, 'torch'))
    expect(await other.weights()).toEqual(weights)
    other.setWeights(await convolutional().getWeights())
    expect(await other.weights()).not.toEqual(weights)
    other.setWeights(await model.getWeights())
    expect(await other.weights()).toEqual(weights)
  })

  it('that do not fit change nothing', async () => {
    const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
    const before = await model.weights()
    const set = () => model.setWeights([array([2, 1], 8, 9), array([2], 1, 2)])
    expect(set).toThrow(ShapeError)
    expect(set).toThrow("setWeights: expected shape [1] for 'dense/bias', got [2] from 'array 1'.")
    expect(await model.weights()).toEqual(before)
  })

  it('are freed with the model', () => {
    const before = tf.memory().numTensors
    const model = convolutional()
    expect(tf.memory().numTensors).toBe(before + 6)
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
