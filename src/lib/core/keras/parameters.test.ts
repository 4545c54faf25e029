import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { setCurrentRun } from '../events/currentRun'
import { ArgumentError } from '../util/errors'
import {
  activations,
  callbacks,
  Input,
  layers,
  losses,
  metrics,
  Model,
  ops,
  optimizers,
  Sequential,
  setRandomSeed,
  utils,
  Variable,
} from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
const printed: string[] = []
beforeEach(() => {
  setRandomSeed(1)
  printed.length = 0
  setCurrentRun({
    execution: 'eager',
    lineText: '',
    batchBoundary: () => Promise.resolve(false),
    log: () => undefined,
    print: (text) => printed.push(text),
  })
})
afterEach(() => setCurrentRun(null))

const x = [[0], [1], [2], [3]]
const y = [[1], [3], [2], [5]]

function compiled(): Sequential {
  const model = new Sequential([Input([1]), new layers.Dense(1)])
  model.setWeights([[[1]], [0]])
  model.compile('sgd', 'mse')
  return model
}

it.each<readonly [run: () => unknown, message: string]>([
  [
    () => new layers.Dense(1, { kernelConstraint: 'nonNeg' as never }),
    'Dense: expected kernelConstraint to be left out, got nonNeg. Leave it out: weights have no constraints here.',
  ],
  [
    () => new layers.Conv2D(1, 2, { dilationRate: 2 }),
    'Conv2D: expected dilationRate to be 1, got 2. Leave it out: windows have no gaps here.',
  ],
  [
    () => new layers.Dense(1, { activation: () => tf.scalar(0) }),
    'Dense activation: expected a name or a function of activations, got a function of your own. Apply it in the call(inputs)',
  ],
  [() => ops.sum([1, 2], 1), 'ops.sum: expected an axis from -1 to 0 of a tensor of rank 1, got 1.'],
  [
    () => ops.sum([[1], [2, 3]]),
    'tensor: expected lists of one length at each depth, here 1, got a list of 2.',
  ],
  [() => ops.sum(['a' as never]), 'tensor: expected numbers in lists, got a. Turn it into a number first.'],
  [
    () => ops.sum([tf.ones([1]), tf.ones([2])]),
    'tensor: expected a list of tensors of one shape, got [1] and [2].',
  ],
  [
    () => ops.sum('two' as never),
    'ops.sum: expected x to be a tensor, a variable, an array or numbers, got two.',
  ],
  [() => new Variable('ones'), 'Variable: expected a shape for an initializer, got none.'],
  [() => new Variable([1, 2], [3]), 'Variable: expected values of shape [3], got [2].'],
  [
    () => new losses.Loss({ name: 'own' }).apply([1], [2]),
    'own: expected a method call(yTrue, yPred), got a loss without it.',
  ],
  [
    () => new optimizers.SGD().apply([tf.scalar(1)], []),
    'optimizer.apply: expected one gradient for each weight, got 1 for 0.',
  ],
  [() => new Model({ input: 1 } as object), 'Model: expected the option inputs, got input. Write inputs.'],
  [
    () => new Model(Input([1]), []),
    'Model: expected outputs from Input and from layers, got []. Write const x = Input({ shape }) and layer.apply(x).',
  ],
])('says what it does not take, %#', (run, message) => {
  expect(run).toThrow(message)
})

describe('fit', () => {
  it.each<readonly [options: object, message: string]>([
    [
      { sampleWeight: [1, 1, 1, 1], classWeight: { 1: 2 } },
      'fit: expected classWeight or sampleWeight, got both. Multiply them into sampleWeight.',
    ],
    [
      { sampleWeight: [1, 2] },
      'fit: expected sampleWeight with one number for each of 4 examples, got 2. Pass an array [n].',
    ],
    [
      { validationData: [x] },
      'fit: expected validationData as [x, y] or [x, y, sampleWeight], got [[[0], [1], [2], [3]]].',
    ],
    [
      { callbacks: { onEpochEnd: () => undefined } },
      'Write callbacks: [new callbacks.LambdaCallback({ onEpochEnd })].',
    ],
    [
      { callbacks: [callbacks.EarlyStopping] },
      'Make it with new, or put the function into new callbacks.LambdaCallback',
    ],
    [{ callbacks: ['stop'] }, 'got stop. Use one such as new callbacks.EarlyStopping().'],
  ])('says what it does not take, %#', async (options, message) => {
    await expect(compiled().fit(x, y, options)).rejects.toThrow(message)
  })

  it('weighs validation data', async () => {
    const plain = await compiled().evaluate(x, y, { sampleWeight: [1, 0, 0, 3] })
    const { history } = await compiled().fit(x, y, { validationData: [x, y, [1, 0, 0, 3]] })
    const other = await compiled().fit(x, y, { validationData: [x, y] })
    expect(plain['loss']).toBeCloseTo((1 + 3 * 4) / 4, 5)
    expect(history['valLoss']).not.toEqual(other.history['valLoss'])
  })

  it('prints what callbacks do where they are asked to', async () => {
    const model = compiled()
    const stop = new callbacks.EarlyStopping({ monitor: 'loss', minDelta: 100, patience: 1, verbose: 1 })
    const lower = new callbacks.LearningRateScheduler((_, rate) => rate / 2, 1)
    await model.fit(x, y, { epochs: 3, callbacks: [stop, lower] })
    expect(printed).toEqual([
      'Epoch 1: LearningRateScheduler setting learning rate to 0.005.',
      'Epoch 2: LearningRateScheduler setting learning rate to 0.0025.',
      'Epoch 2: early stopping',
    ])
  })
})

