import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { gelu } from './activations'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

it('gelu is x·Φ(x), with values of the normal distribution', () => {
  const values = gelu(tf.tensor1d([-1, 0, 1, 2])).dataSync()
  // Φ(1) = 0.8413447, Φ(2) = 0.9772499
  ;[-0.1586553, 0, 0.8413447, 1.9544997].forEach((expected, index) =>
    expect(values[index]).toBeCloseTo(expected, 5),
  )
})

it('gelu has the gradient Φ(x) + x·φ(x)', () => {
  const gradient = tf
    .grad((x: tf.Tensor) => gelu(x))(tf.tensor1d([1]))
    .dataSync()
  expect(gradient[0]).toBeCloseTo(0.8413447 + Math.exp(-0.5) / Math.sqrt(2 * Math.PI), 5)
})
