/** What the rows of keras.json call beside Keras itself: the same functions as in recordKeras.py. */
import type { NdArray } from '../../../src/lib/core/data/types'
import { tf } from '../../../src/lib/core/eager/tfjs'
import * as keras from '../../../src/lib/core/keras'
import type { Callback } from '../../../src/lib/core/keras/callbacks'
import { penaltyOf } from '../../../src/lib/core/keras/regularizers'
import type { LearningRateSchedule } from '../../../src/lib/core/keras/schedules'
import { toTensorOf, type TensorLike } from '../../../src/lib/core/keras/tensorLike'
import { sizeOf } from '../../../src/lib/core/util/shapes'

interface HasWeights {
  getWeights(): Promise<NdArray[]>
  setWeights(weights: readonly NdArray[]): void
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** A layer's inputs: one, or a list of two that are the same. */
function inputsOf(x: unknown): tf.Tensor {
  const isPair = isList(x) && x.length === 2 && x[0] === x[1]
  const made = isPair ? x.map((each) => toTensorOf(each as TensorLike)) : toTensorOf(x as TensorLike)
  return made as tf.Tensor
}

/** The same numbers in every framework: of the k-th weight (7i + 3k) mod 11 / 10 − 0.5. */
async function setWeights(owner: HasWeights): Promise<void> {
  const shapes = (await owner.getWeights()).map(({ shape }) => shape)
  owner.setWeights(
    shapes.map((shape, k): NdArray => {
      const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((7 * i + 3 * k) % 11) / 10 - 0.5)
      return { values, shape, dtype: 'float32' }
    }),
  )
}

async function built(layer: keras.layers.Layer, x: unknown): Promise<keras.layers.Layer> {
  layer.apply(inputsOf(x))
  await setWeights(layer)
  return layer
}

async function small(...compiling: readonly unknown[]): Promise<keras.Sequential> {
  const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1)])
  await setWeights(model)
  model.compile(...(compiling as []))
  return model
}

const spelling = (name: string) => name.toLowerCase().replaceAll('_', '')

/** Epochs of all figures, by their names in order. */
function figures(history: Readonly<Record<string, readonly number[]>>): unknown[] {
  return Object.entries(history)
    .toSorted(([a], [b]) => (spelling(a) < spelling(b) ? -1 : 1))
    .map(([, values]) => values)
}

const sgd = () => new keras.optimizers.SGD(0.05)

/** Runs a callback through epochs of given figures: the learning rate after each, and the weights at the end. */
async function watched(callback: Callback): Promise<unknown> {
  const model = await small(new keras.optimizers.SGD(0.1), 'mse')
  callback.model = model
  await callback.onTrainBegin({})
  const found: number[] = []
  const losses = [3, 2.9, 2.8, 2.7, 2.6, 2.65, 2.7, 2.9]
  const validation = [3, 2, 2.5, 2.6, 1.9, 1.95, 2.2, 2.3]
  for (const [epoch, loss] of losses.entries()) {
    await callback.onEpochBegin(epoch, {})
    model.setWeights([[[epoch]], [0]])
    await callback.onEpochEnd(epoch, { loss, valLoss: validation[epoch] ?? NaN })
    found.push(model.optimizer?.learningRate ?? NaN)
    if (model.stopTraining) break
  }
  await callback.onTrainEnd({})
  return [found, await model.getWeights()]
}

type AnyLayer = keras.layers.Layer

function spreadOf(initializer: keras.initializers.Initializer) {
  const values = Array.from(initializer.values([100, 400]))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return { mean, deviation: Math.sqrt(variance), largest }
}

const rounded = (value: number) => Math.round(value * 10) / 10

