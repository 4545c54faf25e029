/** Nets that nobody chose: a spec and a CSV file, drawn from a seed. What trains them in PyTorch and Keras is trainRandomNets.py. */
import { randomStream, type RandomSource } from '../../src/lib/core/util/random'

/** Whose formulas, names and constants a net follows. */
export type Reference = 'torch' | 'keras'

export interface RandomNet {
  readonly spec: RandomSpec
  readonly csv: string
}

/** A spec as a person writes it: what has a default may be left out. */
export interface RandomSpec {
  readonly alignment: 'aligned' | 'native'
  readonly model: { readonly layers: readonly Readonly<Record<string, unknown>>[] }
  readonly optimizer: Readonly<Record<string, unknown>>
  readonly [entry: string]: unknown
}

type Draw = ReturnType<typeof drawFrom>

function drawFrom(random: RandomSource) {
  const integer = (min: number, max: number) => min + Math.floor(random() * (max - min + 1))
  const chance = (share: number) => random() < share
  return {
    integer,
    chance,
    real: (min: number, max: number) => Number((min + random() * (max - min)).toPrecision(3)),
    one: <T>(choices: readonly T[]): T => choices[integer(0, choices.length - 1)] as T,
    /** The entries, now and then. */
    maybe: <T extends object>(share: number, entries: () => T): T | object =>
      chance(share) ? entries() : {},
  }
}

const names = [
  'plain',
  'two words',
  'naïve 长度',
  'a "quoted" one',
  "it's",
  'x, y',
  'back\\slash',
  '$cost {eur}',
  '1e3',
  'é',
]
const activations = ['linear', 'relu', 'leakyRelu', 'tanh', 'sigmoid', 'gelu', 'softmax'] as const
const labelTexts = ['b', 'A', 'ä', 'two words', 'with "quotes"', 'x, y', '10']

interface Target {
  readonly task: 'classification' | 'regression'
  readonly loss: string
  readonly units: number
  readonly classes: number
  readonly last: string
}

function target(draw: Draw): Target {
  const of = (task: Target['task'], loss: string, units: number, classes: number, last: string) => {
    return { task, loss, units, classes, last }
  }
  const classes = draw.integer(2, 4)
  return draw.one([
    of('regression', 'meanSquaredError', 1, 0, draw.one(['linear', 'tanh'])),
    of('regression', 'meanAbsoluteError', 1, 0, 'linear'),
    of('regression', 'huber', 1, 0, 'linear'),
    of('classification', 'binaryCrossentropy', 1, 2, draw.one(['sigmoid', 'linear'])),
    of('classification', 'sparseCategoricalCrossentropy', classes, classes, draw.one(['softmax', 'linear'])),
    of('classification', 'categoricalCrossentropy', classes, classes, draw.one(['softmax', 'linear'])),
    of(
      'classification',
      'meanSquaredError',
      classes === 2 ? 1 : classes,
      classes,
      draw.one(['sigmoid', 'tanh']),
    ),
  ])
}

function hiddenLayers(draw: Draw, isSequence: boolean): object[] {
  const dense = () => ({
    type: 'dense',
    units: draw.integer(1, 9),
    ...draw.maybe(0.85, () => ({ activation: draw.one(activations.slice(1)) })),
    ...draw.maybe(0.15, () => ({ useBias: false })),
  })
  const others = [
    () => ({ type: 'batchNormalization', ...draw.maybe(0.4, () => ({ epsilon: draw.real(1e-4, 1e-2) })) }),
    () => ({ type: 'layerNormalization', ...draw.maybe(0.4, () => ({ epsilon: draw.real(1e-4, 1e-2) })) }),
    () => ({ type: 'dropout', rate: 0 }),
    () => ({ type: 'activation', activation: draw.one(activations) }),
  ]
  const plain = Array.from({ length: draw.integer(0, 3) }, () => [
    dense(),
    ...(draw.chance(0.4) ? [draw.one(others)()] : []),
  ]).flat()
  return isSequence ? [...sequenceLayers(draw), ...plain] : plain
}

function sequenceLayers(draw: Draw): object[] {
  const recurrent = (returnSequences: boolean) => ({
    type: draw.one(['simpleRnn', 'lstm', 'gru']),
    units: draw.integer(1, 4),
    ...(returnSequences ? { returnSequences } : {}),
  })
  const embedding = { type: 'embedding', inputDim: 7, outputDim: draw.integer(1, 4) }
  return draw.one([
    [embedding, recurrent(false)],
    [embedding, recurrent(true), recurrent(false)],
    [embedding, recurrent(true), { type: 'flatten' }],
    [embedding, { type: 'flatten' }],
  ])
}

