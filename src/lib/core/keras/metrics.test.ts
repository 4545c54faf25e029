import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import type { ActivationName } from './activations'
import { BinaryCrossentropy, MeanSquaredError, toLoss, type Loss } from './losses'
import { assertMetricNames, RunningSums, toMetrics } from './metrics'
import { ModelOutput } from './modelOutput'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function figure(name: string, loss: Loss, labels: tf.Tensor, outputs: tf.Tensor, activation: ActivationName) {
  const [metric] = toMetrics([name], loss, outputs.shape.slice(1))
  return metric?.sum(labels, new ModelOutput(outputs, activation)).dataSync()[0]
}

describe('accuracy is chosen by the loss', () => {
  const logits = () => tf.tensor2d([[0.3], [-0.3], [0.3]])
  const labels = () => tf.tensor2d([[1], [0], [1]])

  it('binary, on the logits behind a sigmoid', () => {
    expect(figure('accuracy', new BinaryCrossentropy(), labels(), logits(), 'sigmoid')).toBe(3)
  })

  it('binary, on logits that are the output', () => {
    expect(
      figure('accuracy', new BinaryCrossentropy({ fromLogits: true }), labels(), logits(), 'linear'),
    ).toBe(3)
  })

  it('binary, with the threshold 0.5 on other outputs', () => {
    expect(figure('accuracy', new BinaryCrossentropy(), labels(), logits(), 'linear')).toBe(1)
    expect(figure('accuracy', new MeanSquaredError(), labels(), logits(), 'linear')).toBe(1)
  })

  it('by class for the other crossentropies', () => {
    const outputs = tf.tensor2d([
      [0.2, 0.8],
      [0.9, 0.1],
    ])
    const indices = tf.tensor1d([1, 1], 'int32')
    const oneHot = tf.tensor2d([
      [0, 1],
      [0, 1],
    ])
    expect(figure('accuracy', toLoss('sparseCategoricalCrossentropy'), indices, outputs, 'softmax')).toBe(1)
    expect(figure('accuracy', toLoss('categoricalCrossentropy'), oneHot, outputs, 'softmax')).toBe(1)
    expect(figure('accuracy', new MeanSquaredError(), oneHot, outputs, 'linear')).toBe(1)
  })
})

it('error metrics use the output after its activation', () => {
  const labels = tf.tensor2d([[1]])
  expect(figure('mae', new MeanSquaredError(), labels, tf.tensor2d([[-3]]), 'relu')).toBe(1)
  expect(figure('mse', new MeanSquaredError(), labels, tf.tensor2d([[-3]]), 'relu')).toBe(1)
})

it('an unknown metric is answered with the known ones', () => {
  expect(() => assertMetricNames(['accuracy', 'f1'])).toThrow("compile metrics: expected one of 'accuracy', ")
  expect(() => assertMetricNames(['accuracy', 'f1'])).toThrow("got 'f1'")
})

describe('RunningSums', () => {
  it('adds up over scopes and divides once', async () => {
    const sums = new RunningSums()
    tf.tidy(() => sums.add('loss', tf.scalar(3)))
    tf.tidy(() => sums.add('loss', tf.scalar(1)))
    tf.tidy(() => sums.add('accuracy', tf.scalar(2)))
    expect(await sums.means(4)).toEqual({ loss: 1, accuracy: 0.5 })
    sums.dispose()
  })

  it('keeps one tensor per figure, and none once disposed', () => {
    const before = tf.memory().numTensors
    const sums = new RunningSums()
    for (let batch = 0; batch < 5; batch++) tf.tidy(() => sums.add('loss', tf.scalar(batch)))
    expect(tf.memory().numTensors).toBe(before + 1)
    sums.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
