/** What is known of each dataset without generating it: task, shapes, classes, defaults. No samples here. */
import { openSize, type Shape } from '../util/shapes'
import type { CsvData } from './csvData'
import type { OwnPoint } from './ownPoints'
import { isSequenceKind, sequenceDefaults, vocabularySize } from './sequences'

export type Task = 'classification' | 'regression'

/** One kind of dataset. `classes` is null for regression. */
export interface DatasetInfo {
  readonly label: string
  readonly description: string
  readonly task: Task
  /** Shape of one example, channels last; a length that differs is open. */
  readonly inputShape: Shape
  readonly classes: readonly number[] | null
  readonly defaults: DatasetDefaults
}

export interface DatasetDefaults {
  readonly samples: number
  readonly trainFraction: number
  readonly noise: number
}

/** Generated points lie in [−extent, extent]², noise beyond that aside; plots show this square. */
export const extent = 1.25

/** The most examples a dataset may have; also how many digits there are. */
export const maxSamples = 10_000

const sequences = { inputShape: [openSize], defaults: { ...sequenceDefaults, noise: 0 } } as const
const plane = { inputShape: [2], defaults: { samples: 500, trainFraction: 0.5, noise: 0.1 } } as const
const twoClasses = { ...plane, task: 'classification', classes: [2] } as const
const regression = { ...plane, task: 'regression', classes: null } as const

/** All datasets by their `kind` in a spec, in the order in which the page offers them. */
export const datasets = {
  circle: { ...twoClasses, label: 'Circle', description: 'A disc inside a ring.' },
  xor: { ...twoClasses, label: 'XOR', description: 'Opposite quadrants share a class.' },
  gaussians: { ...twoClasses, label: 'Gaussians', description: 'Two round clouds.' },
  spiral: {
    ...twoClasses,
    label: 'Spiral',
    description: 'Two or three arms wound around each other.',
    classes: [2, 3],
    defaults: { ...plane.defaults, noise: 0.05 },
  },
  moons: { ...twoClasses, label: 'Moons', description: 'Two half circles that interlock.' },
  plane: { ...regression, label: 'Plane', description: 'A tilted plane: linear in both inputs.' },
  waves: { ...regression, label: 'Waves', description: 'A product of two sine waves.' },
  digits: {
    label: 'Digits',
    description: 'Handwritten digits, 28×28 pixels.',
    task: 'classification',
    inputShape: [28, 28, 1],
    classes: [10],
    defaults: { samples: maxSamples, trainFraction: 0.8, noise: 0 },
  },
  parity: {
    ...sequences,
    label: 'Parity',
    description: 'Bits in sequences of different length: is the number of ones odd?',
    task: 'classification',
    classes: [2],
  },
  recall: {
    ...sequences,
    label: 'First token',
    description: 'Sequences of different length: the class is the first token, the others distract.',
    task: 'classification',
    classes: [2, 3, 4, 5, 6, 7, 8],
  },
  points: {
    ...twoClasses,
    label: 'Own points',
    description: 'Points that you place yourself.',
    classes: [2, 3],
    defaults: { ...plane.defaults, samples: 12, noise: 0 },
  },
} as const satisfies Record<string, DatasetInfo>

export type DataKind = keyof typeof datasets

export const dataKinds = Object.keys(datasets) as readonly DataKind[]

/** The facts of one kind, without its literal types. */
export function datasetInfo(kind: DataKind): DatasetInfo {
  return datasets[kind]
}

/** Data as far as its kind and what the kind leaves open go. */
type Kind =
  | {
      readonly kind: DataKind
      readonly classes?: number | undefined
      readonly padded?: boolean
      readonly maxLength?: number
      readonly points?: readonly OwnPoint[]
    }
  | CsvData

/** What an error calls the data. */
export function labelOf(data: Kind): string {
  return data.kind === 'csv' ? 'CSV' : datasetInfo(data.kind).label
}

/** Shape of one example, channels last; the length of sequences that differ in it is open. */
export function inputShapeOf(data: Kind): Shape {
  if (data.kind === 'csv') return [data.features.length]
  return data.padded === true ? [data.maxLength ?? openSize] : datasetInfo(data.kind).inputShape
}

/** Shape of one example that a file of an unrolled model reads: of sequences of different length, the longest. */
export function longestShapeOf(data: Kind): Shape {
  const longest = data.kind === 'csv' ? 1 : (data.maxLength ?? 1)
  return inputShapeOf(data).map((size) => (size === openSize ? longest : size))
}

/** What the data are, in a sentence. */
export function descriptionOf(data: Kind): string {
  return data.kind === 'csv' ? 'Rows of a CSV file.' : datasetInfo(data.kind).description
}

/** What the data ask for. */
export function taskOf(data: Kind): Task {
  return data.kind === 'csv' ? data.task : datasetInfo(data.kind).task
}

/**
 * How many different integers the examples may be made of: Infinity where only the file knows, null for real numbers,
 * which nothing can be looked up by.
 */
export function tokensOf(data: Kind): number | null {
  if (data.kind === 'csv') return data.standardise ? null : Infinity
  return isSequenceKind(data.kind) ? vocabularySize(data.kind, classCount(data)) : null
}

/** Number of examples, train and test together; 0 for a CSV file of which the spec says nothing. */
export function exampleCount(
  data: { readonly samples: number } | { readonly points: readonly OwnPoint[] } | CsvData,
): number {
  if ('samples' in data) return data.samples
  return 'points' in data ? data.points.length : (data.file?.rows ?? 0)
}

/** Number of classes of a dataset; 0 for regression. `classes` matters where a kind has a choice. */
export function classCount(data: Kind): number {
  if (data.kind === 'csv') return data.task === 'regression' ? 0 : (data.classes ?? 2)
  if (data.points !== undefined) return data.points.some(([, , label]) => label === 2) ? 3 : 2
  const choices = datasetInfo(data.kind).classes
  return choices === null ? 0 : (data.classes ?? choices[0] ?? 0)
}