function optimizer(draw: Draw): RandomSpec['optimizer'] {
  const decay = draw.maybe(0.35, () => ({ weightDecay: draw.real(0.001, 0.1) }))
  const epsilon = draw.maybe(0.25, () => ({ epsilon: draw.real(1e-6, 1e-3) }))
  const betas = draw.maybe(0.3, () => ({ beta1: draw.real(0.5, 0.95), beta2: draw.real(0.9, 0.999) }))
  const momentum = draw.maybe(0.5, () => ({ momentum: draw.real(0.3, 0.9) }))
  const rule = draw.one([
    () => ({
      type: 'sgd',
      learningRate: draw.real(0.01, 0.2),
      ...momentum,
      ...('momentum' in momentum ? draw.maybe(0.4, () => ({ nesterov: true })) : {}),
      ...decay,
    }),
    () => ({ type: 'adam', learningRate: draw.real(0.001, 0.05), ...betas, ...epsilon, ...decay }),
    () => ({ type: 'adamw', learningRate: draw.real(0.001, 0.05), ...betas, ...epsilon, ...decay }),
    () => ({
      type: 'rmsprop',
      learningRate: draw.real(0.001, 0.02),
      ...draw.maybe(0.4, () => ({ rho: draw.real(0.7, 0.99) })),
      ...momentum,
      ...epsilon,
      ...decay,
    }),
    () => ({
      type: 'adagrad',
      learningRate: draw.real(0.01, 0.1),
      ...draw.maybe(0.3, () => ({ initialAccumulator: draw.real(0.01, 0.5) })),
      ...epsilon,
      ...decay,
    }),
  ])()
  return { ...rule, ...draw.maybe(0.3, () => ({ schedule: schedule(draw) })) }
}

function schedule(draw: Draw): object {
  return draw.one([
    {
      type: 'exponentialDecay',
      decaySteps: draw.integer(1, 12),
      decayRate: draw.real(0.5, 0.95),
      ...draw.maybe(0.5, () => ({ staircase: true })),
    },
    {
      type: 'cosineDecay',
      decaySteps: draw.integer(8, 40),
      ...draw.maybe(0.5, () => ({ alpha: draw.real(0, 0.3) })),
    },
    {
      type: 'piecewiseConstantDecay',
      boundaries: [draw.integer(1, 9), draw.integer(10, 25)],
      factor: draw.real(0.2, 0.9),
    },
  ])
}

function quoted(text: string, isAlways: boolean): string {
  return isAlways || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

interface Table {
  readonly features: readonly string[]
  readonly label: string
  readonly rows: number
  readonly isSequence: boolean
}

/** The features in an order that is not the spec's, between columns that nobody asked for. */
function csvText(
  draw: Draw,
  { features, label, rows, isSequence }: Table,
  { task, classes }: Target,
): string {
  const columns = ['unused', ...features.toReversed(), label]
  const areTexts = draw.chance(0.5)
  const classOf = (index: number) => (areTexts ? (labelTexts[index] ?? '') : String(index))
  const number = () =>
    draw.one([
      String(draw.real(-2, 2)),
      draw.real(-2, 2).toExponential(),
      `+${draw.real(0, 3)}`,
      ` ${draw.real(-1, 9)} `,
    ])
  const field = (column: string, row: number) => {
    if (column === 'unused') return draw.one(['', 'text', '7'])
    if (column !== label) return isSequence ? String(draw.integer(0, 6)) : number()
    // Each class comes once at least.
    return task === 'regression' ? number() : classOf(row < classes ? row : draw.integer(0, classes - 1))
  }
  const isQuoted = draw.chance(0.3)
  const lines = [
    columns.map((column) => quoted(column, isQuoted)).join(','),
    ...Array.from({ length: rows }, (_, row) =>
      columns.map((column) => quoted(field(column, row), isQuoted && column !== 'unused')).join(','),
    ),
  ]
  const end = draw.one(['\n', '\r\n'])
  return `${draw.chance(0.3) ? '\ufeff' : ''}${lines.join(end)}${draw.chance(0.7) ? end : ''}`
}

/** The net of a seed: about 30 updates in batches of which the last is a partial one. */
export function randomNet(seed: number): RandomNet {
  const draw = drawFrom(randomStream(seed, 'net'))
  const isSequence = draw.chance(0.25)
  const goal = target(draw)
  const first = draw.integer(0, names.length - 1)
  const width = isSequence ? draw.integer(2, 5) : draw.integer(1, 6)
  const features = Array.from({ length: width }, (_, index) => names[(first + index) % names.length] ?? '')
  const label = draw.one(['label', 'y "true"', 'größe'])
  const batchSize = draw.integer(2, 9)
  const rows = batchSize * draw.integer(2, 5) + draw.integer(2, Math.max(2, batchSize - 1))
  const layers = [
    ...hiddenLayers(draw, isSequence),
    { type: 'dense', units: goal.units, activation: goal.last },
  ]
  const standardise = !isSequence && draw.chance(0.5)
  return {
    spec: {
      version: 1,
      seed,
      data: {
        kind: 'csv',
        features,
        label,
        task: goal.task,
        trainFraction: 1,
        ...(standardise ? { standardise } : {}),
      },
      model: { layers: layers as RandomSpec['model']['layers'] },
      loss: goal.loss,
      optimizer: optimizer(draw),
      training: { batchSize, epochs: Math.ceil(30 / Math.ceil(rows / batchSize)), shuffle: false },
      alignment: draw.one(['aligned', 'native']),
    },
    csv: csvText(draw, { features, label, rows, isSequence }, goal),
  }
}
