/** Names and values that would be passed over without a word: methods that nothing calls, properties of Python, labels of another shape. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import * as keras from './index'

const { callbacks, layers, losses, metrics, ops, optimizers, Sequential } = keras

beforeAll(() => initialiseBackend('cpu'))

const x = [[1], [2]]
const y = [[1], [0]]

function compiled(units = 1, options: object = {}) {
  const model = new Sequential([keras.Input([1]), new layers.Dense(units, 'softmax')])
  model.compile({ optimizer: 'sgd', loss: 'mse', ...options })
  return model
}

class Step extends keras.Model {
  train_step() {}
}
class Prediction extends keras.Model {
  predictStep() {}
}
class Built extends layers.Layer {
  Build() {}
}
class Schedule extends optimizers.schedules.LearningRateSchedule {
  __call__() {
    return 1
  }
}
class OwnLoss extends losses.Loss {
  Call() {}
}
class Ends extends callbacks.Callback {
  onEpochEnds() {}
}
class Snake extends callbacks.Callback {
  on_epoch_end() {}
}
class Field extends callbacks.Callback {
  on_epoch_end = () => 1
}
class Fine extends callbacks.Callback {
  onBatch() {}
  onEpochEnded = () => 1
}

describe('methods that nothing would call', () => {
  it.each<[string, () => unknown, string]>([
    [
      'trainStep',
      () => new Step().compile('sgd', 'mse'),
      'Step: expected the method trainStep, got train_step.',
    ],
    [
      'predictStep',
      () => new Prediction().compile('sgd', 'mse'),
      'got predictStep, which nothing calls here.',
    ],
    ['build', () => new Built(), 'Built: expected the method build, got Build.'],
    ['call of a schedule', () => new Schedule(), 'Schedule: expected the method call, got __call__.'],
    ['call of a loss', () => new OwnLoss(), 'OwnLoss: expected the method call, got Call.'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message)
  })

  it.each([new Ends(), new Snake(), new Field()])('onEpochEnd of %o', async (callback) => {
    const fitting = compiled().fit(x, y, { callbacks: callback })
    await expect(fitting).rejects.toThrow(
      /^\w+: expected the method onEpochEnd, got on_?[eE]poch_?[eE]nds?\. Write/,
    )
  })

  it('leaves other methods and functions in fields to the program', async () => {
    const { history } = await compiled().fit(x, y, { callbacks: new Fine() })
    expect(history['loss']).toHaveLength(1)
  })

  it('schedules without a method', () => {
    const schedule = new optimizers.schedules.LearningRateSchedule()
    expect(() => schedule.apply(0)).toThrow('expected a method call(step), got a schedule without it.')
  })
})

it.each<[string, (a: unknown) => unknown]>([
  ['plus', (a) => (a as number) + 1],
  ['times', (a) => (a as number) * 2],
  ['less', (a) => (a as number) < 1],
])('operators with tensors: %s', (_, compute) => {
  expect(() => compute(ops.ones([2]))).toThrow('tensor: expected a number, got a tensor in arithmetic')
})

describe('labels of another shape than the outputs', () => {
  it.each([
    ['mse', 'mse: expected shapes that broadcast, got [2] and [2, 3].'],
    ['categoricalAccuracy', 'categoricalAccuracy: expected labels [2, 3] for outputs [2, 3], got [2].'],
    ['precision', 'precision: expected labels [2, 3] for outputs [2, 3], got [2].'],
    [
      'categoricalCrossentropy',
      'categoricalCrossentropy: expected labels [2, 3] for outputs [2, 3], got [2].',
    ],
  ])('class numbers for %s', async (metric, message) => {
    const model = compiled(3, { loss: 'sparseCategoricalCrossentropy', metrics: [metric] })
    await expect(model.fit(x, [0, 2])).rejects.toThrow(message)
  })

  it.each(['sparseCategoricalAccuracy', 'sparseCategoricalCrossentropy'])(
    'one-hot labels for %s',
    async (metric) => {
      const model = compiled(3, { loss: 'categoricalCrossentropy', metrics: [metric] })
      const fitting = model.fit(x, [
        [1, 0, 0],
        [0, 0, 1],
      ])
      await expect(fitting).rejects.toThrow(`${metric}: expected labels [2] for outputs [2, 3], got [2, 3].`)
    },
  )

  it.each<[string, () => unknown, string]>([
    [
      'a metric',
      () => new metrics.MeanSquaredError().updateState([1, 2, 3], y),
      'expected shapes that broadcast',
    ],
    ['a loss', () => new losses.MeanSquaredError().apply([1, 2, 3], y), 'expected shapes that broadcast'],
    [
      'its weights',
      () => new losses.MeanSquaredError().apply(y, y, [1, 2, 3]),
      'expected a weight for each of 2',
    ],
    [
      'a loss of class numbers',
      () => new losses.SparseCategoricalCrossentropy().apply([[1, 0]], [[0.5, 0.5]]),
      'expected class numbers [1] for outputs [1, 2], got [1, 2].',
    ],
  ])('%s alone', (_, call, message) => {
    expect(call).toThrow(message)
  })
})

it.each(['a', { dense: '1' }])('weights of losses that are %o', (lossWeights) => {
  expect(() => compiled(1, { lossWeights })).toThrow('compile lossWeights: expected a number for each output')
})

it('keeps names of metrics as they are written', async () => {
  const { history } = await compiled(1, { metrics: ['MAE', 'mean_squared_error'] }).fit(x, y)
  expect(Object.keys(history)).toEqual(['loss', 'MAE', 'meanSquaredError'])
})

it('names what a metric of the own cannot do', async () => {
  class Own extends metrics.Metric {}
  const fitting = compiled(1, { metrics: [new Own()] }).fit(x, y)
  await expect(fitting).rejects.toThrow(
    'compile metrics: expected a metric of keras.metrics, its name, or a function',
  )
})

it('says where penalties on outputs go', () => {
  const add = () => new layers.Layer().addLoss(1)
  expect(add).toThrow('Layer.addLoss: expected penalties on weights, got one on an output.')
})

it('takes the last layer off', () => {
  const model = new Sequential([keras.Input([1]), new layers.Dense(2), new layers.Dense(3)])
  const popped = model.pop()
  expect(model.outputs.map(({ shape }) => shape)).toEqual([[null, 2]])
  expect(model.layers).toHaveLength(1)
  expect(popped.outputShape).toEqual([3])
  expect(model.pop().outputShape).toEqual([2])
  expect(() => model.pop()).toThrow('Sequential.pop: expected a layer to remove, got a model without layers.')
})

it('tells which weights of a layer are trained', () => {
  const layer = new layers.BatchNormalization()
  layer.apply([[1, 2]])
  expect(layer.trainableWeights.map(({ name }) => name)).toEqual(['gamma', 'beta'])
  expect(layer.nonTrainableWeights.map(({ name }) => name)).toEqual(['moving_mean', 'moving_variance'])
  layer.trainable = false
  expect(layer.trainableVariables).toEqual([])
  expect(layer.nonTrainableWeights).toHaveLength(4)
})
