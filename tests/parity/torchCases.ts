/** Cases of training in PyTorch style. */
import type { Formulation } from '../../src/lib/core/optim/optimizer'
import * as torch from '../../src/lib/core/torch'
import type { Shape } from '../../src/lib/core/util/shapes'
import { dataOf, formulations, outputs, type Labels, type TrainingCase, type Variation } from './trainingCase'
import { torchTrainee, type TorchModel } from './trainees'

const { nn, optim } = torch

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

const imageFirst: Shape = [2, 6, 6]

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

const rightOnes: TorchModel['figures'] = (of, y) => ({ correct: of.argmax(1).eq(y).sum() })
const absoluteError: TorchModel['figures'] = (of, y) => ({ mae: of.sub(y).abs().mean() })

/** Every module, loss and optimizer of PyTorch, each in a model that trains. */
export const torchCases: readonly TrainingCase[] = [
  ...Object.entries(torchLayers).map(([name, { features, modules, ...shapes }]) =>
    torchCase(name, { ...shapes, modules: () => [...modules(), new nn.Linear(features, outputs)] }),
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
  ...formulations.flatMap((formulation) =>
    Object.entries(torchOptimizers).map(([name, make]) =>
      torchCase(`${name}, formulation of ${formulation}`, { optimizer: (list) => make(list, formulation) }),
    ),
  ),
]
