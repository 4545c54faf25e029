/** Rows of a CSV file as a dataset. The file comes from whoever runs the program. */
import { ArgumentError } from '../util/errors'
import { quoteText } from '../util/quoteText'
import { takeRows } from './batches'
import { labelProblem } from './csvColumns'
import { column, numberAt, readTable, type Table } from './csvTable'
import { encodeLabels, splitRows } from './split'
import type { Dataset, LabelEncoding, NdArray } from './types'

export interface CsvOptions {
  /** Columns of numbers, by the names in the header; x is [n, features.length] in this order. */
  readonly features: readonly string[]
  readonly label: string
  readonly task: 'classification' | 'regression'
  /** Number of classes of a classification; as many as the file has where not given. */
  readonly classes?: number
  /** Features minus their mean over their standard deviation (that of a population, 1 for a constant column), of the training rows. */
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

/** Mean and deviation that a column's numbers are standardised with; 0 and 1 where they stay as they are. */
export interface Scale {
  readonly mean: number
  readonly deviation: number
}

/** What a selection takes from the file, before it becomes a dataset. */
export interface CsvRows {
  /** Numbers as in the file, one array per feature. */
  readonly features: readonly Float64Array[]
  readonly scales: readonly Scale[]
  /** Targets of a regression, or class numbers. */
  readonly targets: Float64Array
  /** What the targets of a regression are standardised with. */
  readonly targetScale: Scale
  /** Names of the classes by their number; none for a regression. */
  readonly classNames: readonly string[]
  /** Rows (0 is the first below the header) that train and that test. */
  readonly order: { readonly train: Uint32Array; readonly test: Uint32Array }
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
  const table = await loadTable()
  const { seed = 0, trainFraction = 0.8, ...columns } = selection
  const key = keyOf(selection)
  if (latest?.key !== key) {
    const features = featureColumns(table, columns.features)
    checkTokens(features, columns)
    const labels = labelColumn(table, columns)
    const count = table.rows.length
    const order = splitRows(count, checkedFraction(trainFraction, count), seed)
    const scales = features.map((values) => (columns.standardise ? scaleOf(values, order.train) : unscaled))
    const isScaled = columns.task === 'regression' && columns.standardiseLabel
    const targetScale = isScaled ? scaleOf(labels.targets, order.train) : unscaled
    latest = { key, rows: { features, scales, ...labels, targetScale, order }, datasets: new Map() }
  }
  return latest
}

/** Equal for selections of the same rows and columns, however they are written. */
function keyOf(selection: CsvSelection): string {
  const { features, label, task, classes, standardise, standardiseLabel, tokens, trainFraction, seed } =
    selection
  return JSON.stringify([
    features,
    label,
    task,
    classes,
    standardise ?? false,
    standardiseLabel ?? false,
    tokens,
    trainFraction ?? 0.8,
    seed ?? 0,
  ])
}

function datasetOf(
  { features, scales, targets, targetScale, classNames, order }: CsvRows,
  { task, tokens }: CsvSelection,
  labels: LabelEncoding | undefined,
): Dataset {
  const count = targets.length
  const shape = [count, features.length]
  const numbers = interleaved(features, scales)
  const x: NdArray =
    tokens === undefined
      ? { values: numbers, shape, dtype: 'float32' }
      : { values: Int32Array.from(numbers), shape, dtype: 'int32' }
  const y: NdArray =
    task === 'regression'
      ? { values: interleaved([targets], [targetScale]), shape: [count, 1], dtype: 'float32' }
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

function featureColumns(table: Table, names: readonly string[]): Float64Array[] {
  if (names.length === 0)
    throw new ArgumentError('csv: expected features, got none. Name one column or more.')
  return names.map((name) => numbers(table, name))
}

function numbers(table: Table, name: string): Float64Array {
  const index = column(table, name)
  return Float64Array.from(table.rows, (_, row) => numberAt(table, row, index))
}

function checkTokens(
  columns: readonly Float64Array[],
  { features, tokens, standardise }: Pick<CsvOptions, 'features' | 'tokens' | 'standardise'>,
): void {
  if (tokens === undefined) return
  if (standardise) {
    throw new ArgumentError(
      'csv: expected tokens as they are, got standardise: true. Leave out one of the two options.',
    )
  }
  for (const [index, values] of columns.entries()) {
    const row = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= tokens)
    if (row < 0) continue
    throw new ArgumentError(
      `csv: row ${row + 2}, column ${quoteText(features[index] ?? '')}: expected an integer from 0 to ${tokens - 1}, ` +
        `got ${values[row]}. Correct it, or give the embedding more rows.`,
    )
  }
}

const unscaled: Scale = { mean: 0, deviation: 1 }

function scaleOf(values: Float64Array, rows: Uint32Array): Scale {
  const mean = average(rows, (row) => values[row] ?? 0)
  const deviation = Math.sqrt(average(rows, (row) => ((values[row] ?? 0) - mean) ** 2))
  return { mean, deviation: deviation === 0 ? 1 : deviation }
}

function average(rows: Uint32Array, valueOf: (row: number) => number): number {
  let sum = 0
  for (const row of rows) sum += valueOf(row)
  return sum / rows.length
}

/** [n, columns] */
function interleaved(columns: readonly Float64Array[], scales: readonly Scale[]): Float32Array {
  const width = columns.length
  const values = new Float32Array((columns[0]?.length ?? 0) * width)
  for (const [index, column] of columns.entries()) {
    const { mean, deviation } = scales[index] ?? unscaled
    for (let row = 0; row < column.length; row++) {
      values[row * width + index] = ((column[row] ?? 0) - mean) / deviation
    }
  }
  return values
}

function labelColumn(
  table: Table,
  { label, task, classes }: Pick<CsvOptions, 'label' | 'task' | 'classes'>,
): Pick<CsvRows, 'targets' | 'classNames'> {
  if (task === 'regression') return { targets: numbers(table, label), classNames: [] }
  return classNumbers(table, label, classes)
}

function classNumbers(
  table: Table,
  label: string,
  count: number | undefined,
): Pick<CsvRows, 'targets' | 'classNames'> {
  const index = column(table, label)
  const texts = table.rows.map((row) => row[index]?.trim() ?? '')
  assertLabels(texts, label)
  const values = texts.map(Number)
  const areNumbers = values.every(Number.isFinite)
  if (
    count !== undefined &&
    values.every((value) => Number.isInteger(value) && value >= 0 && value < count)
  ) {
    return {
      targets: Float64Array.from(values),
      classNames: Array.from({ length: count }, (_, index) => String(index)),
    }
  }
  const keys: readonly (string | number)[] = areNumbers ? values : texts
  const distinct = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1))
  if (distinct.length < 2 || (count !== undefined && distinct.length !== count)) {
    throw classError(label, distinct, count)
  }
  const numbers = new Map(distinct.map((key, number) => [key, number]))
  return {
    targets: Float64Array.from(keys, (key) => numbers.get(key) ?? 0),
    classNames: distinct.map(String),
  }
}

function assertLabels(texts: readonly string[], label: string): void {
  const problem = labelProblem(texts, label)
  if (problem !== null) throw new ArgumentError(problem)
}

function classError(
  label: string,
  found: readonly (string | number)[],
  count: number | undefined,
): ArgumentError {
  const most = 5
  const names = found
    .slice(0, most)
    .map((name) => (typeof name === 'number' ? String(name) : quoteText(name)))
  const list = [...names, ...(found.length > most ? ['…'] : [])].join(', ')
  const fix =
    found.length < 2
      ? 'Choose another label.'
      : `Set classes, and the units of the last layer, to ${found.length}; or make it a regression.`
  return new ArgumentError(
    `csv: column ${quoteText(label)}: expected ${count ?? '2 or more'} classes, got ${found.length} (${list}). ${fix}`,
  )
}
