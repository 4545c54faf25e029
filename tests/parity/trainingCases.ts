/** Every layer, activation, loss, metric and optimizer of both styles, each in a model that trains. */
import type { Split } from '../../src/lib/core/data/types'
import * as keras from '../../src/lib/core/keras'
import { activations } from '../../src/lib/core/keras/activations'
import type { KerasTensor } from '../../src/lib/core/keras/kerasTensor'
import type { Loss } from '../../src/lib/core/keras/loss'
import type { Formulation } from '../../src/lib/core/optim/optimizer'
import * as torch from '../../src/lib/core/torch'
import { randomStream } from '../../src/lib/core/util/random'
import { sizeOf, type Shape } from '../../src/lib/core/util/shapes'
import { kerasTrainee, torchTrainee, type KerasModel, type Trainee, type TorchModel } from './trainees'

/** What labels look like: any numbers, zeros and ones, one-hot rows, or the numbers of classes. */
type Labels = 'numbers' | 'binary' | 'oneHot' | 'index'

export interface TrainingCase {
  readonly name: string
  readonly data: () => Split
  readonly make: () => Trainee
}

const { layers, losses, optimizers } = keras
const { nn, optim } = torch

/** Batches of 4, the last one of 3. */
const examples = 15
const outputs = 3

function dataOf(inputShape: Shape, labels: Labels, isIndices: boolean): Split {
  const random = randomStream(3, 'training')
  const xShape = [examples, ...inputShape]
  const x = Float32Array.from({ length: sizeOf(xShape) }, () => {
    return isIndices ? Math.floor(random() * 4) : random() * 2 - 1
  })
  const classes = Int32Array.from({ length: examples }, () => Math.floor(random() * outputs))
  const y = Float32Array.from({ length: examples * outputs }, (_, index) => {
    if (labels === 'oneHot') return classes[Math.floor(index / outputs)] === index % outputs ? 1 : 0
    return labels === 'binary' ? Math.round(random()) : random() * 2 - 1
  })
  return {
    x: { values: x, shape: xShape, dtype: 'float32' },
    y:
      labels === 'index'
        ? { values: classes, shape: [examples], dtype: 'int32' }
        : { values: y, shape: [examples, outputs], dtype: 'float32' },
  }
}

interface Variation {
  readonly inputShape?: Shape
  readonly labels?: Labels
  readonly isIndices?: boolean
}

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

function torchCase(
  name: string,
  { inputShape = [4], labels = 'numbers', isIndices = false, ...model }: Variation & Partial<TorchModel>,
): TrainingCase {
  const make = () =>
    torchTrainee({
      modules: () => [new nn.Linear(4, 6), new nn.Tanh(), new nn.Linear(6, outputs)],
      criterion: () => new nn.MSELoss(),
      optimizer: (parameters) => new optim.SGD(parameters, { lr: 0.05 }),
      ...model,
    })
  return { name: `torch ${name}`, data: () => dataOf(inputShape, labels, isIndices), make }
}

const image: Shape = [6, 6, 2]
const imageFirst: Shape = [2, 6, 6]
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

/** Of what a recurrent module returns, its outputs of all steps. */
class Output extends nn.Module {
  forward(returned: unknown): torch.Tensor {
    return (returned as [torch.Tensor])[0]
  }
}

/** A recurrent layer on sequences of 4 steps of 2 features. */
const recurrent = (features: number, layer: () => torch.nn.Module<unknown>) => ({
  inputShape: [4, 2],
  features,
  modules: () => [layer(), new Output(), new nn.Flatten()],
})

type TorchLayers = Variation & { features: number; modules: () => torch.nn.Module<unknown>[] }

