/** What `compile` and `fit` refuse. */
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { ArgumentError, ShapeError } from '../util/errors'
import { Input, layers, losses, optimizers, Sequential, setRandomSeed } from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
beforeEach(() => {
  setRandomSeed(42)
})

function array(shape: number[], values: Iterable<number>): NdArray {
  return { values: Float32Array.from(values), shape, dtype: 'float32' }
}

const xor = { x: array([4, 2], [0, 0, 0, 1, 1, 0, 1, 1]), y: array([4, 1], [0, 1, 1, 0]) }

function compiled({ dropout = 0, learningRate = 0.05 } = {}): Sequential {
  const model = new Sequential([
    Input({ shape: [2] }),
    new layers.Dense(8, { activation: 'tanh' }),
    new layers.Dropout(dropout),
    new layers.Dense(1, { activation: 'sigmoid' }),
  ])
  const optimizer = new optimizers.Adam({ learningRate })
  model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] })
  return model
}

describe('errors', () => {
  const model = () => new Sequential([Input({ shape: [2] }), new layers.Dense(1)])

  it('of a model that is not compiled', async () => {
    const message = 'expected a compiled model, got one without loss and optimizer. Call model.compile('
    await expect(model().fit(xor.x, xor.y)).rejects.toThrow(`fit: ${message}`)
    await expect(model().evaluate(xor.x, xor.y)).rejects.toThrow(`evaluate: ${message}`)
  })

  it('of options that do not exist', async () => {
    const options = { validationSplt: 0.2 } as object
    await expect(compiled().fit(xor.x, xor.y, options)).rejects.toThrow(
      'fit: expected the option validationSplit, got validationSplt. Write validationSplit.',
    )
    expect(() => model().compile({ optimizer: 'sgd', loss: 'mse', metric: [] })).toThrow(
      'compile: expected the option metrics, got metric. Write metrics.',
    )
    expect(new losses.BinaryCrossentropy({ from_logits: true } as object).fromLogits).toBe(true)
  })

  it('of names at compile time', () => {
    expect(() => model().compile({ optimizer: 'adam', loss: 'hinges' })).toThrow(
      "compile loss: expected 'hinge', got 'hinges'. Write 'hinge'.",
    )
    expect(() => model().compile({ optimizer: 'adam', loss: 'wasserstein' })).toThrow(
      'compile loss: expected one of',
    )
    expect(() => model().compile({ optimizer: 'lion', loss: 'mse' })).toThrow(
      'compile optimizer: expected one of',
    )
    expect(() => model().compile({ optimizer: 'sgd', loss: 'mse', metrics: ['auc'] })).toThrow(
      'compile metrics: expected one of',
    )
  })

  it.each<[string, NdArray, NdArray, new () => Error, string]>([
    [
      'inputs',
      array([4, 3], new Float32Array(12)),
      xor.y,
      ShapeError,
      'fit: expected x of shape [4, 2], got [4, 3].',
    ],
    [
      'counts',
      xor.x,
      array([3, 1], [0, 1, 1]),
      ShapeError,
      'fit: expected as many labels as examples, got 4 examples and 3 labels.',
    ],
    ['labels', xor.x, array([4, 2], new Float32Array(8)), ShapeError, 'fit: expected y of shape [4, 1]'],
    [
      'values',
      xor.x,
      array([4, 1], [0]),
      ArgumentError,
      'fit: expected y to be an array with examples, got shape [4, 1].',
    ],
    [
      'nothing',
      array([0, 2], []),
      array([0, 1], []),
      ArgumentError,
      'fit: expected x to be an array with examples',
    ],
  ])('of data: %s', async (_, x, y, kind, message) => {
    const fit = compiled().fit(x, y)
    await expect(fit).rejects.toThrow(kind)
    await expect(fit).rejects.toThrow(message)
  })

  it('of class numbers the model has no unit for', async () => {
    const classifier = new Sequential([Input({ shape: [2] }), new layers.Dense(3, { activation: 'softmax' })])
    classifier.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' })
    await expect(classifier.fit(xor.x, array([4], [0, 1, 3, 2]))).rejects.toThrow(
      'fit: expected class numbers from 0 to 2, got 3. Give the last layer one unit per class.',
    )
  })
})
