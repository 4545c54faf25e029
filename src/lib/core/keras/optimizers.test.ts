import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { Adagrad, Adam, AdamW, RMSprop, SGD, toOptimizer, type Optimizer } from './optimizers'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** A weight of 1 after updates with those gradients. */
function weightAfter(optimizer: Optimizer, gradients: number[], between?: () => void): number {
  const weight = tf.variable(tf.scalar(1))
  for (const gradient of gradients) {
    optimizer.apply([tf.scalar(gradient)], [weight])
    between?.()
  }
  return weight.dataSync()[0] ?? NaN
}

describe('defaults are those of Keras', () => {
  it('SGD', () => {
    expect(weightAfter(new SGD(), [2])).toBeCloseTo(1 - 0.01 * 2, 6)
  })

  it('Adam, with epsilon 1e-7 outside of the bias correction', () => {
    // m = 0.1·g, v = 0.001·g², so with a gradient this small epsilon decides.
    const g = 1e-6
    const corrected = (0.001 * Math.sqrt(1 - 0.999)) / (1 - 0.9)
    const expected = 1 - (corrected * 0.1 * g) / (Math.sqrt(0.001) * g + 1e-7)
    expect(weightAfter(new Adam(), [g])).toBeCloseTo(expected, 6)
    expect(weightAfter(new Adam({ formulation: 'torch', epsilon: 1e-8 }), [g])).not.toBeCloseTo(expected, 6)
  })

  it('AdamW decays by 0.004, decoupled also in the formulation of PyTorch', () => {
    const slow = { learningRate: 0.1 }
    expect(weightAfter(new AdamW(slow), [0])).toBeCloseTo(1 - 0.1 * 0.004, 6)
    expect(weightAfter(new AdamW({ ...slow, weightDecay: 0.5, formulation: 'torch' }), [0])).toBeCloseTo(
      0.95,
      6,
    )
  })

  it('RMSprop, with rho 0.9 and epsilon 1e-7 inside of the root', () => {
    const g = 1e-4
    const expected = 1 - (0.001 * g) / Math.sqrt(0.1 * g * g + 1e-7)
    expect(weightAfter(new RMSprop(), [g])).toBeCloseTo(expected, 6)
    expect(weightAfter(new RMSprop({ formulation: 'torch' }), [g])).not.toBeCloseTo(expected, 6)
  })

  it('Adagrad, with a sum that starts at 0.1', () => {
    expect(weightAfter(new Adagrad(), [2])).toBeCloseTo(1 - (0.001 * 2) / Math.sqrt(0.1 + 4 + 1e-7), 6)
    expect(weightAfter(new Adagrad({ learningRate: 0.1, initialAccumulatorValue: 5 }), [2])).toBeCloseTo(
      1 - 0.2 / 3,
      6,
    )
  })

  it('weight decay is decoupled', () => {
    expect(weightAfter(new SGD({ learningRate: 0.1, weightDecay: 0.5 }), [0])).toBeCloseTo(0.95, 6)
    expect(weightAfter(new Adam({ learningRate: 0.1, weightDecay: 0.5 }), [0])).toBeCloseTo(0.95, 6)
  })
})

it('passes momentum and nesterov on', () => {
  // v₁ = −0.1, w₁ = 0.9; v₂ = −0.19, w₂ = 0.71. With Nesterov 1 − 0.19 − 0.271.
  expect(weightAfter(new SGD({ learningRate: 0.1, momentum: 0.9 }), [1, 1])).toBeCloseTo(0.71, 6)
  expect(weightAfter(new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true }), [1, 1])).toBeCloseTo(
    0.539,
    6,
  )
})

it('the learning rate can change while training', () => {
  const optimizer = new SGD({ learningRate: 0.1 })
  const weight = weightAfter(optimizer, [1, 1], () => {
    optimizer.learningRate = 0.5
  })
  expect(weight).toBeCloseTo(1 - 0.1 - 0.5, 6)
  expect(optimizer.learningRate).toBe(0.5)
  expect(optimizer.iterations).toBe(2)
})

it('has slots once it updated, and none when disposed', () => {
  const optimizer = new Adam()
  expect(optimizer.slots()).toHaveLength(0)
  weightAfter(optimizer, [1])
  expect(optimizer.slots()).toHaveLength(2)
  optimizer.dispose()
  expect(optimizer.slots()).toHaveLength(0)
})

describe('state', () => {
  const gradients = [1, -2, 0.5]
  const create = () => new Adam({ learningRate: 0.1 })

  it('lets another optimizer go on, before or after its own first update', async () => {
    const whole = weightAfter(create(), [...gradients, ...gradients])
    const first = create()
    const weight = tf.variable(tf.scalar(1))
    for (const gradient of gradients) first.apply([tf.scalar(gradient)], [weight])
    const state = await first.state()
    const second = create()
    second.setState(state)
    expect(second.iterations).toBe(3)
    expect(await second.state()).toEqual(state)
    for (const gradient of gradients) second.apply([tf.scalar(gradient)], [weight])
    expect(weight.dataSync()[0]).toBe(whole)
    expect(second.iterations).toBe(6)
    second.setState(state)
    expect(second.iterations).toBe(3)
    expect(await second.state()).toEqual(state)
  })

  it('is empty before the first update', async () => {
    expect(await create().state()).toEqual({ iterations: 0, steps: [], slots: [] })
  })
})

describe('errors', () => {
  it('of options', () => {
    expect(() => new Adam({ lr: 0.1 } as object)).toThrow(
      'Adam: expected the option learningRate, got lr. Write learningRate.',
    )
    expect(new SGD({ learning_rate: 0.1 } as object).learningRate).toBe(0.1)
  })

  it('of names', () => {
    expect(() => toOptimizer('lion')).toThrow(ArgumentError)
    expect(() => toOptimizer('lion')).toThrow(
      "compile optimizer: expected one of 'sgd', 'adam', 'adamW', 'rmsprop', 'adagrad', got 'lion'.",
    )
    expect(toOptimizer('adamW')).toBeInstanceOf(AdamW)
    expect(toOptimizer('rmsprop')).toBeInstanceOf(RMSprop)
    expect(toOptimizer('adagrad')).toBeInstanceOf(Adagrad)
    expect(toOptimizer('adam')).toBeInstanceOf(Adam)
    expect(toOptimizer('sgd')).toBeInstanceOf(SGD)
  })

  it('of numbers', () => {
    expect(() => new SGD({ learningRate: -1 })).toThrow(
      'SGD: expected learningRate to be a number of at least 0 or a schedule, got -1.',
    )
    expect(() => new RMSprop({ momentum: -1 })).toThrow(
      'RMSprop: expected momentum to be a number from 0 to 1, got -1.',
    )
    expect(() => new Adagrad({ initialAccumulatorValue: -1 })).toThrow(
      'Adagrad: expected initialAccumulatorValue to be a number of at least 0, got -1.',
    )
    expect(() => new AdamW({ weightDecay: -1 })).toThrow(
      'AdamW: expected weightDecay to be a number of at least 0, got -1.',
    )
    expect(() => new SGD({ momentum: -1 })).toThrow(
      'SGD: expected momentum to be a number from 0 to 1, got -1.',
    )
    expect(() => (new Adam().learningRate = NaN)).toThrow(
      'optimizer: expected learningRate of at least 0, got NaN.',
    )
  })

  it('of a second model', () => {
    const optimizer = new SGD()
    weightAfter(optimizer, [1])
    expect(() => weightAfter(optimizer, [1])).toThrow(
      'optimizer: expected the weights of its first update, or some of them, each once, got others.',
    )
  })
})
