/** Rows of a CSV file as a dataset. The file comes from whoever runs the program. */
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import { takeRows } from './batches'
import { featuresOf, type Feature, type OneHot, type Scale } from './csvFeatures'
import { withoutGaps } from './csvGaps'
import { labelsOf, type CsvLabels } from './csvLabels'
import { readTable, type Table } from './csvTable'
import { encodeLabels, splitRows } from './split'
import type { Dataset, LabelEncoding, NdArray } from './types'

/** What to take from the file, and how. */
export interface CsvOptions {
  /** Columns by the names in the header; x is [n, numbers] in this order, one number for each column that is not in `oneHot`. */
  readonly features: readonly string[]
  /** Features that are texts, with the values that each may have: x has a 1 for the value of the row, and 0 for the others. */
  readonly oneHot?: readonly OneHot[]
  /** Leaves out rows in which a feature or the label is empty, or `NA`, `N/A`, `NaN`, `null` or `?`. */
  readonly skipGaps?: boolean
  readonly label: string
  readonly task: 'classification' | 'regression'
  /** Number of classes of a classification; as many as the file has where not given. */
  readonly classes?: number
  /**
   * Features minus their mean over their standard deviation (that of a population, 1 for a constant column), of the training
   * rows; those of `oneHot` stay 0 and 1.
   */
  readonly standardise?: boolean
  /** The same for the label of a regression. */
  readonly standardiseLabel?: boolean
  /** The features are integers from 0 to below this, which are looked up: x is then int32. */
  readonly tokens?: number
  /** Share of the rows that train, drawn by the seed; 1 for all, in the order of the file; 0.8 where not given. */
  readonly trainFraction?: number
  readonly seed?: number
  /** Layout of class labels; `binary` for two classes and `index` for more where not given. */
  readonly labels?: LabelEncoding
}

/** Layout of class labels aside, which the loss decides. */
export type CsvSelection = Omit<CsvOptions, 'labels'>

/** A feature with what its numbers are standardised with. */
export interface ScaledFeature extends Feature {
  readonly scale: Scale
}

/** What a selection takes from the file, before it becomes a dataset. */
export interface CsvRows extends CsvLabels {
  readonly features: readonly ScaledFeature[]
  /** What the targets of a regression are standardised with. */
  readonly targetScale: Scale
  /** Rows (0 is the first that is taken) that train and that test. */
  readonly order: { readonly train: Uint32Array; readonly test: Uint32Array }
  /** Number of each row in the file. */
  readonly rowNumbers: readonly number[]
}

let load: (() => Promise<Uint8Array>) | null = null
let loaded: Promise<Table> | null = null

/**
 * What was selected last, with its datasets by their labels. A browser never lets go of an evaluated program and what it
 * holds, so programs that ask for the same rows have to share them.
 */
let latest: { readonly key: string; readonly rows: CsvRows; readonly datasets: Map<string, Dataset> } | null =
  null

/** Says where the file's bytes come from; they are read once, when first asked for. */
export function setCsvSource(source: () => Promise<Uint8Array>): void {
  load = source
  loaded = null
  latest = null
}

async function loadTable(): Promise<Table> {
  if (load === null) {
    throw new ArgumentError(
      'csv: expected a file, got none. Choose one as dataset; in the lab, name it with --data FILE.csv.',
    )
  }
  loaded ??= load().then(readTable)
  try {
    return await loaded
  } catch (error) {
    loaded = null
    throw error
  }
}

/**
 * Labels of a regression are numbers, y float32 [n, 1]. Those of a classification may be numbers or text: whole numbers
 * below `classes` are class numbers, others are numbered in their order, numbers by size and text by code point.
 * Throws ArgumentError naming the row (the header is row 1) and the column of what is wrong.
 */
export async function csv({ labels, ...selection }: CsvOptions): Promise<Dataset> {
  const { rows, datasets } = await select(selection)
  const key = labels ?? ''
  const dataset = datasets.get(key) ?? datasetOf(rows, selection, labels)
  datasets.set(key, dataset)
  return dataset
}

/** What a selection takes from the file. Throws ArgumentError as `csv` does. */
export async function csvRows(selection: CsvSelection): Promise<CsvRows> {
  return (await select(selection)).rows
}

