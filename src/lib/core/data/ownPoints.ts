/** Points in the plane that somebody placed, with their classes. */
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import { encodeLabels, splitSamples } from './split'
import type { Dataset, LabelEncoding } from './types'

const maxClasses = 3

/** How placed points are given. */
export interface OwnPointsOptions {
  /** Share of the points that train, strictly between 0 and 1. */
  readonly trainFraction?: number
  /** Draws the split. */
  readonly seed?: number
  /** Layout of the labels; `binary` for two classes and `index` for more where not given. */
  readonly labels?: LabelEncoding
}

/**
 * Points given as [x, y, class], with classes 0 and 1, or 0 to 2 where one of them is of class 2; x is [n, 2].
 * Throws ArgumentError naming the row (from 1) that is no point.
 */
export function points(
  rows: readonly (readonly number[])[],
  { trainFraction = 0.5, seed = 0, labels }: OwnPointsOptions = {},
): Dataset {
  const count = rows.length
  const train = Math.round(count * trainFraction)
  if (!(train > 0 && train < count)) {
    throw new ArgumentError(
      `points: expected rows to train and rows to test, got ${count} rows and a trainFraction of ${trainFraction}. ` +
        'Add rows, or pass trainFraction: 0.5.',
    )
  }
  for (const [index, row] of rows.entries()) assertPoint(row, index)
  const classes = Int32Array.from(rows, (row) => at(row, 2))
  const classCount = classes.includes(2) ? maxClasses : 2
  const encoding = labels ?? (classCount === 2 ? 'binary' : 'index')
  const values = Float32Array.from(rows.flatMap((row) => row.slice(0, 2)))
  const x = { values, shape: [count, 2], dtype: 'float32' } as const
  return splitSamples({ x, y: encodeLabels(classes, classCount, encoding, 'points') }, trainFraction, seed)
}

function assertPoint(row: readonly number[], index: number): void {
  const label = row[2] ?? NaN
  const isClass = Number.isInteger(label) && label >= 0 && label < maxClasses
  if (row.length === 3 && row.every(Number.isFinite) && isClass) return
  throw new ArgumentError(
    `points: row ${index + 1}: expected [x, y, class] with a class of 0, 1 or 2, got [${row.join(', ')}]. Correct the row.`,
  )
}
