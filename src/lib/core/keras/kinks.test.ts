/** Where tfjs' gradients and loops are not Keras': at kinks, at ties, at restarts. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { activations } from './activations'
import { GradientTape } from './gradientTape'
import * as ops from './ops'
import { L1 } from './regularizers'
import { CosineDecayRestarts } from './schedules'

beforeAll(() => initialiseBackend('cpu'))

// As TensorFlow gives them.
it.each<[string, (x: tf.Tensor) => tf.Tensor, number[], number[]]>([
  ['the L1 penalty', (x) => new L1(0.5).penalty(x), [-2, 0, 2], [-0.5, 0, 0.5]],
  ['ops.abs', ops.abs, [-2, 0, 2], [-1, 0, 1]],
  ['ops.max', ops.max, [3, 1, 3], [0.5, 0, 0.5]],
  ['ops.min along an axis', (x) => ops.min(x, { axis: -1 }), [1, 1, 3], [0.5, 0.5, 0]],
  ['relu6', activations.relu6, [-1, 0, 3, 6, 7], [0, 0, 1, 0, 0]],
  ['hardSigmoid', activations.hardSigmoid, [-3, 0, 3], [0, 1 / 6, 0]],
  ['ops.maximum, whose first argument gets all', (x) => ops.maximum(x, 1), [0, 1, 2], [0, 1, 1]],
])('the gradient of %s', (_, f, at, expected) => {
  const gradient = tf.grad(f)(tf.tensor1d(at)).dataSync()
  expected.forEach((value, index) => expect(gradient[index]).toBeCloseTo(value, 6))
})

// As Keras gives them on PyTorch; on TensorFlow relu multiplies by its mask and gives NaN.
it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['ops.where', (x) => ops.where(ops.greater(x, 0), x, ops.zeros([4]))],
  ['ops.relu', ops.relu],
  ['the activation relu', activations.relu],
  ['ops.maximum, zero first', (x) => ops.maximum(ops.zeros([4]), x)],
])('a mask before a root: %s', (_, mask) => {
  const x = tf.variable(tf.tensor1d([-1, 0, 4, 9]))
  const tape = new GradientTape()
  const root = tape.record(() => ops.sqrt(mask(x)))
  const gradient = Array.from(tape.gradient(root, x)?.dataSync() ?? [])
  ;[0, 0, 1 / 4, 1 / 6].forEach((value, index) => expect(gradient[index]).toBeCloseTo(value, 6))
})

it.each<[string, (x: tf.Tensor) => tf.Tensor, number[]]>([
  ['clip', (x) => ops.clip(x, 0, 5), [0, Infinity, 1 / 4, 0]],
  ['maximum', (x) => ops.maximum(x, 0), [0, Infinity, 1 / 4, 1 / 6]],
  ['minimum', (x) => ops.negative(ops.minimum(ops.negative(x), 0)), [0, Infinity, 1 / 4, 1 / 6]],
  ['relu6', activations.relu6, [0, 0, 1 / 4, 0]],
])('a bound before a root: %s', (_, bound, expected) => {
  const gradient = tf
    .grad((x: tf.Tensor) => ops.sqrt(bound(x)))(tf.tensor1d([-1, 0, 4, 9]))
    .dataSync()
  expected.forEach((value, index) => expect(gradient[index]).toBeCloseTo(value, 6))
})

it('the gradient of the smaller operand of a maximum comes together', () => {
  const [, gradient] = tf.grads((a, b) => ops.maximum(a, b))([tf.tensor1d([0, 1, 2]), tf.tensor1d([1])])
  expect(Array.from(gradient?.dataSync() ?? [])).toEqual([1])
})

describe('CosineDecayRestarts', () => {
  it('restarts at full rate, also where logarithms round', () => {
    for (const tMul of [1, 2, 3, 5, 10]) {
      const schedule = new CosineDecayRestarts(1, 10, tMul, 0.5)
      const begins = [0, 1, 2, 3, 4, 5].map((period) =>
        tMul === 1 ? 10 * period : (10 * (tMul ** period - 1)) / (tMul - 1),
      )
      expect(begins.map((begin) => schedule.call(begin))).toEqual([1, 0.5, 0.25, 0.125, 0.0625, 0.03125])
      expect(schedule.call((begins[5] ?? 0) - 1e-3)).toBeLessThan(1e-3)
    }
  })

  it('of rate 0 is 0', () => {
    expect(new CosineDecayRestarts(0, 10).call(7)).toBe(0)
  })

  it.each([0, -1, 0.5, NaN, Infinity])('refuses tMul %d, whose periods have an end', (tMul) => {
    expect(() => new CosineDecayRestarts(1, 10, tMul)).toThrow(
      `CosineDecayRestarts: expected tMul of at least 1, got ${tMul}.`,
    )
  })
})
