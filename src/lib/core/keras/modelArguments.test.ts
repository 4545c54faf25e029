/** What models are given that is neither arrays nor names as they have them. */
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import {
  GradientTape,
  Input,
  layers,
  losses,
  metrics,
  Model,
  ops,
  optimizers,
  Sequential,
  Variable,
} from './index'
import type { LossSetting } from './objective'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const x = [[1], [2], [3], [4]]
const y = [[2], [4], [6], [8]]

function line(compile: object = {}): Sequential {
  const model = new Sequential([Input([1]), new layers.Dense(1, { kernelInitializer: 'ones' })])
  model.compile({ optimizer: 'sgd', loss: 'mse', ...compile })
  return model
}

const lossOf = async (given: Promise<{ history: Readonly<Record<string, number[]>> }>) =>
  (await given).history['loss']

describe('examples', () => {
  it('may be tensors, typed arrays, and numbers without an axis of their own', async () => {
    const inOrder = { shuffle: false }
    const expected = await lossOf(line().fit(x, y, inOrder))
    const rows = (list: readonly number[][]) => list.map((row) => Float32Array.from(row))
    expect(await lossOf(line().fit(ops.convertToTensor(x), tf.tensor(y), inOrder))).toEqual(expected)
    expect(await lossOf(line().fit(rows(x), rows(y), inOrder))).toEqual(expected)
    expect(await lossOf(line().fit(Float32Array.of(1, 2, 3, 4), [2, 4, 6, 8], inOrder))).toEqual(expected)
    expect((await line().predict(tf.tensor(x))).shape).toEqual([4, 1])
    expect((await line().evaluate(tf.tensor(x), tf.tensor(y)))['loss']).toBeCloseTo(7.5, 5)
  })

  it('count by the class that their label falls into', async () => {
    const labels = [0.4, 1.2, 0, 2]
    const weights = [5, 2, 5, 1]
    const byClass = await lossOf(line().fit(x, labels, { classWeight: { 0: 5, 1: 2 }, shuffle: false }))
    expect(byClass).toEqual(await lossOf(line().fit(x, labels, { sampleWeight: weights, shuffle: false })))
    await expect(line().fit(x, labels, { classWeight: { 0: '5' } as never })).rejects.toThrow(ArgumentError)
  })
})

describe('compile', () => {
  it('trains only the outputs that have a loss', async () => {
    const input = Input([1])
    const hidden = new layers.Dense(1, { kernelInitializer: 'ones' }).apply(input)
    const model = new Model(input, [hidden, new layers.Dense(1).apply(hidden)])
    const loss: LossSetting = ['mse', null]
    model.compile({ optimizer: 'sgd', loss, lossWeights: [1, null] })
    expect(await lossOf(model.fit(x, [y, y], { shuffle: false }))).toEqual(
      await lossOf(line().fit(x, y, { shuffle: false })),
    )
  })

  it('refuses weights of losses that are not numbers', () => {
    expect(() => line({ lossWeights: 'a' })).toThrow(
      'compile lossWeights: expected a number for each output, got a.',
    )
  })

  it.each([
    [
      'a metric without a result',
      { metrics: [() => undefined] },
      'metric: expected a metric function that gives a tensor',
    ],
    [
      'a loss of the labels alone',
      { loss: (labels: tf.Tensor) => ops.mean(labels) },
      'the loss does not depend on the weights',
    ],
  ])('%s', async (_, options, message) => {
    await expect(line(options).fit(x, y)).rejects.toThrow(message)
  })

  it('takes learning rates that are numbers', () => {
    const model = line()
    expect(() => {
      Object.assign(model.optimizer ?? {}, { learningRate: '0.5' })
    }).toThrow('expected learningRate of at least 0, got 0.5.')
  })
})

describe('trainable', () => {
  it('of a model outweighs that of its layers', () => {
    const model = new Sequential([Input([1]), new layers.Dense(2), new layers.Dense(1)])
    model.trainable = false
    Object.assign(model.layers[1] ?? {}, { trainable: true })
    expect([model.trainable, model.trainableWeights.length, model.nonTrainableWeights.length]).toEqual([
      false,
      0,
      4,
    ])
    const outer = new Sequential([Input([1]), model])
    expect(outer.trainableWeights).toHaveLength(2)
  })
})

describe('names', () => {
  const any = (object: object) => object as Readonly<Record<string, (...given: unknown[]) => unknown>>

  it('that a program adds are its own', () => {
    class Own extends Model {
      my_step() {}
    }
    const own = new Own() as unknown as Record<string, unknown>
    own['my_field'] = 1
    expect([own['my_field'], own['another'], Object.keys(own)]).toEqual([
      1,
      undefined,
      ['stopTraining', 'name', 'my_field'],
    ])
    expect(JSON.stringify({ own })).toContain('"my_field":1')
  })

  it.each<readonly [call: () => unknown, message: string]>([
    [() => any(line())['train_on_batch']?.(x, y), 'Write trainOnBatch.'],
    [() => Object.assign(line(), { stop_training: true }), 'Write stopTraining.'],
    [() => Object.assign(new optimizers.SGD(), { lr: 0.5 }), 'Write learningRate.'],
    [() => Object.assign(new optimizers.SGD(), { learning_rate: 0.5 }), 'Write learningRate.'],
    [() => any(line())['save']?.('net.keras'), 'Write model.saveWeights(path)'],
    [() => any(new layers.Dense(1))['get_weights']?.(), 'Write getWeights.'],
    [() => any(new metrics.Mean())['update_state']?.(1), 'Write updateState.'],
    [() => any(line())['forward']?.(x), 'Write model.apply(x).'],
    [() => any(new layers.Dense(1))['forward']?.(x), 'Write layer.apply(x).'],
    [() => any(new metrics.Mean())['add_weight']?.(), 'Write a metric of your own as a function'],
    [() => any(new optimizers.SGD())['zeroGrad']?.(), 'Write optimizer.apply(gradients, weights)'],
    [() => any(new optimizers.SGD())['beta1'], 'It has apply, '],
    [() => any(new GradientTape())['stop_recording']?.(), 'Write tape.record(() => …)'],
    [() => any(new Variable([1]))['assign_add']?.([1]), 'Write assignAdd.'],
    [() => any(new Variable([1]))['numpy']?.(), 'Write await ops.convertToNumpy(variable).'],
  ])('are in camelCase, %#', (call, message) => {
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(message)
  })
})

it('losses of Keras have a call, which gives one for each example', () => {
  const loss = new losses.MeanSquaredError()
  expect([...loss.call(tf.tensor([[1, 2], [3, 4]]), tf.tensor([[1, 2], [3, 6]])).dataSync()]).toEqual([0, 2]) // prettier-ignore
})
