import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { idleTrace } from '../../../../../tests/support/idleTrace'
import { withTape } from '../../eager/tape'
import { tf } from '../../eager/tfjs'
import { setActiveTrace, type ActiveTrace } from '../../eager/tracing'
import { randomStream } from '../../util/random'
import { sizeOf, type Shape } from '../../util/shapes'
import { Input } from '../input'
import { Sequential } from '../sequential'
import { setRandomSeed } from '../setRandomSeed'
import * as layers from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
beforeEach(() => {
  setRandomSeed(3)
})

const valuesOf = (tensor: tf.Tensor) => Array.from(tensor.dataSync())

/** Values in [−1, 1) that repeat in every run. */
function numbers(shape: Shape, key: string): tf.Tensor {
  const random = randomStream(11, key)
  return tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
    [...shape],
  )
}

function modelOf(inputShape: Shape, ...stack: layers.Layer[]): Sequential {
  return new Sequential([Input({ shape: inputShape }), ...stack])
}

describe('Dropout', () => {
  it('is the identity outside of training', () => {
    const x = numbers([4, 3], 'x')
    expect(valuesOf(modelOf([3], new layers.Dropout(0.5)).apply(x))).toEqual(valuesOf(x))
  })

  it('draws a fresh mask at every training call, and the same ones again from the same seed', () => {
    const masks = () => {
      const model = modelOf([40], new layers.Dropout(0.5))
      return [1, 2].map(() => valuesOf(model.apply(tf.ones([1, 40]), { training: true })))
    }
    const [first, second] = masks()
    expect(new Set(first)).toEqual(new Set([0, 2]))
    expect(second).not.toEqual(first)
    setRandomSeed(3)
    expect(masks()).toEqual([first, second])
  })

  it('gives each dropout layer masks of its own', () => {
    const one = new layers.Dropout(0.5)
    const other = new layers.Dropout(0.5)
    const x = tf.ones([1, 40])
    expect(valuesOf(one.apply(x, { training: true }))).not.toEqual(
      valuesOf(other.apply(x, { training: true })),
    )
  })

  it('passes the gradient where it kept the value', () => {
    const dropout = new layers.Dropout(0.5)
    const x = tf.variable(tf.ones([1, 20]))
    const outputs: tf.Tensor[] = []
    const { gradients } = withTape(() => {
      const output = dropout.apply(x, { training: true })
      outputs.push(output)
      return tf.sum(output)
    }, [x])
    expect(valuesOf(gradients[0] ?? tf.scalar(NaN))).toEqual(outputs.flatMap(valuesOf))
  })

  it('drops everything at a rate of 1, and nothing at 0', () => {
    const x = tf.ones([1, 3])
    for (const [rate, value] of [
      [1, 0],
      [0, 1],
    ] as const) {
      const layer = new layers.Dropout(rate)
      const [output, gradient] = [
        layer.apply(x, { training: true }),
        tf.grad((given) => tf.sum(layer.apply(given, { training: true })))(x),
      ]
      expect([valuesOf(output), valuesOf(gradient)]).toEqual([Array(3).fill(value), Array(3).fill(value)])
    }
  })

  it('rejects a rate above 1', () => {
    expect(() => new layers.Dropout(1.5)).toThrow('Dropout: expected a rate from 0 to 1, got 1.5.')
  })
})

it('Dropout hands its masks to a trace as a value of every step', () => {
  const model = modelOf([4], new layers.Dropout(0.5))
  const eager = [0, 1].map(() => valuesOf(model.apply(tf.ones([2, 4]), { training: true })))
  setRandomSeed(3)
  const draws: (() => Float32Array)[] = []
  traceHostValues((name, shape, compute) => {
    expect([name, shape]).toEqual(['dropoutMask', [2, 4]])
    draws.push(compute)
    return tf.ones([2, 4])
  })
  model.apply(tf.ones([2, 4]), { training: true })
  setActiveTrace(null)
  expect(draws.length).toBe(1)
  expect([0, 1].map(() => [...(draws[0]?.() ?? [])])).toEqual(eager)
})

function traceHostValues(hostValue: ActiveTrace['hostValue']): void {
  setActiveTrace({ ...idleTrace, hostValue })
}