async function select(selection: CsvSelection): Promise<NonNullable<typeof latest>> {
  const whole = await loadTable()
  const key = keyOf(selection)
  if (latest?.key !== key) latest = { key, rows: rowsOf(whole, selection), datasets: new Map() }
  return latest
}

function rowsOf(whole: Table, selection: CsvSelection): CsvRows {
  const { seed = 0, trainFraction = 0.8, ...columns } = selection
  const table = columns.skipGaps ? withoutGaps(whole, [...columns.features, columns.label]) : whole
  const features = featuresOf(table, columns)
  const labels = labelsOf(table, columns)
  const count = table.rows.length
  const order = splitRows(count, checkedFraction(trainFraction, count), seed)
  const scaled = features.map((feature) => {
    const isScaled = columns.standardise === true && !feature.isOneHot
    return { ...feature, scale: isScaled ? scaleOf(feature.values, order.train) : unscaled }
  })
  const isScaled = columns.task === 'regression' && columns.standardiseLabel
  const targetScale = isScaled ? scaleOf(labels.targets, order.train) : unscaled
  return { features: scaled, ...labels, targetScale, order, rowNumbers: table.rowNumbers }
}

/** Equal for selections of the same rows and columns, however they are written. */
function keyOf(selection: CsvSelection): string {
  const { features, label, task, classes, tokens, seed = 0, trainFraction = 0.8 } = selection
  const { standardise = false, standardiseLabel = false, skipGaps = false, oneHot = [] } = selection
  const flags = [standardise, standardiseLabel, skipGaps]
  return JSON.stringify([features, label, task, classes, flags, tokens, trainFraction, seed, oneHot])
}

function datasetOf(
  { features, targets, targetScale, classNames, order }: CsvRows,
  { task, tokens }: CsvSelection,
  labels: LabelEncoding | undefined,
): Dataset {
  const count = targets.length
  const shape = [count, features.length]
  const numbers = interleaved(features)
  const x: NdArray =
    tokens === undefined
      ? { values: numbers, shape, dtype: 'float32' }
      : { values: Int32Array.from(numbers), shape, dtype: 'int32' }
  const y: NdArray =
    task === 'regression'
      ? {
          values: interleaved([{ values: targets, scale: targetScale }]),
          shape: [count, 1],
          dtype: 'float32',
        }
      : encodeLabels(
          targets,
          classNames.length,
          labels ?? (classNames.length === 2 ? 'binary' : 'index'),
          'csv',
        )
  const part = (rows: Uint32Array) => ({ x: takeRows(x, rows), y: takeRows(y, rows) })
  return { train: part(order.train), test: part(order.test) }
}

function checkedFraction(trainFraction: number, rows: number): number {
  if (!(trainFraction > 0 && trainFraction <= 1)) {
    throw new ArgumentError(
      `csv: expected a trainFraction above 0 and at most 1, got ${trainFraction}. Pass trainFraction: 0.8.`,
    )
  }
  const train = Math.round(rows * trainFraction)
  if (train === 0 || (trainFraction < 1 && train === rows)) {
    throw new ArgumentError(
      `csv: expected rows to train and rows to test, got ${train} and ${rows - train} of ${rows}. ` +
        'Change trainFraction, or set it to 1 to test none.',
    )
  }
  return trainFraction
}

const unscaled: Scale = { mean: 0, deviation: 1 }

function scaleOf(values: Float64Array, rows: Uint32Array): Scale {
  const mean = average(rows, (row) => at(values, row))
  const deviation = Math.sqrt(average(rows, (row) => (at(values, row) - mean) ** 2))
  return { mean, deviation: deviation === 0 ? 1 : deviation }
}

function average(rows: Uint32Array, valueOf: (row: number) => number): number {
  let sum = 0
  for (const row of rows) sum += valueOf(row)
  return sum / rows.length
}

/** [n, columns] */
function interleaved(columns: readonly Pick<ScaledFeature, 'values' | 'scale'>[]): Float32Array {
  const width = columns.length
  const values = new Float32Array((columns[0]?.values.length ?? 0) * width)
  for (const [index, { values: column, scale }] of columns.entries()) {
    for (let row = 0; row < column.length; row++) {
      values[row * width + index] = (at(column, row) - scale.mean) / scale.deviation
    }
  }
  return values
}
