import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, it } from 'vitest'
import { withOwnGradient } from './ownGradient'
import { tf } from './tfjs'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

it('gives the value, and the gradients that it is told in place of the true ones', () => {
  const product = (a: tf.Tensor, b: tf.Tensor) =>
    withOwnGradient(
      [a, b],
      () => ({ value: tf.mul(a, b), saved: [a, b] }),
      (dy, [first, second]) => [tf.mul(dy, tf.add(first, 100)), tf.mul(dy, tf.add(second, 200))],
    )
  const [a, b] = [tf.tensor1d([2, 3]), tf.tensor1d([5, 7])]
  expect([...product(a, b).dataSync()]).toEqual([10, 21])
  const gradients = tf.grads((x, y) => tf.sum(product(x, y)))([a, b])
  expect(gradients.map((gradient) => [...gradient.dataSync()])).toEqual([
    [102, 103],
    [205, 207],
  ])
})

it('needs to save nothing', () => {
  const stopped = tf.grad((x) =>
    tf.sum(
      withOwnGradient(
        [x],
        () => ({ value: tf.square(x), saved: [] }),
        (dy) => tf.zerosLike(dy),
      ),
    ),
  )
  expect([...stopped(tf.tensor1d([1, 2])).dataSync()]).toEqual([0, 0])
})
