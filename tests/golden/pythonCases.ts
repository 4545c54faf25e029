/** Specs that together have every layer, activation, loss, optimizer and kind of data, small enough to run in seconds. */
import { setCsvSource } from '../../src/lib/core/data/csv'
import { setDigitsSource } from '../../src/lib/core/data/digits'
import { parseSpec } from '../../src/lib/core/spec/parse'
import type { Spec } from '../../src/lib/core/spec/schema'
import { randomStream } from '../../src/lib/core/util/random'

const circle = { kind: 'circle', samples: 100, trainFraction: 0.5 }
const digits = { kind: 'digits', samples: 40, trainFraction: 0.8 }
const csv = { kind: 'csv', features: ['width', 'length'], label: 'kind', task: 'classification' }
const waves = { kind: 'waves', samples: 100, trainFraction: 0.5 }

const dense = (units: number, activation = 'linear', rest = {}) => ({
  type: 'dense',
  units,
  activation,
  ...rest,
})
const sgd = (rest = {}) => ({ type: 'sgd', learningRate: 0.05, ...rest })
const adam = (rest = {}) => ({ type: 'adam', learningRate: 0.03, ...rest })
const scheduled = (optimizer: object, schedule: object) => ({
  optimizer: { ...optimizer, schedule },
  training: { batchSize: 16, epochs: 30 },
})
const net = [dense(8, 'tanh'), dense(8, 'tanh'), dense(1, 'sigmoid')]

const regression = (loss: string, kind = 'waves') => ({
  data: { ...waves, kind },
  model: { layers: [dense(8, 'tanh'), dense(1)] },
  loss,
})

const tokens = ['t0', 't1', 't2', 't3', 't4']
const embedding = { type: 'embedding', inputDim: 6, outputDim: 3 }
/** On sequences of tokens in a CSV file, whose class is a name. */
const tokenNet = (layers: readonly object[]) => ({
  data: { ...csv, features: tokens },
  model: { layers: [...layers, dense(1, 'sigmoid')] },
  training: { batchSize: 7, epochs: 4 },
})

