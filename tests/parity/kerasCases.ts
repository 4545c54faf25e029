/** Cases of training in Keras style. */
import * as keras from '../../src/lib/core/keras'
import { activations } from '../../src/lib/core/keras/activations'
import type { KerasTensor } from '../../src/lib/core/keras/kerasTensor'
import type { Loss } from '../../src/lib/core/keras/loss'
import type { Formulation } from '../../src/lib/core/optim/optimizer'
import type { Shape } from '../../src/lib/core/util/shapes'
import { dataOf, formulations, outputs, type Labels, type TrainingCase, type Variation } from './trainingCase'
import { kerasTrainee, type KerasModel } from './trainees'

const { layers, losses, optimizers } = keras

function kerasCase(
  name: string,
  { inputShape = [4], labels = 'numbers', isIndices = false, ...model }: Variation & Partial<KerasModel>,
): TrainingCase {
  const make = () =>
    kerasTrainee({
      inputShape,
      layers: () => [new layers.Dense(6, { activation: 'tanh' }), new layers.Dense(outputs)],
      loss: 'meanSquaredError',
      optimizer: () => new optimizers.SGD({ learningRate: 0.05 }),
      ...model,
    })
  return { name: `keras ${name}`, data: () => dataOf(inputShape, labels, isIndices), make }
}

const image: Shape = [6, 6, 2]
const flatten = () => new layers.Flatten()

