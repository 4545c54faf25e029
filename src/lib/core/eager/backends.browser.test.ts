import { afterAll, beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from './backends'
import { tf } from './tfjs'

beforeAll(() => initialiseBackend('webgl'))
afterAll(() => initialiseBackend('cpu'))

/** Packed, as a product is. */
const zeros = (): tf.Tensor2D => tf.matMul(tf.zeros([3, 3]), tf.zeros([3, 3]))

const ones: [name: string, make: () => tf.Tensor2D][] = [
  ['exp', () => tf.exp(zeros())],
  ['sub', () => tf.sub(tf.scalar(1), zeros())],
  ['clipByValue', () => tf.clipByValue(zeros(), 1, 2)],
]

it.each(ones)('WebGL multiplies what %s gives over an odd dimension', (_name, make) => {
  for (const [transposeA, transposeB] of [
    [true, false],
    [false, true],
    [false, false],
  ]) {
    const product = tf.matMul(make(), make(), transposeA, transposeB)
    expect([...product.dataSync()]).toEqual(Array.from({ length: 9 }, () => 3))
  }
})
