import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { unstack } from './unstack'

beforeAll(() => initialiseBackend('cpu'))

it.each([1, 3])('has a gradient for %i parts', (count) => {
  const x = tf.reshape(tf.range(0, 2 * count), [2, count])
  const sumOfSquares = (each: tf.Tensor) =>
    unstack(each, 1).reduce((sum, part) => tf.add(sum, tf.sum(tf.square(part))), tf.scalar(0)) as tf.Scalar
  const gradient = tf.grad((each: tf.Tensor) => sumOfSquares(each))(x)
  expect(gradient.shape).toEqual([2, count])
  expect([...gradient.dataSync()]).toEqual(Array.from({ length: 2 * count }, (_, index) => 2 * index))
})