/** Parts of specs; partial last batches in nearly all: 50 = 3·16 + 2 points, 32 = 3·10 + 2 digits. */
const cases: Readonly<Record<string, { readonly alignment?: string; readonly [entry: string]: unknown }>> = {
  'SGD, given order': { training: { batchSize: 16, epochs: 4, shuffle: false } },
  'SGD with momentum': { optimizer: sgd({ momentum: 0.9 }) },
  'SGD with Nesterov momentum': { optimizer: sgd({ momentum: 0.9, nesterov: true }) },
  'SGD with weight decay': { optimizer: sgd({ weightDecay: 0.1 }) },
  'SGD with momentum and weight decay': { optimizer: sgd({ momentum: 0.5, weightDecay: 0.1 }) },
  'SGD with Nesterov momentum and weight decay': {
    optimizer: sgd({ learningRate: 1, momentum: 0.5, nesterov: true, weightDecay: 0.01 }),
  },
  Adam: { optimizer: adam() },
  'Adam with weight decay': { optimizer: adam({ weightDecay: 0.1, beta1: 0.8, epsilon: 1e-3 }) },
  AdamW: { optimizer: adam({ type: 'adamw', weightDecay: 0.1 }) },
  RMSprop: { optimizer: { type: 'rmsprop', learningRate: 0.01 } },
  'RMSprop with momentum and weight decay': {
    optimizer: { type: 'rmsprop', learningRate: 0.003, rho: 0.99, momentum: 0.9, weightDecay: 0.1 },
  },
  Adagrad: { optimizer: { type: 'adagrad', learningRate: 0.05 } },
  'Adagrad with weight decay': {
    optimizer: { type: 'adagrad', learningRate: 0.05, weightDecay: 0.1, initialAccumulator: 0.2 },
  },
  'exponential decay': scheduled(sgd({ learningRate: 0.5 }), {
    type: 'exponentialDecay',
    decaySteps: 30,
    decayRate: 0.5,
  }),
  'staircase with momentum': scheduled(sgd({ momentum: 0.9 }), {
    type: 'exponentialDecay',
    decaySteps: 30,
    decayRate: 0.1,
    staircase: true,
  }),
  'cosine decay with weight decay': scheduled(adam({ weightDecay: 0.01 }), {
    type: 'cosineDecay',
    decaySteps: 100,
  }),
  'cosine decay to a rest': scheduled(sgd({ momentum: 0.8, nesterov: true, weightDecay: 0.01 }), {
    type: 'cosineDecay',
    decaySteps: 50,
    alpha: 0.2,
  }),
  'constant in pieces': scheduled(
    { type: 'rmsprop', learningRate: 0.01, momentum: 0.5 },
    { type: 'piecewiseConstantDecay', boundaries: [40, 80], factor: 0.3 },
  ),
  'a step down': scheduled(
    { type: 'adagrad', learningRate: 0.2 },
    { type: 'piecewiseConstantDecay', boundaries: [60] },
  ),
  'batch and layer normalisation': {
    model: {
      layers: [
        dense(8, 'tanh'),
        { type: 'batchNormalization' },
        dense(8, 'tanh'),
        { type: 'layerNormalization' },
        dense(1, 'sigmoid'),
      ],
    },
  },
  'normalisation with constants of its own': {
    model: {
      layers: [
        { type: 'batchNormalization', momentum: 0.7, epsilon: 0.01 },
        dense(8, 'tanh'),
        { type: 'layerNormalization', epsilon: 0.01 },
        dense(1, 'sigmoid'),
      ],
    },
  },
  'normalisation of a last batch of one': {
    model: { layers: [dense(8, 'tanh'), { type: 'batchNormalization' }, dense(1, 'sigmoid')] },
    training: { batchSize: 7, epochs: 2 },
    // PyTorch's own refuses to.
    alignment: 'aligned',
  },
  'every activation': {
    model: {
      layers: [
        dense(6, 'relu'),
        dense(6, 'leakyRelu'),
        dense(6, 'gelu', { useBias: false }),
        dense(6, 'sigmoid'),
        dense(6, 'softmax'),
        { type: 'activation', activation: 'leakyRelu' },
        { type: 'dropout', rate: 0 },
        dense(1),
      ],
    },
  },
  'separate activation at the end': {
    model: { layers: [dense(8, 'tanh'), dense(1), { type: 'activation', activation: 'sigmoid' }] },
  },
  'squared error': regression('meanSquaredError'),
  'absolute error': regression('meanAbsoluteError'),
  'Huber loss': regression('huber', 'plane'),
  'squared error of a class': { data: { ...circle, kind: 'xor' }, loss: 'meanSquaredError' },
  'squared error of classes': {
    data: { kind: 'spiral', classes: 3, samples: 100, trainFraction: 0.5 },
    model: { layers: [dense(8, 'relu'), dense(3, 'softmax')] },
    loss: 'meanSquaredError',
  },
  'three classes, one-hot': {
    data: { kind: 'spiral', classes: 3, samples: 100, trainFraction: 0.5 },
    model: { layers: [dense(8, 'relu'), dense(3, 'softmax')] },
    loss: 'categoricalCrossentropy',
  },
  'two classes, one-hot logits': {
    data: { ...circle, kind: 'moons' },
    model: { layers: [dense(8, 'relu'), dense(2)] },
    loss: 'categoricalCrossentropy',
  },
  'class numbers, logits': {
    data: { ...circle, kind: 'gaussians' },
    model: { layers: [dense(8, 'relu'), dense(2)] },
    loss: 'sparseCategoricalCrossentropy',
  },
  'convolutions and pooling': {
    data: digits,
    model: {
      layers: [
        { type: 'conv2d', filters: 3, kernelSize: 5, strides: 2, activation: 'relu' },
        { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'leakyRelu' },
        { type: 'maxPooling2d', poolSize: 3, strides: 2 },
        { type: 'flatten' },
        dense(12, 'relu'),
        dense(10, 'softmax'),
      ],
    },
    loss: 'sparseCategoricalCrossentropy',
    training: { batchSize: 10, epochs: 4 },
  },
  'normalised convolutions and average pooling': {
    data: digits,
    model: {
      layers: [
        { type: 'averagePooling2d', poolSize: 4 },
        { type: 'conv2d', filters: 3, kernelSize: 3, activation: 'tanh' },
        { type: 'batchNormalization', momentum: 0.9 },
        { type: 'averagePooling2d', poolSize: 3, strides: 2 },
        { type: 'flatten' },
        { type: 'batchNormalization' },
        { type: 'layerNormalization' },
        dense(10, 'softmax'),
      ],
    },
    loss: 'sparseCategoricalCrossentropy',
    training: { batchSize: 8, epochs: 4 },
  },
  'embedding and simple RNN': tokenNet([embedding, { type: 'simpleRnn', units: 5 }]),
  'embedding and LSTM, Adam': {
    ...tokenNet([embedding, { type: 'lstm', units: 5 }]),
    optimizer: adam({ learningRate: 0.01 }),
  },
  'embedding, GRU of all steps and flatten': tokenNet([
    embedding,
    { type: 'gru', units: 4, returnSequences: true },
    { type: 'flatten' },
    dense(5, 'tanh'),
  ]),
  'LSTM and GRU of all steps, momentum': {
    ...tokenNet([
      embedding,
      { type: 'lstm', units: 5, returnSequences: true },
      dense(4, 'softmax'),
      { type: 'layerNormalization' },
      { type: 'gru', units: 4, returnSequences: true },
      { type: 'flatten' },
    ]),
    optimizer: sgd({ momentum: 0.9, weightDecay: 0.01 }),
  },
  'recurrent layers above one another': {
    ...tokenNet([
      embedding,
      { type: 'lstm', units: 5, returnSequences: true },
      { type: 'activation', activation: 'leakyRelu' },
      { type: 'simpleRnn', units: 5, returnSequences: true },
      { type: 'gru', units: 4 },
    ]),
    optimizer: { type: 'rmsprop', learningRate: 0.003 },
  },
  'sequences of different length': {
    data: { kind: 'recall', samples: 100, classes: 3, minLength: 2, maxLength: 5 },
    model: {
      layers: [
        { type: 'embedding', inputDim: 4, outputDim: 3 },
        { type: 'gru', units: 4 },
        dense(3, 'softmax'),
      ],
    },
    loss: 'sparseCategoricalCrossentropy',
    training: { batchSize: 8, epochs: 3 },
  },
  'sequences of different length, given order': {
    data: { kind: 'parity', samples: 100, minLength: 1, maxLength: 4 },
    model: {
      layers: [
        { type: 'embedding', inputDim: 3, outputDim: 3 },
        { type: 'lstm', units: 4 },
        dense(1, 'sigmoid'),
      ],
    },
    training: { batchSize: 8, epochs: 3, shuffle: false },
  },
  'padded sequences': {
    data: { kind: 'recall', samples: 60, classes: 2, minLength: 2, maxLength: 4, padded: true },
    model: {
      layers: [
        { type: 'embedding', inputDim: 3, outputDim: 3 },
        { type: 'simpleRnn', units: 4 },
        dense(1, 'sigmoid'),
      ],
    },
    training: { batchSize: 8, epochs: 3 },
  },
  'a CSV file': { data: { ...csv, standardise: true }, training: { batchSize: 8, epochs: 4 } },
  'a CSV file without a test split': {
    data: { ...csv, trainFraction: 1 },
    training: { batchSize: 8, epochs: 4, shuffle: false },
  },
}

