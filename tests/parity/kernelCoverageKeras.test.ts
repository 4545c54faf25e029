/** Whatever Keras-style programs can use, a trace can follow: every kernel that a training step of it dispatches has a rule. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { Input, layers, losses, Model, optimizers, Sequential, setRandomSeed } from '../../src/lib/core/keras'
import { activations } from '../../src/lib/core/keras/activations'
import type { KerasTensor } from '../../src/lib/core/keras/kerasTensor'
import type { Layer } from '../../src/lib/core/keras/layers'
import type { Loss } from '../../src/lib/core/keras/loss'
import type { Optimizer } from '../../src/lib/core/keras/optimizers'
import type { Shape } from '../../src/lib/core/util/shapes'
import { counting, withoutRule } from './kernelsWithoutRule'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => setRandomSeed(1))

interface KerasStep {
  readonly input?: Shape
  readonly layers?: readonly Layer[]
  /** Instead of layers one after the other. */
  readonly model?: (outputs: number) => Model
  readonly loss?: Loss
  readonly optimizer?: Optimizer
  readonly metrics?: readonly string[]
  readonly outputs?: number
  readonly labels?: Shape
}

/** Two epochs of one batch of four examples, then an evaluation. */
async function fit(step: KerasStep): Promise<void> {
  const { input = [3], outputs = 1, loss = new losses.MeanSquaredError(), metrics = [] } = step
  const own = step.model?.(outputs)
  const optimizer = step.optimizer ?? new optimizers.SGD()
  const output = new layers.Dense(outputs, { activation: 'sigmoid' })
  const model = own ?? new Sequential([Input({ shape: input }), ...(step.layers ?? []), output])
  model.compile({ optimizer, loss, metrics, runEagerly: true })
  const [x, y] = [counting([4, ...input]), counting([4, ...(step.labels ?? [outputs])])]
  await model.fit(x, y, { batchSize: 4, epochs: 2 })
  await model.evaluate(x, y)
}

const image = [8, 8, 2]

/** A model in which two branches meet. */
const joined =
  (join: (a: KerasTensor, b: KerasTensor) => KerasTensor): KerasStep['model'] =>
  (outputs) => {
    const inputs = Input({ shape: [3] })
    const [a, b] = [new layers.Dense(4).apply(inputs), new layers.Dense(4).apply(inputs)]
    return new Model({ inputs, outputs: new layers.Dense(outputs).apply(join(a, b)) })
  }

const kerasLayers: Readonly<
  Record<Exclude<keyof typeof layers, 'Layer' | 'Input' | 'add' | 'concatenate'>, () => KerasStep>