const torchLayers: Record<string, TorchLayers> = {
  'Linear without bias': {
    features: 6,
    modules: () => [new nn.Linear(4, 6, { bias: false }), new nn.Tanh()],
  },
  Dropout: { features: 8, modules: () => [new nn.Linear(4, 8), new nn.Tanh(), new nn.Dropout(0.4)] },
  BatchNorm1d: { features: 8, modules: () => [new nn.Linear(4, 8), new nn.Tanh(), new nn.BatchNorm1d(8)] },
  BatchNorm2d: {
    inputShape: imageFirst,
    features: 48,
    modules: () => [new nn.Conv2d(2, 3, 3, { bias: false }), new nn.BatchNorm2d(3), new nn.Flatten()],
  },
  LayerNorm: { features: 8, modules: () => [new nn.Linear(4, 8), new nn.LayerNorm(8)] },
  Embedding: {
    inputShape: [3],
    isIndices: true,
    features: 6,
    modules: () => [new nn.Embedding(4, 2), new nn.Flatten()],
  },
  Conv2d: {
    inputShape: imageFirst,
    features: 48,
    modules: () => [new nn.Conv2d(2, 3, 3), new nn.Tanh(), new nn.Flatten()],
  },
  'Conv2d, same': {
    inputShape: imageFirst,
    features: 72,
    modules: () => [
      new nn.Conv2d(2, 3, 3, { padding: 'same' }),
      new nn.ReLU(),
      new nn.Conv2d(3, 2, [1, 3], { padding: 'same' }),
      new nn.Flatten(),
    ],
  },
  'Conv2d, stride': {
    inputShape: imageFirst,
    features: 27,
    modules: () => [new nn.Conv2d(2, 3, 3, { stride: 2, padding: 1 }), new nn.Tanh(), new nn.Flatten()],
  },
  MaxPool2d: {
    inputShape: imageFirst,
    features: 12,
    modules: () => [new nn.Conv2d(2, 3, 3), new nn.MaxPool2d(2), new nn.Flatten()],
  },
  'MaxPool2d, overlapping': {
    inputShape: imageFirst,
    features: 12,
    modules: () => [new nn.Conv2d(2, 3, 3), new nn.MaxPool2d(3, { stride: 2, padding: 1 }), new nn.Flatten()],
  },
  AvgPool2d: {
    inputShape: imageFirst,
    features: 48,
    modules: () => [
      new nn.Conv2d(2, 3, 3),
      new nn.AvgPool2d(2, { stride: 1, padding: 1, countIncludePad: false }),
      new nn.AvgPool2d(2, { stride: 1 }),
      new nn.Flatten(),
    ],
  },
  ReLU: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.ReLU()] },
  LeakyReLU: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.LeakyReLU(0.2)] },
  Sigmoid: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.Sigmoid()] },
  GELU: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.GELU()] },
  Softmax: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.Softmax({ dim: 1 })] },
  Identity: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.Identity()] },
  ELU: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.ELU(0.5)] },
  SiLU: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.SiLU()] },
  Softplus: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.Softplus()] },
  LogSoftmax: { features: 6, modules: () => [new nn.Linear(4, 6), new nn.LogSoftmax(1)] },
  'BatchNorm1d, the average of all batches': {
    features: 8,
    modules: () => [
      new nn.Linear(4, 8),
      new nn.Tanh(),
      new nn.BatchNorm1d(8, { momentum: null, affine: false }),
    ],
  },
  'Embedding, paddingIdx': {
    inputShape: [3],
    isIndices: true,
    features: 6,
    modules: () => [new nn.Embedding(4, 2, { paddingIdx: 1 }), new nn.Flatten()],
  },
  'AdaptiveAvgPool2d of all': {
    inputShape: imageFirst,
    features: 3,
    modules: () => [new nn.Conv2d(2, 3, 3), new nn.AdaptiveAvgPool2d(1), new nn.Flatten()],
  },
  'AdaptiveAvgPool2d, windows that overlap': {
    inputShape: imageFirst,
    features: 18,
    modules: () => [
      new nn.Conv2d(2, 3, [2, 3], { padding: [0, 1] }),
      new nn.AdaptiveAvgPool2d([2, 3]),
      new nn.Flatten(),
    ],
  },
  RNN: recurrent(24, () => new nn.RNN(2, 3, { batchFirst: true, bidirectional: true })),
  LSTM: recurrent(12, () => new nn.LSTM(2, 3, { batchFirst: true })),
  'LSTM, two layers with dropout': recurrent(
    12,
    () => new nn.LSTM(2, 3, { batchFirst: true, numLayers: 2, dropout: 0.3 }),
  ),
  GRU: recurrent(12, () => new nn.GRU(2, 3, { batchFirst: true })),
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

const classWeight = () => torch.tensor([0.5, 2, 1.5])