const kerasLayers: Record<string, Variation & { layers: () => keras.layers.Layer[] }> = {
  'Dense without bias': { layers: () => [new layers.Dense(6, { useBias: false, activation: 'tanh' })] },
  Dropout: { layers: () => [new layers.Dense(8, { activation: 'tanh' }), new layers.Dropout(0.4)] },
  BatchNormalization: {
    layers: () => [new layers.Dense(8, { activation: 'tanh' }), new layers.BatchNormalization()],
  },
  // A bias in front of it would have a true gradient of 0, and consist of rounding alone.
  'BatchNormalization of images': {
    inputShape: image,
    layers: () => [
      new layers.Conv2D(3, { kernelSize: 3, useBias: false }),
      new layers.BatchNormalization(),
      flatten(),
    ],
  },
  LayerNormalization: { layers: () => [new layers.Dense(8), new layers.LayerNormalization()] },
  Embedding: { inputShape: [3], isIndices: true, layers: () => [new layers.Embedding(4, 2), flatten()] },
  Conv2D: {
    inputShape: image,
    layers: () => [new layers.Conv2D(3, { kernelSize: 3, activation: 'tanh' }), flatten()],
  },
  'Conv2D, same, relu': {
    inputShape: image,
    layers: () => [
      new layers.Conv2D(3, { kernelSize: 3, padding: 'same', activation: 'relu' }),
      new layers.Conv2D(2, { kernelSize: [1, 3], padding: 'same' }),
      flatten(),
    ],
  },
  'Conv2D, strides': {
    inputShape: image,
    layers: () => [
      new layers.Conv2D(3, { kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
      new layers.Conv2D(2, { kernelSize: 2, strides: [2, 1] }),
      flatten(),
    ],
  },
  MaxPooling2D: {
    inputShape: image,
    layers: () => [new layers.Conv2D(3, { kernelSize: 3 }), new layers.MaxPooling2D(), flatten()],
  },
  'MaxPooling2D, overlapping': {
    inputShape: image,
    layers: () => [
      new layers.Conv2D(3, { kernelSize: 3, padding: 'same' }),
      new layers.MaxPooling2D({ poolSize: 3, strides: 2, padding: 'same' }),
      flatten(),
    ],
  },
  AveragePooling2D: {
    inputShape: image,
    layers: () => [
      new layers.Conv2D(3, { kernelSize: 3, padding: 'same' }),
      new layers.AveragePooling2D({ poolSize: 3, strides: 2, padding: 'same' }),
      new layers.AveragePooling2D(2),
      flatten(),
    ],
  },
  Conv1D: {
    inputShape: [6, 2],
    layers: () => [
      new layers.Conv1D(3, 3, { padding: 'causal', activation: 'tanh' }),
      new layers.Conv1D(3, 2, { strides: 2, padding: 'same' }),
      flatten(),
    ],
  },
  GlobalAveragePooling1D: {
    inputShape: [6, 2],
    layers: () => [new layers.Conv1D(3, 3), new layers.GlobalAveragePooling1D()],
  },
  GlobalAveragePooling2D: {
    inputShape: image,
    layers: () => [new layers.Conv2D(3, 3), new layers.GlobalAveragePooling2D()],
  },
  GlobalMaxPooling2D: {
    inputShape: image,
    layers: () => [new layers.Conv2D(3, 3), new layers.GlobalMaxPooling2D()],
  },
  SimpleRNN: { inputShape: [4, 2], layers: () => [new layers.SimpleRNN(3)] },
  LSTM: {
    inputShape: [4, 2],
    layers: () => [new layers.LSTM(3, { returnSequences: true }), new layers.LSTM(2, { goBackwards: true })],
  },
  GRU: {
    inputShape: [4, 2],
    layers: () => [new layers.GRU(3, { returnSequences: true }), new layers.GRU(2, { resetAfter: false })],
  },
  Rescaling: { layers: () => [new layers.Dense(6), new layers.Rescaling(0.5, { offset: 1 })] },
  'frozen Dense': { layers: () => [new layers.Dense(6, { trainable: false }), new layers.ReLU()] },
  LeakyReLU: { layers: () => [new layers.Dense(6), new layers.LeakyReLU()] },
  Activation: { layers: () => [new layers.Dense(6), new layers.Activation('gelu')] },
  ...Object.fromEntries(
    Object.keys(activations).map((activation) => [
      activation,
      { layers: () => [new layers.Dense(6, { activation })] },
    ]),
  ),
}

/** Models in which branches part and meet. */
const kerasModels: Record<string, (inputs: KerasTensor) => KerasTensor> = {
  Add: (inputs) => {
    const hidden = new layers.Dense(5, { activation: 'tanh' }).apply(inputs)
    return new layers.Add().apply([
      hidden,
      new layers.Dense(5).apply(hidden),
      new layers.Dense(5).apply(inputs),
    ])
  },
  Concatenate: (inputs) => {
    const shared = new layers.Dense(4, { activation: 'tanh' })
    const once = shared.apply(inputs)
    return new layers.Concatenate().apply([once, shared.apply(once), inputs])
  },
}

const kerasLosses: [name: string, loss: Loss | string, labels: Labels, activation: string][] = [
  ['MeanSquaredError', 'meanSquaredError', 'numbers', 'linear'],
  ['MeanAbsoluteError', 'meanAbsoluteError', 'numbers', 'linear'],
  ['Huber', new losses.Huber({ delta: 0.4 }), 'numbers', 'linear'],
  ['LogCosh', 'logCosh', 'numbers', 'linear'],
  ['Hinge', 'hinge', 'binary', 'linear'],
  ['KLDivergence', 'klDivergence', 'oneHot', 'softmax'],
  [
    'CategoricalCrossentropy, smoothed',
    new losses.CategoricalCrossentropy({ labelSmoothing: 0.1, reduction: 'sum' }),
    'oneHot',
    'softmax',
  ],
  [
    'BinaryCrossentropy, smoothed',
    new losses.BinaryCrossentropy({ labelSmoothing: 0.2 }),
    'binary',
    'sigmoid',
  ],
  ['BinaryCrossentropy behind sigmoid', 'binaryCrossentropy', 'binary', 'sigmoid'],
  ['BinaryCrossentropy of logits', new losses.BinaryCrossentropy({ fromLogits: true }), 'binary', 'linear'],
  ['BinaryCrossentropy of probabilities', 'binaryCrossentropy', 'binary', 'softmax'],
  ['CategoricalCrossentropy behind softmax', 'categoricalCrossentropy', 'oneHot', 'softmax'],
  [
    'CategoricalCrossentropy of logits',
    new losses.CategoricalCrossentropy({ fromLogits: true }),
    'oneHot',
    'linear',
  ],
  ['CategoricalCrossentropy of probabilities', 'categoricalCrossentropy', 'oneHot', 'sigmoid'],
  ['SparseCategoricalCrossentropy behind softmax', 'sparseCategoricalCrossentropy', 'index', 'softmax'],
  [
    'SparseCategoricalCrossentropy of logits',
    new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
    'index',
    'linear',
  ],
  ['SparseCategoricalCrossentropy of probabilities', 'sparseCategoricalCrossentropy', 'index', 'sigmoid'],
]

type KerasOptimizer = (formulation: Formulation) => keras.Optimizer

const kerasOptimizers: Record<string, KerasOptimizer> = {
  SGD: (formulation) => new optimizers.SGD({ learningRate: 0.05, formulation }),
  'SGD, momentum': (formulation) => new optimizers.SGD({ learningRate: 0.05, momentum: 0.9, formulation }),
  'SGD, Nesterov, weight decay': (formulation) =>
    new optimizers.SGD({ learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.1, formulation }),
  Adam: (formulation) => new optimizers.Adam({ learningRate: 0.02, formulation }),
  'Adam, weight decay': (formulation) =>
    new optimizers.Adam({ learningRate: 0.02, weightDecay: 0.1, formulation }),
  AdamW: (formulation) => new optimizers.AdamW({ learningRate: 0.02, formulation }),
  RMSprop: (formulation) => new optimizers.RMSprop({ learningRate: 0.01, formulation }),
  'RMSprop, momentum': (formulation) =>
    new optimizers.RMSprop({ learningRate: 0.01, momentum: 0.5, formulation }),
  Adagrad: (formulation) => new optimizers.Adagrad({ learningRate: 0.05, weightDecay: 0.1, formulation }),
}

const { schedules } = optimizers

/** What is Keras' own: bounds of gradients, and rates that depend on the step. */
const kerasOnlyOptimizers: Record<string, () => keras.Optimizer> = {
  'SGD, clipnorm': () => new optimizers.SGD({ learningRate: 0.05, clipnorm: 0.1 }),
  'SGD, clipvalue': () => new optimizers.SGD({ learningRate: 0.05, clipvalue: 0.05 }),
  'Adam, globalClipnorm': () => new optimizers.Adam({ learningRate: 0.02, globalClipnorm: 0.2 }),
  'SGD, CosineDecay': () =>
    new optimizers.SGD({
      learningRate: new schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 6 }),
      momentum: 0.9,
    }),
  'AdamW, PiecewiseConstantDecay': () =>
    new optimizers.AdamW({
      learningRate: new schedules.PiecewiseConstantDecay({ boundaries: [2, 5], values: [0.1, 0.02, 0.01] }),
    }),
}