describe('models', () => {
  it('tell callbacks of predictions, and end after some batches', async () => {
    const seen: string[] = []
    const own = new callbacks.LambdaCallback({
      onPredictBegin: () => void seen.push('begin'),
      onPredictEnd: () => void seen.push('end'),
    })
    const found = await compiled().predict(x, { batchSize: 1, steps: 3, callbacks: own })
    expect([...found.values]).toEqual([0, 1, 2])
    expect(seen).toEqual(['begin', 'end'])
  })

  it('count examples of weighted metrics by their weights', async () => {
    const model = compiled()
    model.compile({ loss: 'mse', metrics: ['mae'], weightedMetrics: ['mae'] })
    const logs = await model.evaluate(x, y, { sampleWeight: [1, 0, 0, 3] })
    expect(logs['mae']).toBeCloseTo((1 + 2 + 0 + 2) / 4, 5)
    expect(logs['weightedMae']).toBeCloseTo((1 + 3 * 2) / 4, 5)
  })

  it('hand their summary to a function, and keep weights that are there', async () => {
    const shown: string[] = []
    const model = compiled()
    model.summary({ printFn: (text) => shown.push(text) })
    expect([shown.length, printed.length]).toEqual([1, 0])
    await model.saveWeights('kept.weights.h5')
    await expect(model.saveWeights('kept.weights.h5', false)).rejects.toThrow(
      "saveWeights: expected a path without weights, got 'kept.weights.h5', which has some.",
    )
    expect(model.getLayer({ index: 0 })).toBe(model.layers[0])
    expect(new Sequential([new layers.Dense(1)], false).trainable).toBe(false)
  })
})

describe('values of their own kinds', () => {
  it('are losses and penalties that programs write', () => {
    class Cubed extends losses.Loss {
      override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
        return tf.mean(tf.pow(tf.abs(tf.sub(yTrue, yPred)), 3), -1)
      }
    }
    expect(new Cubed().apply(y, x).dataSync()[0]).toBeCloseTo((1 + 8 + 0 + 8) / 4, 5)
    expect(new Cubed().name).toBe('Cubed')
    const layer = new layers.Dense(1, { kernelRegularizer: (weight) => tf.sum(weight) })
    layer.apply([[1, 2]])
    expect(layer.weights[0]?.regularizer?.penalty(tf.ones([2])).dataSync()[0]).toBe(2)
  })

  it('are labels [n] for outputs [n, 1], as in Keras', () => {
    expect(new losses.MeanSquaredError().apply([1, 3, 2, 5], x).dataSync()[0]).toBeCloseTo(9 / 4, 5)
    const metric = new metrics.MeanAbsoluteError()
    metric.updateState([1, 3, 2, 5], x, [1, 0, 0, 3])
    expect(metric.result().dataSync()[0]).toBeCloseTo((1 + 3 * 2) / 4, 5)
    const sparse = new metrics.SparseCategoricalAccuracy()
    sparse.updateState([[1], [0]], [[0.1, 0.9], [0.4, 0.6]]) // prettier-ignore
    expect(sparse.result().dataSync()[0]).toBeCloseTo(0.5, 5)
  })

  it('are one-hot rows of any shape', () => {
    expect(utils.toCategorical([[0, 1], [2, 0]]).shape).toEqual([2, 2, 3]) // prettier-ignore
    expect(utils.toCategorical([[0], [2]], 4).shape).toEqual([2, 4])
    expect(activations.relu([-1, 3], { maxValue: 2 }).dataSync()).toEqual(Float32Array.of(0, 2))
    expect(() => new layers.Dense(1, 'tanhh')).toThrow(ArgumentError)
  })
})
