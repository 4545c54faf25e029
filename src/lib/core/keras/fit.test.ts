import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { batchOrder } from '../data/batches'
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { setCurrentRun, StoppedError } from '../events/currentRun'
import { randomStream } from '../util/random'
import type { Callback, PredictLogs } from './callbacks'
import {
  callbacks,
  Input,
  layers,
  losses,
  metrics,
  optimizers,
  Sequential,
  setRandomSeed,
  utils,
} from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
beforeEach(() => {
  setRandomSeed(42)
})
afterEach(() => {
  setCurrentRun(null)
})

function array(shape: number[], values: Iterable<number>): NdArray {
  return { values: Float32Array.from(values), shape, dtype: 'float32' }
}

const xor = { x: array([4, 2], [0, 0, 0, 1, 1, 0, 1, 1]), y: array([4, 1], [0, 1, 1, 0]) }

/** `count` points with the label of the larger coordinate. */
function points(count: number): { x: NdArray; y: NdArray } {
  const random = randomStream(5, 'points')
  const x = Float32Array.from({ length: count * 2 }, () => 2 * random() - 1)
  const y = Float32Array.from({ length: count }, (_, row) =>
    (x[2 * row] ?? 0) > (x[2 * row + 1] ?? 0) ? 1 : 0,
  )
  return { x: array([count, 2], x), y: array([count, 1], y) }
}

function compiled({ dropout = 0, learningRate = 0.05 } = {}): Sequential {
  const model = new Sequential([
    Input({ shape: [2] }),
    new layers.Dense(8, { activation: 'tanh' }),
    new layers.Dropout(dropout),
    new layers.Dense(1, { activation: 'sigmoid' }),
  ])
  const optimizer = new optimizers.Adam({ learningRate })
  model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] })
  return model
}

/** Records what the run is told; `boundary` may reject. */
function recordRun(
  boundary: () => Promise<boolean> = () => Promise.resolve(false),
): Record<string, number>[] {
  const logged: Record<string, number>[] = []
  setCurrentRun({
    execution: 'eager',
    lineText: '',
    batchBoundary: boundary,
    log: (values) => logged.push(values as Record<string, number>),
    print: () => undefined,
  })
  return logged
}

it('takes names as they are spelt in Python', async () => {
  const trained = async (
    activation: string,
    kernelInitializer: string,
    options: { loss: string; optimizer?: string },
  ) => {
    setRandomSeed(1)
    const model = new Sequential([
      Input({ shape: [2] }),
      new layers.Dense(3, { activation, kernelInitializer }),
      new layers.Dense(1, { activation: 'sigmoid' }),
    ])
    model.compile({ ...options, runEagerly: true })
    const x = { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2], dtype: 'float32' } as const
    const y = { values: Float32Array.of(0, 1), shape: [2, 1], dtype: 'float32' } as const
    return (await model.fit(x, y, { epochs: 2, shuffle: false })).history
  }
  const ours = { optimizer: 'adamW', loss: 'binaryCrossentropy', metrics: ['binaryAccuracy', 'mae'] }
  const python = { optimizer: 'AdamW', loss: 'binary_crossentropy', metrics: ['binary_accuracy', 'MAE'] }
  const expected = await trained('leakyRelu', 'heNormal', ours)
  expect(await trained('leaky_relu', 'he_normal', python)).toEqual(expected)
})

