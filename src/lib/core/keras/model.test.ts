import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../data/types'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { setCurrentRun } from '../events/currentRun'
import { Session, setCurrentSession } from '../session/session'
import { ArgumentError, ShapeError } from '../util/errors'
import { Input, layers, losses, metrics, Model, optimizers, Sequential, setRandomSeed } from './index'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => setRandomSeed(3))
afterEach(() => {
  setCurrentRun(null)
  setCurrentSession(null)
})

function array(shape: number[], start = 0): NdArray {
  const size = shape.reduce((product, length) => product * length, 1)
  return {
    values: Float32Array.from({ length: size }, (_, i) => Math.sin(start + i)),
    shape,
    dtype: 'float32',
  }
}

/** Two inputs, two outputs; the second goes around the shared layer as well. */
function twoHeads(): Model {
  const a = Input({ shape: [3], name: 'a' })
  const b = Input({ shape: [2], name: 'b' })
  const merged = new layers.Concatenate().apply([
    new layers.Dense(4, { activation: 'tanh' }).apply(a),
    new layers.Dense(4).apply(b),
  ])
  const shared = new layers.Dense(8, { activation: 'tanh', name: 'shared' }).apply(merged)
  const price = new layers.Dense(1, { name: 'price' }).apply(shared)
  const kind = new layers.Dense(2, { activation: 'softmax', name: 'kind' }).apply(
    new layers.Add().apply([shared, merged]),
  )
  return new Model({ inputs: [a, b], outputs: [price, kind], name: 'heads' })
}

const x = [array([6, 3]), array([6, 2], 9)]
const kinds: NdArray = { values: Int32Array.of(0, 1, 1, 0, 1, 0), shape: [6], dtype: 'int32' }
const y = [array([6, 1], 5), kinds]

/** Compiled for both outputs. */
function compiled(runEagerly: boolean): Model {
  const model = twoHeads()
  model.compile({
    optimizer: new optimizers.SGD({ learningRate: 0.1 }),
    loss: { price: 'mse', kind: new losses.SparseCategoricalCrossentropy() },
    lossWeights: [0.5, 2],
    metrics: { price: ['mae'], kind: ['accuracy'] },
    runEagerly,
  })
  return model
}

describe('the functional API', () => {
  it('names layers, in order of computation', () => {
    const names = twoHeads().layers.map(({ name }) => name)
    expect(names).toEqual(['dense', 'dense_1', 'concatenate', 'shared', 'price', 'add', 'kind'])
  })

  it('gives what its layers give one after the other', () => {
    const inputs = Input({ shape: [3] })
    const hidden = new layers.Dense(4, { activation: 'tanh' })
    const last = new layers.Dense(2, { activation: 'softmax' })
    const model = new Model({ inputs, outputs: last.apply(hidden.apply(inputs)) })
    const data = tf.tensor2d([1, 2, 3, -1, 0, 1], [2, 3])
    const output = model.apply(data) as tf.Tensor
    expect(output.dataSync()).toEqual(last.apply(hidden.apply(data)).dataSync())
    expect(model.countParams()).toBe(16 + 10)
  })

  it('shares the weights of a layer that is applied twice', () => {
    const [a, b] = [Input({ shape: [2] }), Input({ shape: [2] })]
    const dense = new layers.Dense(3)
    const outputs = new layers.Add().apply([dense.apply(a), dense.apply(b)])
    const model = new Model({ inputs: [a, b], outputs })
    expect(model.layers).toHaveLength(2)
    expect(model.countParams()).toBe(9)
    const ones = tf.ones([1, 2])
    const [sum, single] = [model.apply([ones, ones]) as tf.Tensor, dense.apply(ones)]
    expect(Array.from(sum.dataSync())).toEqual(Array.from(tf.mul(single, 2).dataSync()))
  })

  it('makes models of parts of a model', async () => {
    const model = new Sequential([Input({ shape: [3] }), new layers.Dense(4), new layers.Dense(1)])
    const features = new Model({ inputs: model.inputs, outputs: model.getLayer(0).output })
    const { shape, values } = (await features.predict(array([2, 3]))) as NdArray
    expect(shape).toEqual([2, 4])
    const first = model.getLayer('dense').apply(tf.tensor2d(array([2, 3]).values, [2, 3]))
    expect(values).toEqual(first.dataSync())
  })

  it('tells inputs that are missing, layers of one name, and other shapes', () => {
    const [a, b] = [Input({ shape: [2], name: 'a' }), Input({ shape: [2], name: 'b' })]
    const outputs = new layers.Add().apply([a, b])
    expect(() => new Model({ inputs: a, outputs })).toThrow(
      "Model: expected outputs that are computed from the inputs, got one that also needs Input 'b'. Add it to inputs.",
    )
    const twice = new layers.Dense(1, { name: 'x' }).apply(new layers.Dense(1, { name: 'x' }).apply(a))
    expect(() => new Model({ inputs: a, outputs: twice })).toThrow(
      "Model: expected layers of different names, got two named 'x'.",
    )
    const dense = new layers.Dense(1)
    dense.apply(a)
    expect(() => dense.apply(Input({ shape: [3] }))).toThrow(ShapeError)
    expect(() => new layers.Add().apply([a, Input({ shape: [3] })])).toThrow(
      'Add: expected inputs of one shape, got [2] and [3].',
    )
    expect(() => new layers.Concatenate({ axis: 2 }).apply([a, b])).toThrow(
      'Concatenate: expected an axis from 1 to 1',
    )
    expect(() => new layers.Dense(1).apply([a, b])).toThrow('Dense: expected one input, got 2.')
    expect(() => new Model({ inputs: [], outputs })).toThrow(
      'Model: expected inputs from Input and from layers',
    )
    expect(() => twoHeads().getLayer('nothing')).toThrow(ArgumentError)
  })
})

