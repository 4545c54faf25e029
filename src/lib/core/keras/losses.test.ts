import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { ArgumentError, ShapeError } from '../util/errors'
import type { ActivationName } from './activations'
import { BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy } from './crossentropies'
import type { Loss } from './loss'
import { Huber, matchLabelShape, MeanAbsoluteError, MeanSquaredError, toLoss } from './losses'
import { ModelOutput } from './modelOutput'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function lossOf(
  loss: Loss,
  labels: tf.Tensor,
  outputs: tf.Tensor,
  activation: ActivationName = 'linear',
): number {
  const value = loss.compute(labels, new ModelOutput(outputs, activation))
  expect(value.shape).toEqual([])
  return value.dataSync()[0] ?? NaN
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))

describe('values', () => {
  const binaryLabels = () => tf.tensor2d([[1], [0]])
  const expectedBinary = -(Math.log(sigmoid(0.7)) + Math.log(1 - sigmoid(-1.2))) / 2

  it('MeanSquaredError uses the output after its activation', () => {
    const labels = tf.tensor2d([[0]])
    expect(lossOf(new MeanSquaredError(), labels, tf.tensor2d([[1]]), 'sigmoid')).toBeCloseTo(
      sigmoid(1) ** 2,
      6,
    )
  })

  it('MeanAbsoluteError and Huber use the output after its activation', () => {
    const labels = tf.tensor2d([[0], [0]])
    const outputs = tf.tensor2d([[0.5], [-3]])
    expect(lossOf(new MeanAbsoluteError(), labels, outputs)).toBeCloseTo(1.75, 6)
    expect(lossOf(new Huber(), labels, outputs)).toBeCloseTo((0.125 + 2.5) / 2, 6)
    expect(lossOf(new Huber({ delta: 2 }), labels, outputs)).toBeCloseTo((0.125 + 4) / 2, 6)
    expect(lossOf(new MeanAbsoluteError(), labels, outputs, 'relu')).toBeCloseTo(0.25, 6)
  })

  it('Huber takes no delta of 0', () => {
    expect(() => new Huber({ delta: 0 })).toThrow(ArgumentError)
    expect(() => new Huber({ delta: 0 })).toThrow('Huber: expected delta above 0, got 0. Leave it out for 1.')
  })

  it('BinaryCrossentropy agrees on logits, on a sigmoid and on bare probabilities', () => {
    const logits = tf.tensor2d([[0.7], [-1.2]])
    const fromLogits = new BinaryCrossentropy({ fromLogits: true })
    expect(lossOf(fromLogits, binaryLabels(), logits)).toBeCloseTo(expectedBinary, 6)
    expect(lossOf(new BinaryCrossentropy(), binaryLabels(), logits, 'sigmoid')).toBeCloseTo(expectedBinary, 6)
    expect(lossOf(new BinaryCrossentropy(), binaryLabels(), tf.sigmoid(logits))).toBeCloseTo(
      expectedBinary,
      6,
    )
  })

  it('the crossentropies of a softmax, of logits and of bare probabilities agree', () => {
    const logits = tf.tensor2d([[1, 2, 0.5]])
    const expected = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(0.5)) - 2
    const index = tf.tensor1d([1], 'int32')
    const oneHot = tf.tensor2d([[0, 1, 0]])
    const options = { fromLogits: true }
    expect(lossOf(new SparseCategoricalCrossentropy(options), index, logits)).toBeCloseTo(expected, 5)
    expect(lossOf(new SparseCategoricalCrossentropy(), index, logits, 'softmax')).toBeCloseTo(expected, 5)
    expect(lossOf(new SparseCategoricalCrossentropy(), index, tf.softmax(logits))).toBeCloseTo(expected, 5)
    expect(lossOf(new CategoricalCrossentropy(options), oneHot, logits)).toBeCloseTo(expected, 5)
    expect(lossOf(new CategoricalCrossentropy(), oneHot, logits, 'softmax')).toBeCloseTo(expected, 5)
    expect(lossOf(new CategoricalCrossentropy(), oneHot, tf.softmax(logits))).toBeCloseTo(expected, 5)
  })

  it('goes back to the logits where the sigmoid rounds to 1', () => {
    const loss = lossOf(new BinaryCrossentropy(), tf.tensor2d([[0]]), tf.tensor2d([[60]]), 'sigmoid')
    expect(loss).toBe(60)
  })

  it('clips bare probabilities instead of reaching infinity', () => {
    expect(lossOf(new BinaryCrossentropy(), tf.tensor2d([[0]]), tf.tensor2d([[1]]))).toBeCloseTo(
      -Math.log(1e-7),
      0,
    )
  })
})

it('probabilities without known logits have the right gradient', () => {
  const labels = tf.tensor2d([[1], [0]])
  const loss = (p: tf.Tensor) => new BinaryCrossentropy().compute(labels, new ModelOutput(p, 'linear'))
  const gradient = tf
    .grad(loss)(tf.tensor2d([[0.8], [0.4]]))
    .dataSync()
  expect(gradient[0]).toBeCloseTo(-1 / 0.8 / 2, 5)
  expect(gradient[1]).toBeCloseTo(1 / 0.6 / 2, 5)
})

describe('toLoss', () => {
  it.each([
    'meanSquaredError',
    'mse',
    'meanAbsoluteError',
    'mae',
    'huber',
    'binaryCrossentropy',
    'categoricalCrossentropy',
    'sparseCategoricalCrossentropy',
    // as in Python
    'binary_crossentropy',
    'MSE',
  ])('knows %s', (name) => {
    expect(toLoss(name).fromLogits).toBe(false)
  })

  it('lists the known names', () => {
    expect(() => toLoss('binary_entropy')).toThrow(ArgumentError)
    expect(() => toLoss('binary_entropy')).toThrow(
      "compile loss: expected one of 'meanSquaredError', 'mse', 'meanAbsoluteError', 'mae', 'huber', ",
    )
  })
})

describe('matchLabelShape', () => {
  it('adds or drops a last axis of one', () => {
    expect(matchLabelShape('fit', new MeanSquaredError(), [5], [1])).toEqual([5, 1])
    expect(matchLabelShape('fit', new SparseCategoricalCrossentropy(), [5, 1], [10])).toEqual([5])
  })

  it('names both shapes when they cannot meet', () => {
    const match = () => matchLabelShape('fit', new BinaryCrossentropy(), [5, 3], [1])
    expect(match).toThrow(ShapeError)
    expect(match).toThrow(
      'fit: expected y of shape [5, 1] for binaryCrossentropy on outputs [5, 1], got [5, 3].',
    )
  })
})
