import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import * as keras from './index'
import {
  activations,
  callbacks,
  layers,
  losses,
  Model,
  ops,
  optimizers,
  regularizers,
  Sequential,
} from './index'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => keras.setRandomSeed(1))

const x = Array.from({ length: 32 }, (_, index) => [index / 16 - 1, 1])
const y = x.map(([value = 0]) => [2 * value + 1])
const fitted = { epochs: 60, batchSize: 8, verbose: 0 }

class Linear extends layers.Layer {
  w: tf.Variable | null = null
  b: tf.Variable | null = null

  constructor(readonly units = 1) {
    super()
  }

  override build(inputShape: readonly (number | null)[]): void {
    this.w = this.addWeight({ shape: [inputShape.at(-1) ?? 1, this.units], initializer: 'randomNormal' })
    this.b = this.addWeight({ shape: [this.units], initializer: 'zeros' })
  }

  override call(inputs: tf.Tensor): tf.Tensor {
    return ops.add(ops.matmul(inputs, this.w ?? 0), this.b ?? 0)
  }
}

describe("layers and models of one's own", () => {
  it('a layer makes its weights in build and trains', async () => {
    const model = new Sequential([new Linear(1)])
    model.compile({ optimizer: new optimizers.SGD(0.1), loss: 'mse' })
    const { history } = await model.fit(x, y, fitted)
    expect(history['loss']?.at(-1)).toBeLessThan(1e-3)
    expect(model.outputs[0]?.shape).toEqual([null, 1])
    expect(model.countParams()).toBe(3)
  })

  it('a layer without call, and a call that gives no tensor, are told', () => {
    expect(() => new layers.Layer().apply(tf.ones([1, 2]))).toThrow('expected a method call(inputs)')
    class Empty extends layers.Layer {
      override call(): tf.Tensor {
        return undefined as never
      }
    }
    expect(() => new Empty().apply(tf.ones([1, 2]))).toThrow('Empty: expected call() to give a tensor')
  })

  it('a model is a class with layers and call', async () => {
    class Net extends Model {
      readonly hidden = new layers.Dense(8, { activation: 'tanh' })
      readonly dropout = new layers.Dropout(0.1)
      readonly last = new layers.Dense(1)

      override call(inputs: tf.Tensor, { training = false } = {}): tf.Tensor {
        return this.last.apply(this.dropout.apply(this.hidden.apply(inputs), { training }))
      }
    }
    const model = new Net()
    model.compile('adam', 'mse', ['mae'])
    await model.fit(x, y, { epochs: 2 })
    expect(model.layers.map(({ name }) => name)).toEqual(['dense', 'dropout', 'dense_1'])
    expect(((await model.predict(x)) as { shape: unknown }).shape).toEqual([32, 1])
    expect(model.metricsNames).toEqual(['loss', 'mae'])
    expect(() => new Model().apply(tf.ones([1, 2]))).toThrow('or a method call(inputs), got neither')
  })

  it('a step uses the metrics of the model', async () => {
    class Own extends Model {
      override trainStep([x, y]: Parameters<Model['trainStep']>[0]) {
        const tape = new keras.GradientTape()
        let yPred: tf.Tensor | null = null
        const loss = tape.record(() => {
          yPred = this.apply(x, { training: true }) as tf.Tensor
          return this.computeLoss({ y, yPred })
        })
        this.optimizer?.apply(tape.gradient(loss, this.trainableVariables), this.trainableVariables)
        for (const metric of this.metrics) {
          if (metric.name === 'loss') metric.updateState(loss, [])
          else metric.updateState(y, yPred)
        }
        return Object.fromEntries(this.metrics.map((metric) => [metric.name, metric.result()]))
      }
    }
    const inputs = keras.Input([2])
    const model = new Own(inputs, new layers.Dense(1).apply(inputs))
    model.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mae'] })
    const { history } = await model.fit(x, y, { epochs: 3 })
    expect(Object.keys(history)).toEqual(['loss', 'mae'])
    expect(history['mae']?.at(-1)).toBeLessThan(history['mae']?.[0] ?? 0)
    expect(() => model.metrics[1]?.result()).not.toThrow()
  })
})

