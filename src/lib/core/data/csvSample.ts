/** What of a CSV file's rows is shown: points of two columns, and the rows that a model is asked about. */
import { at } from '../util/at'
import { extent } from '../spec/datasets'
import { csvRows, type CsvRows, type CsvSelection, type ScaledFeature } from './csv'
import type { Scale } from './csvFeatures'
import type { NdArray, Split } from './types'

/** A column along one side of a plot, in the file's own numbers; the plotted square is [min, max] wide. */
export interface CsvAxis {
  readonly name: string
  readonly min: number
  readonly max: number
}

/** Rows of one part, at their places in the plotted square [−extent, extent]²: x [n, 2], y class numbers or 0. */
export type CsvPoints = Split

/** The rows that a view shows. */
export interface CsvSample {
  readonly trainCount: number
  readonly testCount: number
  /** By their number; none for a regression. */
  readonly classNames: readonly string[]
  readonly horizontal: CsvAxis
  readonly vertical: CsvAxis
  readonly train: CsvPoints
  readonly test: CsvPoints
  readonly asked: AskedRows
}

/** The rows that a model is asked about. */
export interface AskedRows {
  /** Rows of the test split, or of the training rows where none are kept for testing. */
  readonly areTest: boolean
  /** Row numbers as an editor or a spreadsheet counts them: the first of the file is row 1. */
  readonly rows: Uint32Array
  /** Class numbers, or the targets of a regression in the file's own numbers. */
  readonly targets: Float64Array
  /** What turns a regression's answers into such numbers: times the deviation, plus the mean. */
  readonly scale: Scale
}

/** More points of a part would hide each other. */
const shownPoints = 1000

/** The most rows that a model is asked about. */
export const askedRows = 500

/** Points of the first two features, or of the first feature and the label; and the rows to ask about. */
export async function csvSample(selection: CsvSelection): Promise<CsvSample> {
  const rows = await csvRows(selection)
  const { order, targets, classNames } = rows
  const [horizontal, vertical] = plottedColumns(rows, selection)
  const x = axisOf(horizontal)
  const y = axisOf(vertical)
  const part = (indices: Uint32Array): CsvPoints => {
    const shown = indices.subarray(0, shownPoints)
    const places = Array.from(shown, (row) => [
      place(at(horizontal.values, row), x),
      place(at(vertical.values, row), y),
    ])
    const classes = Int32Array.from(shown, (row) => (classNames.length > 0 ? at(targets, row) : 0))
    return {
      x: { values: Float32Array.from(places.flat()), shape: [shown.length, 2], dtype: 'float32' },
      y: { values: classes, shape: [shown.length], dtype: 'int32' },
    }
  }
  return {
    trainCount: order.train.length,
    testCount: order.test.length,
    classNames,
    horizontal: x,
    vertical: y,
    train: part(order.train),
    test: part(order.test),
    asked: rowsToAsk(rows),
  }
}

/** Places in the plotted square as a model of two features reads them: [n, 2] to [n, 2]. */
export async function csvPlane(selection: CsvSelection, { values, shape }: NdArray): Promise<NdArray> {
  const rows = await csvRows(selection)
  const plotted = plottedColumns(rows, selection)
  const axes = plotted.map(axisOf)
  const inputs = values.map((coordinate, index) => {
    const feature = index % 2
    const { min, max } = axes[feature] ?? { min: 0, max: 0 }
    const { mean, deviation } = plotted[feature]?.scale ?? { mean: 0, deviation: 1 }
    return (min + ((coordinate / extent + 1) / 2) * (max - min) - mean) / deviation
  })
  return { values: inputs, shape, dtype: 'float32' }
}

/** The inputs of the rows to ask about, as a model reads them: [n, features]. */
export async function csvAsked(selection: CsvSelection): Promise<NdArray> {
  const { features, order } = await csvRows(selection)
  const indices = askedOf(order)
  const width = features.length
  const values = new Float32Array(indices.length * width)
  for (const [place, row] of indices.entries()) {
    for (const [index, { values: column, scale }] of features.entries()) {
      values[place * width + index] = (at(column, row) - scale.mean) / scale.deviation
    }
  }
  const shape = [indices.length, width]
  return selection.tokens === undefined
    ? { values, shape, dtype: 'float32' }
    : { values: Int32Array.from(values), shape, dtype: 'int32' }
}

type PlottedColumn = Pick<ScaledFeature, 'name' | 'values' | 'scale'>

/** Numbers before texts: of those there is nothing to see but 0 and 1. */
function plottedColumns(
  { features, targets, targetScale, classNames }: CsvRows,
  { label }: CsvSelection,
): readonly [PlottedColumn, PlottedColumn] {
  const [first, second] = [
    ...features.filter(({ isOneHot }) => !isOneHot),
    ...features.filter(({ isOneHot }) => isOneHot),
  ]
  const target = { name: label, values: targets, scale: targetScale }
  return [first ?? target, (classNames.length > 0 ? second : undefined) ?? target]
}

/** The range of a column with some room at both ends; a constant one lies in the middle. */
function axisOf({ name, values }: PlottedColumn): CsvAxis {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const room = high > low ? 0.06 * (high - low) : 1
  return { name, min: low - room, max: high + room }
}

function place(value: number, { min, max }: CsvAxis): number {
  return extent * ((2 * (value - min)) / (max - min) - 1)
}

function askedOf({ train, test }: CsvRows['order']): Uint32Array {
  return (test.length > 0 ? test : train).subarray(0, askedRows)
}

function rowsToAsk({ order, targets, targetScale, rowNumbers }: CsvRows): AskedRows {
  const indices = askedOf(order)
  return {
    areTest: order.test.length > 0,
    rows: indices.map((row) => at(rowNumbers, row)),
    targets: Float64Array.from(indices, (row) => at(targets, row)),
    scale: targetScale,
  }
}