> = {
  Activation: () => ({ layers: Object.keys(activations).map((name) => new layers.Activation(name)) }),
  Add: () => ({ model: joined((a, b) => new layers.Add().apply([a, b])) }),
  AveragePooling2D: () => ({
    input: image,
    layers: [new layers.AveragePooling2D({ poolSize: 3, strides: 2, padding: 'same' }), new layers.Flatten()],
  }),
  BatchNormalization: () => ({ layers: [new layers.Dense(4), new layers.BatchNormalization()] }),
  Concatenate: () => ({ model: joined((a, b) => new layers.Concatenate().apply([a, b])) }),
  Conv1D: () => ({
    input: [6, 2],
    layers: [
      new layers.Conv1D(3, 2, { padding: 'causal' }),
      new layers.Conv1D(3, 3, { strides: 2, padding: 'same' }),
      new layers.Flatten(),
    ],
  }),
  Conv2D: () => ({
    input: image,
    layers: [
      new layers.Conv2D(3, { kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      new layers.Conv2D(3, { kernelSize: 2 }),
      new layers.Flatten(),
    ],
  }),
  Dense: () => ({
    layers: Object.keys(activations).map((activation) => new layers.Dense(4, { activation })),
  }),
  Dropout: () => ({ layers: [new layers.Dense(4), new layers.Dropout(0.5)] }),
  Embedding: () => ({ layers: [new layers.Embedding(5, 4), new layers.Flatten()] }),
  Flatten: () => ({ input: image, layers: [new layers.Flatten()] }),
  Reshape: () => ({ input: image, layers: [new layers.Reshape([4, -1]), new layers.Flatten()] }),
  GlobalAveragePooling1D: () => ({
    input: [6, 2],
    layers: [new layers.Conv1D(3, 2), new layers.GlobalAveragePooling1D()],
  }),
  GlobalAveragePooling2D: () => ({
    input: image,
    layers: [new layers.Conv2D(3, 2), new layers.GlobalAveragePooling2D()],
  }),
  GlobalMaxPooling2D: () => ({
    input: image,
    layers: [
      new layers.Conv2D(3, 2),
      new layers.GlobalMaxPooling2D({ keepdims: true }),
      new layers.Flatten(),
    ],
  }),
  GRU: () => ({
    input: [4, 2],
    layers: [new layers.GRU(3, { returnSequences: true }), new layers.GRU(2, { resetAfter: false })],
  }),
  LSTM: () => ({
    input: [4, 2],
    layers: [new layers.LSTM(3, { returnSequences: true }), new layers.LSTM(2, { goBackwards: true })],
  }),
  ReLU: () => ({ layers: [new layers.Dense(4), new layers.ReLU()] }),
  Rescaling: () => ({ layers: [new layers.Dense(4), new layers.Rescaling(1 / 255, { offset: -1 })] }),
  SimpleRNN: () => ({ input: [4, 2], layers: [new layers.SimpleRNN(3)] }),
  Softmax: () => ({ layers: [new layers.Dense(4), new layers.Softmax()] }),
  LayerNormalization: () => ({ layers: [new layers.Dense(4), new layers.LayerNormalization()] }),
  LeakyReLU: () => ({ layers: [new layers.Dense(4), new layers.LeakyReLU()] }),
  MaxPooling2D: () => ({
    input: image,
    layers: [
      new layers.Conv2D(3, { kernelSize: 3, padding: 'same' }),
      new layers.MaxPooling2D({ poolSize: 3, strides: 2, padding: 'same' }),
      new layers.Flatten(),
    ],
  }),
}

const kerasLosses: Readonly<Record<Exclude<keyof typeof losses, 'Loss'>, () => KerasStep>> = {
  BinaryCrossentropy: () => ({ loss: new losses.BinaryCrossentropy(), metrics: ['accuracy'] }),
  CategoricalCrossentropy: () => ({
    outputs: 3,
    layers: [new layers.Dense(4)],
    loss: new losses.CategoricalCrossentropy(),
    metrics: ['accuracy'],
  }),
  Huber: () => ({ loss: new losses.Huber(), metrics: ['mae'] }),
  Hinge: () => ({ loss: new losses.Hinge() }),
  KLDivergence: () => ({ outputs: 3, loss: new losses.KLDivergence() }),
  LogCosh: () => ({ loss: new losses.LogCosh() }),
  MeanAbsoluteError: () => ({ loss: new losses.MeanAbsoluteError(), metrics: ['mse'] }),
  MeanSquaredError: () => ({ loss: new losses.MeanSquaredError(), metrics: ['mae'] }),
  SparseCategoricalCrossentropy: () => ({
    outputs: 3,
    labels: [],
    loss: new losses.SparseCategoricalCrossentropy(),
    metrics: ['accuracy'],
  }),
}

const kerasOptimizers: Readonly<Record<Exclude<keyof typeof optimizers, 'schedules'>, () => KerasStep>> = {
  Adagrad: () => ({ optimizer: new optimizers.Adagrad() }),
  Adam: () => ({ optimizer: new optimizers.Adam() }),
  AdamW: () => ({ optimizer: new optimizers.AdamW() }),
  RMSprop: () => ({ optimizer: new optimizers.RMSprop({ momentum: 0.9 }) }),
  SGD: () => ({ optimizer: new optimizers.SGD({ momentum: 0.9, nesterov: true }) }),
}

describe('Keras style', () => {
  const steps = { ...kerasLayers, ...kerasLosses, ...kerasOptimizers }
  it.each(Object.entries(steps))('%s', async (_, step) => {
    expect(await withoutRule(() => fit(step()))).toEqual([])
  })

  it('means every layer, loss and optimizer', () => {
    const names = [layers, losses, optimizers].flatMap((group) => Object.keys(group))
    const notSteps = ['Layer', 'Input', 'add', 'concatenate', 'Loss', 'schedules']
    expect(Object.keys(steps)).toEqual(
      expect.arrayContaining(names.filter((name) => !notSteps.includes(name))),
    )
  })
})