describe('what compile takes', () => {
  it('losses and metrics that are functions', async () => {
    const cubic = (yTrue: tf.Tensor, yPred: tf.Tensor) =>
      ops.mean(ops.abs(ops.subtract(yTrue, yPred)), { axis: -1 })
    const model = new Sequential([new layers.Dense(1, { inputShape: [2] })])
    model.compile({ optimizer: 'sgd', loss: cubic, metrics: [cubic, 'mae'] })
    const [loss, metric, mae] = (await model.evaluate(x, y)) as unknown as Iterable<number>
    expect(metric).toBeCloseTo(loss ?? NaN, 5)
    expect(mae).toBeCloseTo(loss ?? NaN, 5)
    model.compile({ optimizer: 'sgd', loss: (() => 1) as never })
    await expect(model.fit(x, y)).rejects.toThrow('expected a loss function that gives a tensor, got 1.')
  })

  it('regularizers, whose penalty is part of the loss', async () => {
    const model = new Sequential([
      keras.Input([2]),
      new layers.Dense(1, {
        kernelInitializer: 'ones',
        kernelRegularizer: regularizers.l2(0.1),
        biasRegularizer: 'l1',
      }),
    ])
    model.compile({ loss: 'mse', optimizer: 'sgd' })
    const zeros = new losses.MeanSquaredError()
    const plain = (await zeros.apply(y, model.apply(x)).data())[0] ?? NaN
    expect((await model.evaluate(x, y))['loss']).toBeCloseTo(plain + 0.2, 5)
    expect(() => new regularizers.L1L2({ l1: -1 })).toThrow('L1L2: expected l1 to be a number of at least 0')
  })
})

it('Reshape keeps the number of elements', () => {
  const reshape = new layers.Reshape([2, -1])
  expect((reshape.apply(keras.Input([6])) as { shape: unknown }).shape).toEqual([null, 2, 3])
  expect(() => new layers.Reshape([4]).apply(keras.Input([6]))).toThrow(
    'Reshape: expected a shape of 6 elements, got [4] for examples [6].',
  )
})

describe('arguments', () => {
  it('come by position or by name', () => {
    expect(new layers.Dense({ units: 3, activation: activations.relu }).activation).toBe('relu')
    expect(new layers.LeakyReLU(0.1).negativeSlope).toBe(0.1)
    expect(new optimizers.Adam(0.5).learningRate).toBe(0.5)
    const schedule = new optimizers.schedules.CosineDecay(0.1, 100)
    expect(schedule.apply(100)).toBeCloseTo(0)
    expect(() => new layers.MaxPooling2D(2, 2, 'valid', null, 'pool', 5)).toThrow(
      'MaxPooling2D: expected 5 arguments (poolSize, strides, padding, dataFormat, name) at most, got also 5.',
    )
    expect(() => new layers.Dense(3, { units: 3 })).toThrow('Dense: expected units once')
  })

  it('data are nested lists, one for each input or the examples themselves', async () => {
    const [a, b] = [keras.Input({ shape: [2], name: 'a' }), keras.Input({ shape: [1], name: 'b' })]
    const model = new Model([a, b], new layers.Dense(1).apply(new layers.Concatenate().apply([a, b])))
    model.compile({ loss: 'mse' })
    await model.fit([x, y], y, { epochs: 1, sampleWeight: y.map(() => 1) })
    await model.fit({ a: x, b: y }, y, { epochs: 1 })
    expect(await model.trainOnBatch([x, y], y)).toHaveProperty('loss')
    expect(await model.testOnBatch([x, y], y)).toHaveProperty('loss')
    await expect(model.predict([[[1, 2], [3]], y])).rejects.toThrow(
      'expected lists of one length at each depth',
    )
  })

  it('weights are lists, and awaited', async () => {
    const layer = new layers.Dense(1)
    layer.apply(tf.ones([1, 2]))
    layer.setWeights([[[1], [2]], [3]])
    expect((await layer.getWeights()).map(({ values }) => [...values])).toEqual([[1, 2], [3]])
    expect(() => layer.setWeights([[1]])).toThrow('Dense.setWeights: expected arrays [2, 1], [1], got [1].')
    expect(() => layer.setWeights(layer.getWeights() as never)).toThrow('got a promise of them')
    expect(() => [...(layer.getWeights() as never)]).toThrow('getWeights: expected the arrays, got a promise')
  })

  it('a callback of functions', async () => {
    const seen: number[] = []
    const model = new Sequential([new layers.Dense(1)])
    model.compile({ loss: 'mse' })
    await model.fit(x, y, {
      epochs: 2,
      callbacks: [new callbacks.LambdaCallback({ onEpochEnd: (epoch) => void seen.push(epoch) })],
    })
    expect(seen).toEqual([0, 1])
  })
})
