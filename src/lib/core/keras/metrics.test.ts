import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import type { ActivationName } from './activations'
import { BinaryCrossentropy } from './crossentropies'
import type { Loss } from './loss'
import { MeanSquaredError, toLoss } from './losses'
import { assertMetrics, toMetrics } from './metricNames'
import { ModelOutput } from './modelOutput'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function figure(name: string, loss: Loss, labels: tf.Tensor, outputs: tf.Tensor, activation: ActivationName) {
  const [metric] = toMetrics([name], loss, outputs.shape.slice(1))
  return metric?.sums(labels, new ModelOutput(outputs, activation))[0]?.dataSync()[0]
}

describe('accuracy is chosen by the shapes of outputs and labels', () => {
  const logits = () => tf.tensor2d([[0.3], [-0.3], [0.3]])
  const labels = () => tf.tensor2d([[1], [0], [1]])

  it('binary, on the logits behind a sigmoid', () => {
    expect(figure('accuracy', new BinaryCrossentropy(), labels(), logits(), 'sigmoid')).toBe(3)
  })

  it('binary, with the threshold 0.5 on other outputs, logits among them', () => {
    const ofLogits = new BinaryCrossentropy({ fromLogits: true })
    expect(figure('accuracy', ofLogits, labels(), logits(), 'linear')).toBe(1)
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
    // Several outputs are classes for every loss.
    expect(figure('accuracy', new BinaryCrossentropy(), oneHot, outputs, 'sigmoid')).toBe(1)
  })
})

it('error metrics use the output after its activation', () => {
  const labels = tf.tensor2d([[1]])
  expect(figure('mae', new MeanSquaredError(), labels, tf.tensor2d([[-3]]), 'relu')).toBe(1)
  expect(figure('mse', new MeanSquaredError(), labels, tf.tensor2d([[-3]]), 'relu')).toBe(1)
})

it('an unknown metric is answered with the known ones', () => {
  expect(() => assertMetrics(['accuracy', 'f1'])).toThrow("compile metrics: expected one of 'accuracy', ")
  expect(() => assertMetrics(['accuracy', 'f1'])).toThrow("got 'f1'")
})