describe('training', () => {
  it('learns xor', async () => {
    const model = compiled()
    const { history } = await model.fit(xor.x, xor.y, { epochs: 200, batchSize: 4 })
    expect(history.loss?.at(-1)).toBeLessThan(0.05)
    expect(history.accuracy?.at(-1)).toBe(1)
  })

  it('learns three classes from index and from one-hot labels alike', async () => {
    const random = randomStream(5, 'classes')
    const x = array(
      [60, 2],
      Float32Array.from({ length: 120 }, () => 2 * random() - 1),
    )
    const classes = Int32Array.from({ length: 60 }, (_, row) =>
      Math.floor(((x.values[2 * row] ?? 0) + 1) * 1.5),
    )
    const index: NdArray = { values: classes, shape: [60], dtype: 'int32' }
    const train = async (loss: string, y: NdArray) => {
      setRandomSeed(42)
      const model = new Sequential([Input({ shape: [2] }), new layers.Dense(3, { activation: 'softmax' })])
      model.compile({ optimizer: new optimizers.SGD({ learningRate: 0.5 }), loss, metrics: ['accuracy'] })
      return (await model.fit(x, y, { epochs: 20 })).history
    }
    const sparse = await train('sparseCategoricalCrossentropy', index)
    expect(sparse.accuracy?.at(-1)).toBeGreaterThan(0.8)
    expect(await train('categoricalCrossentropy', utils.toCategorical(index))).toEqual(sparse)
  })

  it('gives the same losses with a sigmoid as from the logits', async () => {
    const train = async (activation: string, loss: InstanceType<typeof losses.BinaryCrossentropy>) => {
      setRandomSeed(42)
      const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1, { activation })])
      const accuracy = new metrics.BinaryAccuracy({
        name: 'accuracy',
        threshold: activation === 'linear' ? 0 : 0.5,
      })
      model.compile({ optimizer: 'adam', loss, metrics: [accuracy] })
      return (await model.fit(xor.x, xor.y, { epochs: 5, validationData: [xor.x, xor.y] })).history
    }
    const fromProbabilities = await train('sigmoid', new losses.BinaryCrossentropy())
    expect(await train('linear', new losses.BinaryCrossentropy({ fromLogits: true }))).toEqual(
      fromProbabilities,
    )
  })

  it('repeats bit for bit from the seed, dropout included', async () => {
    const { x, y } = points(50)
    const losses = async () => (await compiled({ dropout: 0.3 }).fit(x, y, { epochs: 3 })).history.loss
    const first = await losses()
    expect(await losses()).not.toEqual(first)
    setRandomSeed(42)
    expect(await losses()).toEqual(first)
  })

  it('takes the batches in the shared order, or in that of the data', async () => {
    const data = points(10)
    // One unit of weight zero and a learning rate of zero: the loss of a batch tells its labels.
    const batchLosses = async (shuffle: boolean) => {
      const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
      model.setWeights([array([2, 1], [0, 0]), array([1], [0])])
      model.compile({ optimizer: new optimizers.SGD({ learningRate: 0 }), loss: 'meanSquaredError' })
      const logged = recordRun()
      await model.fit(data.x, data.y, { batchSize: 1, shuffle, epochs: 2 })
      return logged.flatMap(({ epoch, loss }) => (epoch === undefined ? [loss] : []))
    }
    const labels = Array.from(data.y.values)
    const shuffled = [1, 2].flatMap((epoch) => Array.from(batchOrder(10, 42, epoch), (row) => labels[row]))
    expect(await batchLosses(false)).toEqual([...labels, ...labels])
    expect(await batchLosses(true)).toEqual(shuffled)
  })

  it('holds the number of tensors over 200 steps', async () => {
    const { x, y } = points(40)
    const model = compiled({ dropout: 0.2 })
    await model.fit(x, y, { batchSize: 16, validationData: [x, y] })
    const before = tf.memory().numTensors
    await model.fit(x, y, { batchSize: 16, epochs: 67, validationData: [x, y] })
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('what it tells', () => {
  it('logs every batch, then the epoch counted from 1', async () => {
    const { x, y } = points(5)
    const logged = recordRun()
    await compiled().fit(x, y, { batchSize: 2, epochs: 2, validationData: [x, y] })
    expect(logged.map((values) => Object.keys(values).join())).toEqual([
      ...['loss', 'loss', 'loss', 'epoch,loss,accuracy,valLoss,valAccuracy'],
      ...['loss', 'loss', 'loss', 'epoch,loss,accuracy,valLoss,valAccuracy'],
    ])
    expect(logged[3]?.epoch).toBe(1)
    expect(logged[7]?.epoch).toBe(2)
  })

  it('averages the epoch over examples, not over batches', async () => {
    const { x, y } = points(5)
    const logged = recordRun()
    await compiled().fit(x, y, { batchSize: 2 })
    const [first, second, third, epoch] = logged.map(({ loss }) => loss ?? NaN)
    expect(epoch).toBeCloseTo(((first ?? NaN) * 2 + (second ?? NaN) * 2 + (third ?? NaN)) / 5, 12)
  })

  it('returns a History with one entry per epoch', async () => {
    const history = await compiled().fit(xor.x, xor.y, { epochs: 3, initialEpoch: 1 })
    expect(history.epoch).toEqual([1, 2])
    expect(Object.keys(history.history)).toEqual(['loss', 'accuracy'])
    expect(history.history.loss).toHaveLength(2)
  })

  it('continues with the batch order of the initial epoch', async () => {
    const { x, y } = points(20)
    const whole = (await compiled().fit(x, y, { batchSize: 4, epochs: 2 })).history.loss?.[1]
    setRandomSeed(42)
    const model = compiled()
    await model.fit(x, y, { batchSize: 4 })
    const { history } = await model.fit(x, y, { batchSize: 4, epochs: 2, initialEpoch: 1 })
    expect(history.loss).toEqual([whole])
  })

  it('calls callbacks in order and hands them the model', async () => {
    const calls: string[] = []
    class Recorder extends callbacks.Callback {
      override onTrainBegin() {
        calls.push(`begin ${this.model?.countParams()}`)
      }
      override onEpochBegin(epoch: number) {
        calls.push(`epoch ${epoch}`)
      }
      override onBatchEnd(batch: number, logs: Readonly<Record<string, number>>) {
        calls.push(`batch ${batch} ${Object.keys(logs).join()}`)
      }
      override onEpochEnd(epoch: number, logs: Readonly<Record<string, number>>) {
        calls.push(`end ${epoch} ${Object.keys(logs).join()}`)
      }
      override onTrainEnd() {
        calls.push('done')
      }
    }
    await compiled().fit(xor.x, xor.y, { batchSize: 2, callbacks: [new Recorder()] })
    expect(calls).toEqual([
      'begin 33',
      'epoch 0',
      'batch 0 loss,accuracy',
      'batch 1 loss,accuracy',
      'end 0 loss,accuracy',
      'done',
    ])
  })

  it('tells callbacks of all batches, with the figures so far, and how it trains', async () => {
    const calls: string[] = []
    const told = (name: string, logs: Readonly<Record<string, number>>) =>
      calls.push(`${name} ${Object.keys(logs).join()}`)
    class Recorder extends callbacks.Callback {
      override onTrainBegin() {
        calls.push(`${this.params?.epochs} epochs of ${this.params?.steps}`)
      }
      override onTestBatchEnd(batch: number, logs: Readonly<Record<string, number>>) {
        told(`tested ${batch}`, logs)
      }
      override onPredictBatchEnd(batch: number, { outputs }: PredictLogs) {
        calls.push(`predicted ${batch} ${[outputs].flat()[0]?.shape.join('×')}`)
      }
      override onTrainEnd(logs: Readonly<Record<string, number>>) {
        told('end', logs)
      }
    }
    const model = compiled()
    const list = [new Recorder()]
    await model.fit(xor.x, xor.y, { batchSize: 3, validationData: [xor.x, xor.y], callbacks: list })
    await model.predict(xor.x, { batchSize: 3, callbacks: list })
    expect(calls).toEqual([
      '1 epochs of 2',
      'tested 0 loss,accuracy',
      'tested 1 loss,accuracy',
      'end loss,accuracy,valLoss,valAccuracy',
      'predicted 0 3×1',
      'predicted 1 1×1',
    ])
  })

  it('gives the mean of the batches so far at the end of each', async () => {
    const seen: number[] = []
    const whole: number[] = []
    const read = new callbacks.LambdaCallback({
      onTrainBatchEnd: (_, { loss = NaN }) => void seen.push(loss),
      onEpochEnd: (_, { loss = NaN }) => void whole.push(loss),
    })
    const model = new Sequential([Input([2]), new layers.Dense(1, { kernelInitializer: 'zeros' })])
    // Without a step of the weights, losses are those of the labels: 1 and 4, 16.
    model.compile({ optimizer: new optimizers.SGD(0), loss: 'mse' })
    const y = [[1], [2], [4]]
    await model.fit([[0, 0], [0, 1], [1, 0]], y, { batchSize: 2, shuffle: false, callbacks: read }) // prettier-ignore
    expect([...seen, ...whole]).toEqual([2.5, 7, 7])
  })

  it('refuses methods of callbacks that nobody calls', async () => {
    class Snake extends callbacks.Callback {
      on_epoch_end() {}
    }
    class Typo extends callbacks.Callback {
      onEpochEnded() {}
    }
    class Fine extends callbacks.Callback {
      onBatch = () => {}
    }
    const fit = (callback: Callback) => compiled().fit(xor.x, xor.y, { callbacks: callback })
    await expect(fit(new Snake())).rejects.toThrow('got on_epoch_end, which it does not. Write onEpochEnd.')
    await expect(fit(new Typo())).rejects.toThrow('got onEpochEnded, which it does not. Write onEpochEnd.')
    await expect(fit(new Fine())).resolves.toBeInstanceOf(callbacks.History)
  })

  it('stops after the batch in which a callback asks for it', async () => {
    class StopAtOnce extends callbacks.Callback {
      override onBatchEnd() {
        if (this.model) this.model.stopTraining = true
      }
    }
    const logged = recordRun()
    await compiled().fit(xor.x, xor.y, { batchSize: 1, epochs: 5, callbacks: [new StopAtOnce()] })
    expect(logged.map(({ epoch }) => epoch)).toEqual([undefined, 1])
  })
})

describe('validation', () => {
  it('is what evaluate gives', async () => {
    const { x, y } = points(50)
    const model = compiled({ dropout: 0.5 })
    const { history } = await model.fit(x, y, { validationData: [x, y] })
    const { loss, accuracy } = await model.evaluate(x, y)
    expect([loss, accuracy]).toEqual([history.valLoss?.[0], history.valAccuracy?.[0]])
  })

  it('weighs the partial last batch by its size', async () => {
    const { x, y } = points(50)
    const model = compiled()
    const whole = await model.evaluate(x, y, { batchSize: 50 })
    const cut = await model.evaluate(x, y, { batchSize: 32 })
    expect(cut.loss).toBeCloseTo(whole.loss ?? NaN, 6)
    expect(cut.accuracy).toBeCloseTo(whole.accuracy ?? NaN, 6)
  })

  it('can be the last part of the training data', async () => {
    const { x, y } = points(10)
    const last = { x: array([3, 2], x.values.slice(14)), y: array([3, 1], y.values.slice(7)) }
    const logged = recordRun()
    const model = compiled()
    const { history } = await model.fit(x, y, { batchSize: 1, validationSplit: 0.3 })
    expect(logged).toHaveLength(7 + 1)
    expect((await model.evaluate(last.x, last.y, { batchSize: 1 })).loss).toBe(history.valLoss?.[0])
  })

  it.each([1, -0.5, 0.95])('rejects a share of %s', async (validationSplit) => {
    const { x, y } = points(10)
    await expect(compiled().fit(x, y, { validationSplit })).rejects.toThrow(
      `fit: expected validationSplit to leave examples on both sides of 10, got ${validationSplit}.`,
    )
  })
})

describe('stopping', () => {
  it('waits at the boundary of every batch, validation included', async () => {
    let boundaries = 0
    recordRun(() => {
      boundaries++
      return Promise.resolve(false)
    })
    const { x, y } = points(5)
    await compiled().fit(x, y, { batchSize: 2, validationData: [x, y] })
    expect(boundaries).toBe(6)
  })

  it('rejects when the run is stopped, and leaves no tensors behind', async () => {
    const { x, y } = points(40)
    const model = compiled()
    await model.fit(x, y)
    const before = tf.memory().numTensors
    let left = 3
    recordRun(() => (left-- > 0 ? Promise.resolve(false) : Promise.reject(new StoppedError())))
    await expect(model.fit(x, y, { batchSize: 4 })).rejects.toThrow(StoppedError)
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('tells callbacks of no epoch that an earlier part of the run went through', async () => {
  const epochs: [epoch: number, loss: number | undefined][] = []
  class Record extends callbacks.Callback {
    override onEpochEnd(epoch: number, { loss }: { readonly loss?: number }): void {
      epochs.push([epoch, loss])
    }
  }
  let batches = 0
  recordRun(() => Promise.resolve(batches++ < 4))
  const history = await compiled().fit(xor.x, xor.y, { epochs: 2, batchSize: 1, callbacks: [new Record()] })
  expect(epochs).toEqual([[1, expect.any(Number)]])
  expect(history.epoch).toEqual([1])
})