const torchLosses: [
  name: string,
  criterion: () => torch.nn.Module,
  labels: Labels,
  activation?: () => torch.nn.Module,
][] = [
  ['BCELoss', () => new nn.BCELoss({ weight: classWeight() }), 'binary', () => new nn.Sigmoid()],
  [
    'BCEWithLogitsLoss with posWeight',
    () => new nn.BCEWithLogitsLoss({ posWeight: classWeight() }),
    'binary',
  ],
  ['NLLLoss', () => new nn.NLLLoss({ weight: classWeight() }), 'index', () => new nn.LogSoftmax(1)],
  [
    'CrossEntropyLoss with weights and smooth labels',
    () => new nn.CrossEntropyLoss({ weight: classWeight(), labelSmoothing: 0.1, ignoreIndex: 1 }),
    'index',
  ],
  ['MSELoss', () => new nn.MSELoss({ reduction: 'sum' }), 'numbers'],
  ['L1Loss', () => new nn.L1Loss(), 'numbers'],
  ['HuberLoss', () => new nn.HuberLoss({ delta: 0.4 }), 'numbers'],
  ['SmoothL1Loss', () => new nn.SmoothL1Loss({ beta: 0.3 }), 'numbers'],
  ['BCEWithLogitsLoss', () => new nn.BCEWithLogitsLoss(), 'binary'],
  ['CrossEntropyLoss of probabilities', () => new nn.CrossEntropyLoss(), 'oneHot'],
  ['CrossEntropyLoss of class numbers', () => new nn.CrossEntropyLoss(), 'index'],
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

type TorchOptimizer = (list: torch.nn.Parameter[], formulation: Formulation) => torch.optim.Optimizer

const torchOptimizers: Record<string, TorchOptimizer> = {
  SGD: (list, formulation) => new optim.SGD(list, { lr: 0.05, formulation }),
  'SGD, momentum': (list, formulation) => new optim.SGD(list, { lr: 0.05, momentum: 0.9, formulation }),
  'SGD, Nesterov, weight decay': (list, formulation) =>
    new optim.SGD(list, { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.1, formulation }),
  Adam: (list, formulation) => new optim.Adam(list, { lr: 0.02, formulation }),
  'Adam, weight decay': (list, formulation) =>
    new optim.Adam(list, { lr: 0.02, weightDecay: 0.1, formulation }),
  AdamW: (list, formulation) => new optim.AdamW(list, { lr: 0.02, formulation }),
  RMSprop: (list, formulation) => new optim.RMSprop(list, { lr: 0.01, formulation }),
  'RMSprop, momentum': (list, formulation) =>
    new optim.RMSprop(list, { lr: 0.01, momentum: 0.5, formulation }),
  Adagrad: (list, formulation) => new optim.Adagrad(list, { lr: 0.05, weightDecay: 0.1, formulation }),
}

/** What PyTorch's optimizers have and Keras' do not, and what goes with them. */
const torchTraining: Record<string, Pick<TorchModel, 'optimizer' | 'scheduler' | 'clip'>> = {
  'SGD, dampening': {
    optimizer: (list) => new optim.SGD(list, { lr: 0.05, momentum: 0.9, dampening: 0.5 }),
  },
  'Adam, amsgrad': {
    optimizer: (list) => new optim.Adam(list, { lr: 0.02, betas: [0.5, 0.6], amsgrad: true }),
  },
  'RMSprop, centered': { optimizer: (list) => new optim.RMSprop(list, { centered: true, momentum: 0.5 }) },
  'Adagrad, lrDecay': { optimizer: (list) => new optim.Adagrad(list, { lr: 0.05, lrDecay: 0.2 }) },
  maximize: { optimizer: (list) => new optim.SGD(list, { lr: 0.01, maximize: true }) },
  'Adam, groups': {
    optimizer: (list) =>
      new optim.Adam([
        { params: list.slice(0, 2), lr: 0.02 },
        { params: list.slice(2), lr: 0.005, betas: [0.8, 0.9] },
      ]),
    scheduler: (optimizer) => new torch.lrScheduler.ExponentialLR(optimizer, 0.7),
  },
  StepLR: sgdWith((optimizer) => new torch.lrScheduler.StepLR(optimizer, 3)),
  CosineAnnealingLR: sgdWith((optimizer) => new torch.lrScheduler.CosineAnnealingLR(optimizer, 5)),
  clipGradNorm: {
    optimizer: (list) => new optim.SGD(list, { lr: 0.2 }),
    clip: (list) => void nn.utils.clipGradNorm(list, 0.3),
  },
  clipGradValue: {
    optimizer: (list) => new optim.SGD(list, { lr: 0.2 }),
    clip: (list) => nn.utils.clipGradValue(list, 0.05),
  },
}

function sgdWith(scheduler: TorchModel['scheduler']): Pick<TorchModel, 'optimizer' | 'scheduler'> {
  return {
    optimizer: (list) => new optim.SGD(list, { lr: 0.2, momentum: 0.9 }),
    ...(scheduler && { scheduler }),
  }
}

const formulations: readonly Formulation[] = ['keras', 'torch']

const rightOnes: TorchModel['figures'] = (of, y) => ({ correct: of.argmax(1).eq(y).sum() })
const absoluteError: TorchModel['figures'] = (of, y) => ({ mae: of.sub(y).abs().mean() })

export const trainingCases: readonly TrainingCase[] = [
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
  ...Object.entries(torchLayers).map(([name, { features, modules, ...shapes }]) =>
    torchCase(name, { ...shapes, modules: () => [...modules(), new nn.Linear(features, outputs)] }),
  ),
  ...kerasLosses.map(([name, loss, labels, activation]) =>
    kerasCase(name, {
      loss,
      labels,
      layers: () => [new layers.Dense(6, { activation: 'tanh' }), new layers.Dense(outputs, { activation })],
      metrics: labels === 'numbers' ? ['mae', 'mse'] : ['accuracy'],
    }),
  ),
  ...torchLosses.map(([name, criterion, labels, activation]) =>
    torchCase(name, {
      criterion,
      modules: () => [
        new nn.Linear(4, 6),
        new nn.Tanh(),
        new nn.Linear(6, outputs),
        ...(activation ? [activation()] : []),
      ],
      labels,
      figures: labels === 'index' ? rightOnes : absoluteError,
    }),
  ),
  ...Object.entries(torchTraining).map(([name, training]) => torchCase(name, training)),
  ...formulations.flatMap((formulation) => [
    ...Object.entries(kerasOptimizers).map(([name, make]) =>
      kerasCase(`${name}, formulation of ${formulation}`, { optimizer: () => make(formulation) }),
    ),
    ...Object.entries(torchOptimizers).map(([name, make]) =>
      torchCase(`${name}, formulation of ${formulation}`, { optimizer: (list) => make(list, formulation) }),
    ),
  ]),
]