describe('several inputs and outputs', () => {
  it('trains on the weighted sum of the losses, and shows each', async () => {
    const { history } = await compiled(true).fit(x, y, { epochs: 30, batchSize: 6 })
    expect(Object.keys(history)).toEqual(['loss', 'priceLoss', 'kindLoss', 'priceMae', 'kindAccuracy'])
    const at = (name: string, epoch: number) => history[name]?.at(epoch) ?? NaN
    expect(at('loss', 0)).toBeCloseTo(0.5 * at('priceLoss', 0) + 2 * at('kindLoss', 0), 5)
    expect(at('loss', -1)).toBeLessThan(at('loss', 0) / 2)
  })

  it('takes the same steps compiled', async () => {
    const options = { epochs: 3, batchSize: 4, validationData: [x, y] as const }
    const eager = await compiled(true).fit(x, y, options)
    setRandomSeed(3)
    const session = new Session({ backend: 'wasm' })
    setCurrentSession(session)
    const model = compiled(false)
    const { history } = await model.fit(x, y, options)
    for (const [name, values] of Object.entries(eager.history))
      for (const [epoch, value] of values.entries()) expect(history[name]?.[epoch]).toBeCloseTo(value, 5)
    const outputs = (await model.predict(x)) as NdArray[]
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [6, 1],
      [6, 2],
    ])
    session.dispose()
  })

  it('takes arrays by the names of inputs and outputs', async () => {
    const byName = await compiled(true).fit(
      { b: x[1], a: x[0] },
      {
        kind: y[1],
        price: y[0],
      },
    )
    setRandomSeed(3)
    expect(byName.history).toEqual((await compiled(true).fit(x, y)).history)
  })

  it('asks for one array each', async () => {
    await expect(compiled(true).fit(array([6, 3]), y)).rejects.toThrow(
      'fit: expected 2 arrays for x, got one.',
    )
    await expect(compiled(true).fit([array([6, 3]), array([5, 2])], y)).rejects.toThrow(
      'fit: expected as many examples for each input, got 6 and 5.',
    )
    await expect(compiled(true).fit(x, { price: array([6, 1]) })).rejects.toThrow(
      "fit: expected y with 'kind', got price.",
    )
    const wrong = [array([6, 3]), array([6, 3])]
    await expect(compiled(true).fit(wrong, y)).rejects.toThrow(
      "fit: expected x of 'b' of shape [6, 2], got [6, 3].",
    )
    await expect(compiled(true).fit(x, y, { classWeight: { 0: 1 } })).rejects.toThrow(
      'fit: expected classWeight for a model with one output',
    )
  })
})