/** Every layer, loss and optimizer of Keras, each in a model that trains. */
export const kerasCases: readonly TrainingCase[] = [
  ...Object.entries(kerasLayers).map(([name, { layers: stack, ...shapes }]) =>
    kerasCase(name, { ...shapes, layers: () => [...stack(), new layers.Dense(outputs)] }),
  ),
  ...Object.entries(kerasModels).map(([name, connect]) =>
    kerasCase(name, {
      model: () => {
        const inputs = keras.Input({ shape: [4] })
        return new keras.Model({ inputs, outputs: new layers.Dense(outputs).apply(connect(inputs)) })
      },
    }),
  ),
  ...Object.entries(kerasOnlyOptimizers).map(([name, optimizer]) => kerasCase(name, { optimizer })),
  ...kerasLosses.map(([name, loss, labels, activation]) =>
    kerasCase(name, {
      loss,
      labels,
      layers: () => [new layers.Dense(6, { activation: 'tanh' }), new layers.Dense(outputs, { activation })],
      metrics: labels === 'numbers' ? ['mae', 'mse'] : ['accuracy'],
    }),
  ),
  ...formulations.flatMap((formulation) =>
    Object.entries(kerasOptimizers).map(([name, make]) =>
      kerasCase(`${name}, formulation of ${formulation}`, { optimizer: () => make(formulation) }),
    ),
  ),
]
