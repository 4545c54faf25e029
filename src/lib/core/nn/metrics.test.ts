import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import {
  binaryAccuracy,
  categoricalAccuracy,
  meanAbsoluteError,
  meanSquaredErrorSum,
  sparseCategoricalAccuracy,
} from './metrics'

const scalar = (tensor: tf.Tensor) => {
  expect(tensor.shape).toEqual([])
  return tensor.dataSync()[0]
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

it('binaryAccuracy counts by the threshold of probabilities or of logits', () => {
  const labels = tf.tensor2d([[1], [0], [1], [0]])
  expect(scalar(binaryAccuracy(labels, tf.tensor2d([[0.6], [0.4], [0.4], [0.6]])))).toBe(2)
  expect(scalar(binaryAccuracy(labels, tf.tensor2d([[0.1], [-0.1], [0.2], [0.3]]), 0))).toBe(3)
})

it('sparseCategoricalAccuracy and categoricalAccuracy agree', () => {
  const outputs = tf.tensor2d([
    [0.1, 0.7, 0.2],
    [0.5, 0.2, 0.3],
    [0.1, 0.2, 0.7],
  ])
  const indices = tf.tensor1d([1, 0, 0], 'int32')
  expect(scalar(sparseCategoricalAccuracy(indices, outputs))).toBe(2)
  expect(scalar(categoricalAccuracy(tf.oneHot(indices, 3), outputs))).toBe(2)
})

it('binaryAccuracy counts the share of an example with several outputs', () => {
  const labels = tf.tensor2d([
    [1, 0, 1, 0],
    [1, 1, 0, 0],
  ])
  const outputs = tf.tensor2d([
    [0.9, 0.1, 0.9, 0.1],
    [0.9, 0.1, 0.1, 0.9],
  ])
  expect(scalar(binaryAccuracy(labels, outputs))).toBe(1.5)
})

it('metrics of sequences average over the positions of an example', () => {
  const oneHot = (indices: tf.Tensor) => tf.oneHot(indices, 2, 1, 0, 'float32')
  const indices = tf.tensor2d([[0, 1, 1, 0]], [1, 4], 'int32')
  const outputs = oneHot(tf.tensor2d([[0, 1, 0, 0]], [1, 4], 'int32'))
  expect(scalar(sparseCategoricalAccuracy(indices, outputs))).toBe(0.75)
  expect(scalar(categoricalAccuracy(oneHot(indices), outputs))).toBe(0.75)
  expect(scalar(meanAbsoluteError(oneHot(indices), outputs))).toBe(0.25)
  expect(scalar(meanSquaredErrorSum(oneHot(indices), outputs))).toBe(0.25)
})

it('error metrics average over the axes of an example and sum over the batch', () => {
  const labels = tf.tensor2d([
    [0, 0],
    [1, 1],
  ])
  const predictions = tf.tensor2d([
    [1, 3],
    [1, 2],
  ])
  expect(scalar(meanAbsoluteError(labels, predictions))).toBe(2.5)
  expect(scalar(meanSquaredErrorSum(labels, predictions))).toBe(5.5)
})