/** What rows call by name. */
export const helpers = {
  array: (value: unknown) => value,
  tensor: (value: TensorLike) => toTensorOf(value),
  unchanged: (_epoch: number, rate: number) => rate,
  halved: (_epoch: number, rate: number) => rate / 2,
  outputs: async (layer: AnyLayer, x: unknown) => (await built(layer, x)).apply(inputsOf(x)),
  trained: async (layer: AnyLayer, x: unknown) => [
    (await built(layer, x)).apply(inputsOf(x), { training: true }),
    await layer.getWeights(),
  ],
  sizes: (layer: AnyLayer, x: unknown) => {
    const result = layer.apply(inputsOf(x))
    return [result.shape, result]
  },
  start: (layer: AnyLayer, x: unknown) => {
    layer.apply(inputsOf(x))
    return layer.getWeights()
  },
  penalty: async (layer: AnyLayer, x: unknown) => penaltyOf((await built(layer, x)).weights),
  trainedCount: (layer: AnyLayer, x: unknown) => {
    const model = new keras.Sequential([layer])
    model.apply(inputsOf(x))
    return model.trainableWeights.length
  },
  nameOf: ({ name }: { readonly name: string }) => name,
  stacked: (layer: AnyLayer) => new keras.Sequential([layer]).outputs[0]?.shape,
  measured: (metric: keras.metrics.Metric, ...given: readonly TensorLike[]) => {
    metric.updateState(...given)
    return metric.result()
  },
  updated: (optimizer: keras.Optimizer) => {
    const weight = new keras.Variable([1, -2])
    for (const gradient of [[0.5, -1], [0.25, 2], [-1, 0.1]]) optimizer.apply([tf.tensor(gradient)], [weight]) // prettier-ignore
    return weight.value
  },
  rates: (schedule: LearningRateSchedule) => Array.from({ length: 10 }, (_, step) => schedule.apply(step)),
  watched,
  drawn: (initializer: keras.initializers.Initializer) => [...initializer.values([2, 3])],
  spread: (initializer: keras.initializers.Initializer) => {
    const { mean, deviation } = spreadOf(initializer)
    return [rounded(mean), rounded(deviation)]
  },
  widest: (initializer: keras.initializers.Initializer) => rounded(spreadOf(initializer).largest),
  repeats: (one: keras.initializers.Initializer, other: keras.initializers.Initializer) =>
    String(one.values([2, 3])) === String(other.values([2, 3])),
  longest: (initializer: keras.initializers.Initializer) => {
    const [a = 0, , b = 0, , c = 0] = initializer.values([3, 2])
    return a ** 2 + b ** 2 + c ** 2
  },
  penaltyOf: (regularizer: keras.regularizers.L1L2) => regularizer.penalty([[1, -2], [0.5, 3]]), // prettier-ignore
  shapeOf: ({ shape }: { readonly shape: readonly (number | null)[] }) => shape,
  typeOf: ({ dtype }: tf.Tensor) => dtype,
  isTrainable: ({ variable }: keras.Variable) => variable.trainable,
  compiled: async (...given: readonly unknown[]) => {
    const model = await small(...given)
    const [xs, ys] = [[[0], [1], [2], [3]], [[1], [3], [2], [5]]] // prettier-ignore
    const weighted = { shuffle: false, sampleWeight: [1, 2, 0.5, 4] }
    const { history } = await model.fit(xs, ys, 2, 2, weighted)
    return [figures(history), await model.getWeights()]
  },
  fitted: async (...given: readonly unknown[]) => {
    const model = await small(sgd(), 'mse')
    const { history } = await model.fit(...(given as []))
    return [figures(history), await model.getWeights()]
  },
  evaluated: async (...given: readonly unknown[]) => {
    const model = await small('sgd', 'mse', { metrics: ['mae'] })
    return Object.values(await model.evaluate(...(given as [])))
  },
  predicted: async (...given: readonly unknown[]) => (await small('sgd', 'mse')).predict(...(given as [])),
  trainedOnBatch: async (...given: readonly unknown[]) => {
    const model = await small(sgd(), 'mse')
    return [Object.values(await model.trainOnBatch(...(given as []))), await model.getWeights()]
  },
  testedOnBatch: async (...given: readonly unknown[]) => {
    const model = await small('sgd', 'mse')
    return Object.values(await model.testOnBatch(...(given as [])))
  },
}