export interface PythonCase {
  readonly name: string
  readonly spec: Spec
}

/** Each case in both alignments: PyTorch's own constants and rules, and those of Keras. */
export const pythonCases: readonly PythonCase[] = Object.entries(cases).flatMap(([name, part]) =>
  (part.alignment === undefined ? ['native', 'aligned'] : [part.alignment]).map((alignment) => ({
    name: `${name}, ${alignment}`,
    spec: parseSpec({
      version: 1,
      data: circle,
      model: { layers: net },
      loss: 'binaryCrossentropy',
      optimizer: sgd(),
      training: { batchSize: 16, epochs: 4 },
      alignment,
      ...part,
    }),
  })),
)

/** 40 digits of random pixels in the packed file's format: quick to make, and no layout error hides in blank areas. */
function packedNoise(): Uint8Array {
  const count = 40
  const random = randomStream(1, 'noise')
  const bytes = Uint8Array.from({ length: 8 + count * 785 }, () => Math.floor(random() * 256))
  bytes.set([0x54, 0x44, 0x49, 0x47, count, 0, 0, 0])
  for (let digit = 0; digit < count; digit++) bytes[8 + digit] = digit % 10
  return bytes
}

/** 40 rows; the sum of the two features tells the kind, and so does the first token where it is the largest. */
function csvText(): string {
  const random = randomStream(1, 'rows')
  const randomToken = randomStream(1, 'tokens')
  const rows = Array.from({ length: 40 }, () => {
    const [width, length] = [10 + 4 * random(), 20 * random()]
    const isLarge = width + length > 22
    const sequence = tokens.map(() => Math.floor(randomToken() * 5))
    return [
      width.toFixed(3),
      length.toFixed(3),
      ...sequence.with(0, isLarge ? 5 : 0),
      isLarge ? 'large' : 'small',
    ]
  })
  return [['width', 'length', ...tokens, 'kind'], ...rows].map((row) => row.join(',')).join('\n')
}

/** Says where the digits and the rows of the cases come from. */
export function useCaseData(): void {
  setDigitsSource(() => Promise.resolve(packedNoise()))
  setCsvSource(() => Promise.resolve(new TextEncoder().encode(csvText())))
}
