import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { absolute, extremeShared, normOf, rootOfSquares, saturated } from './piecewise'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const gradientOf = (f: (x: tf.Tensor) => tf.Tensor, at: number[] | number[][]) =>
  Array.from(tf.grad(f)(tf.tensor(at)).dataSync())

// Gradients as PyTorch 2.13 gives them.
describe('gradients at the kinks', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor, number[], number[]]>([
    ['absolute', absolute, [-2, 0, 3], [-1, 0, 1]],
    ['saturated', (x) => saturated(x, 0, 6), [-1, 0, 1, 6, 7], [0, 0, 1, 0, 0]],
    ['rootOfSquares', rootOfSquares, [0, 4], [0, 0.25]],
    ['the norm of zeros', (x) => normOf(x, 2), [0, 0], [0, 0]],
    ['the norm', (x) => normOf(x, 2), [3, 4], [0.6, 0.8]],
    ['the largest norm', (x) => normOf(x, Infinity), [2, -2, 1], [0.5, -0.5, 0]],
    ['the 1-norm', (x) => normOf(x, 1), [2, -2, 0], [1, -1, 0]],
    ['the 3-norm of zeros', (x) => normOf(x, 3), [0, 0], [0, 0]],
    ['the 3-norm', (x) => normOf(x, 3), [1, -1, 0], [2 ** (-2 / 3), -(2 ** (-2 / 3)), 0]],
    ['the ½-norm with a zero', (x) => normOf(x, 0.5), [4, 0], [1, 0]],
    ['max with ties', (x) => extremeShared('max', x), [3, 1, 3], [0.5, 0, 0.5]],
    ['min with ties', (x) => extremeShared('min', x), [3, 1, 1], [0, 0.5, 0.5]],
  ])('%s', (_, f, at, expected) => {
    gradientOf(f, at).forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5))
  })

  it('along an axis each row has its own', () => {
    const rows = [
      [1, 1],
      [2, 5],
    ]
    expect(gradientOf((x) => extremeShared('max', x, { axes: [-1] }), rows)).toEqual([0.5, 0.5, 0, 1])
    expect(gradientOf((x) => normOf(x, Infinity, { axes: [1] }), rows)).toEqual([0.5, 0.5, 0, 1])
  })
})
