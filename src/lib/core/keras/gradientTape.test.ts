/** Gradients of intermediate results, of lists and of what was not watched, as tf.GradientTape of TensorFlow 2.21 gives them. */
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { GradientTape, ops, Variable } from './index'

beforeAll(() => initialiseBackend('cpu'))

const numberOf = (tensor: tf.Tensor | null) => tensor?.dataSync()[0] ?? null

function recorded(persistent = true) {
  const x = tf.tensor1d([3])
  const constant = tf.tensor1d([1])
  const tape = new GradientTape({ persistent })
  tape.watch(x)
  const { y, z, w } = tape.record(() => {
    const y = ops.multiply(x, x)
    const z = ops.multiply(y, y)
    return { y, z, w: ops.add(z, constant) }
  })
  return { tape, x, y, z, w, constant }
}

it('takes results that were computed from what is watched as sources', () => {
  const { tape, x, y, z, w, constant } = recorded()
  const gradients = [
    tape.gradient(y, x),
    tape.gradient(z, x),
    tape.gradient(z, y),
    tape.gradient(x, x),
    tape.gradient(y, z),
    tape.gradient(w, constant),
  ]
  expect(gradients.map(numberOf)).toEqual([6, 108, 18, 1, null, null])
})

it('gives an intermediate gradient also where the tape is used once', () => {
  const { tape, y, z } = recorded(false)
  expect(numberOf(tape.gradient(z, y))).toBe(18)
  expect(() => tape.gradient(z, y)).toThrow('expected one call of gradient, got another one')
})

it('gives null for what was not watched, and for what was computed from it', () => {
  const x = tf.tensor1d([3])
  const tape = new GradientTape({ persistent: true })
  const [y, z] = tape.record(() => {
    const y = ops.multiply(x, x)
    return [y, ops.multiply(y, y)] as const
  })
  expect([tape.gradient(z, x), tape.gradient(z, y)]).toEqual([null, null])
  tape.watch(y)
  expect(numberOf(tape.gradient(z, y))).toBe(18)
})

it('takes sources in lists and objects, and sums over targets', () => {
  const { tape, x, y, z } = recorded()
  expect(tape.gradient(z, [x, y]).map(numberOf)).toEqual([108, 18])
  const { a, b } = tape.gradient(z, { a: x, b: [y, [x]] as const })
  const [ofY, inList] = b as [tf.Tensor, [tf.Tensor]]
  expect([a, ofY, inList[0]].map(numberOf)).toEqual([108, 18, 108])
  expect(numberOf(tape.gradient([y, z], x))).toBe(114)
  expect(tape.gradient({ p: y, q: z }, [x]).map(numberOf)).toEqual([114])
})

it('watches variables by themselves unless they are not trainable', () => {
  const [v, f] = [new Variable([2]), new Variable([2], { trainable: false })]
  const tape = new GradientTape({ persistent: true })
  const [y, z] = tape.record(() => {
    const y = ops.multiply(v, f)
    return [y, ops.multiply(y, y)] as const
  })
  expect([tape.gradient(z, v), tape.gradient(z, f), tape.gradient(z, y)].map(numberOf)).toEqual([16, null, 8])
})

it('watches lists, and says what cannot be watched', () => {
  const [x, y] = [tf.tensor1d([2]), tf.tensor1d([5])]
  const tape = new GradientTape()
  tape.watch([x, y])
  const product = tape.record(() => ops.multiply(x, y))
  expect(tape.gradient(product, [x, y]).map(numberOf)).toEqual([5, 2])
  const whole = tf.tensor1d([1], 'int32')
  expect(() => new GradientTape().watch(whole)).toThrow(
    "GradientTape.watch: expected float32 tensors, got int32. Write ops.cast(x, 'float32') first.",
  )
  expect(() => new GradientTape().watch(1 as never)).toThrow(
    'GradientTape.watch: expected tensors, weights or variables, got 1. Make a tensor of numbers with ops.convertToTensor',
  )
})

it('leaves nothing behind', () => {
  const before = tf.memory().numTensors
  tf.tidy(() => {
    const { tape, x, y, z } = recorded(false)
    tape.gradient([y, z], [x, y])
  })
  expect(tf.memory().numTensors).toBe(before)
})