describe('fit', () => {
  const points = array([10, 2])
  const labels: NdArray = {
    values: Float32Array.of(0, 0, 1, 1, 1, 0, 0, 1, 0, 1),
    shape: [10, 1],
    dtype: 'float32',
  }

  function model(): Sequential {
    const made = new Sequential([Input({ shape: [2] }), new layers.Dense(1, { activation: 'sigmoid' })])
    made.compile({ optimizer: new optimizers.SGD({ learningRate: 0 }), loss: 'binaryCrossentropy' })
    return made
  }

  it('scales the losses of classes, and of examples', async () => {
    const lossesOf = async (options: object) =>
      (await model().fit(points, labels, { batchSize: 4, shuffle: false, ...options })).history[
        'loss'
      ]?.[0] ?? NaN
    const alone = async (label: number) => {
      setRandomSeed(3)
      return lossesOf({ classWeight: { [label]: 1, [1 - label]: 0 } })
    }
    const [ofZeros, ofOnes] = [await alone(0), await alone(1)]
    setRandomSeed(3)
    expect(ofZeros + ofOnes).toBeCloseTo(await lossesOf({}), 6)
    setRandomSeed(3)
    expect(await lossesOf({ classWeight: { 1: 3 } })).toBeCloseTo(ofZeros + 3 * ofOnes, 6)
    setRandomSeed(3)
    const sampleWeight = { ...labels, shape: [10] }
    expect(await lossesOf({ sampleWeight })).toBeCloseTo(ofOnes, 6)
  })

  it('goes on through the data with stepsPerEpoch', async () => {
    // A learning rate of 0: the loss of a batch tells its rows.
    const batchLosses: number[] = []
    const printed: string[] = []
    setCurrentRun({
      execution: 'eager',
      lineText: '',
      batchBoundary: () => Promise.resolve(false),
      log: ({ epoch, loss }) => {
        if (epoch === undefined) batchLosses.push(loss as number)
      },
      print: (text) => printed.push(text),
    })
    const trained = model()
    await trained.fit(points, labels, { batchSize: 4, shuffle: false })
    const pass = batchLosses.splice(0)
    expect(pass).toHaveLength(3)
    expect(printed).toEqual([])
    const { history } = await trained.fit(points, labels, {
      batchSize: 4,
      shuffle: false,
      epochs: 4,
      stepsPerEpoch: 2,
    })
    expect(batchLosses).toEqual([...pass, ...pass])
    // The second epoch has the last batch only.
    expect(history['loss']?.[1]).toBeCloseTo(pass[2] ?? NaN, 6)
    expect(printed).toEqual([
      'fit: expected 2 batches for each epoch, got 1 before the data ended, which begin again with the next epoch. ' +
        'Choose a stepsPerEpoch that divides the number of batches, or leave it out.',
    ])
  })

  it('validates as often and as long as it is told', async () => {
    const options = { epochs: 4, validationFreq: 2, validationSteps: 1, validationBatchSize: 3 }
    const { history } = await model().fit(points, labels, { ...options, validationData: [points, labels] })
    expect(history['loss']).toHaveLength(4)
    expect(history['valLoss']).toHaveLength(2)
    await expect(model().fit(points, labels, { validationFreq: 0 })).rejects.toThrow(
      'fit: expected validationFreq to be a positive whole number or a list of epochs, got 0.',
    )
  })

  it('leaves layers that are not trainable as they are', async () => {
    const made = new Sequential([
      Input({ shape: [2] }),
      new layers.Dense(3, { trainable: false }),
      new layers.BatchNormalization({ trainable: false }),
      new layers.Dense(1),
    ])
    made.compile({ optimizer: 'sgd', loss: 'mse' })
    expect(made.trainableVariables.map(({ name }) => name)).toEqual(['dense_1/kernel', 'dense_1/bias'])
    const before = await made.getWeights()
    await made.fit(points, labels)
    const after = await made.getWeights()
    const isChanged = after.map(({ values }, index) =>
      values.some((value, at) => value !== before[index]?.values[at]),
    )
    expect(isChanged).toEqual([...new Array<boolean>(6).fill(false), true, true])
    expect(made.summary()).toContain('Trainable params: 4 ')
  })

  it('computes a metric of the whole epoch, not the mean of its batches', async () => {
    const made = new Sequential([Input({ shape: [2] }), new layers.Dense(1, { activation: 'sigmoid' })])
    const precision = new metrics.Precision()
    made.compile({
      optimizer: new optimizers.SGD({ learningRate: 0 }),
      loss: 'binaryCrossentropy',
      metrics: [precision, new metrics.Recall(), 'rootMeanSquaredError'],
    })
    const { history } = await made.fit(points, labels, { batchSize: 3 })
    const outputs = Float32Array.from((await made.predict(points)).values)
    const positive = outputs.reduce((sum, p) => sum + (p > 0.5 ? 1 : 0), 0)
    const hits = outputs.reduce((sum, p, row) => sum + (p > 0.5 ? (labels.values[row] ?? 0) : 0), 0)
    const squares = outputs.reduce((sum, p, row) => sum + (p - (labels.values[row] ?? 0)) ** 2, 0)
    expect(history['precision']?.[0]).toBeCloseTo(positive === 0 ? 0 : hits / positive, 6)
    expect(history['recall']?.[0]).toBeCloseTo(hits / 5, 6)
    expect(history['rootMeanSquaredError']?.[0]).toBeCloseTo(Math.sqrt(squares / 10), 6)
    precision.updateState(labels, outputs.length ? tf.tensor2d(outputs, [10, 1]) : 0)
    expect(precision.result().dataSync()[0]).toBeCloseTo(positive === 0 ? 0 : hits / positive, 6)
    precision.resetState()
    expect(precision.result().dataSync()[0]).toBe(0)
  })
})
