/** What somebody most likely wants of a CSV file's columns: a start to choose from. */
import type { Task } from '../spec/datasets'
import type { CsvColumn, ColumnUse } from './csvColumns'

/** Whole numbers up to so many different ones are taken for classes. */
const fewClasses = 10

/** Ranges that differ by more, or reach further, make training slow without a common scale. */
const similarRanges = 3
const usualLimit = 5

/** What authors of files call it. */
const usualLabel = /^(label|class|target|y)$/i

/** A column of a usual name; else the last one, unless it is constant or of text that tells every row apart. */
export function likelyLabel(columns: readonly CsvColumn[], rows: number): string {
  const fitting = columns.filter(
    ({ kind, distinct }) => distinct > 1 && (kind === 'number' || distinct <= Math.max(2, rows / 2)),
  )
  const named = fitting.find(({ name }) => usualLabel.test(name))
  return (named ?? fitting.at(-1) ?? columns.at(-1))?.name ?? ''
}

/**
 * All columns of numbers that differ, except the label and what numbers the rows; one with a slip in it is left out by
 * whoever knows of it.
 */
export function likelyFeatures(columns: readonly CsvColumn[], label: string): readonly string[] {
  return columns
    .filter((column) => column.name !== label && isUseful(column) && !numbersRows(column))
    .map(({ name }) => name)
}

/** Text and few different whole numbers are classes. */
export function likelyTask({ kind, isWhole, distinct }: CsvColumn): Task {
  return kind === 'text' || (isWhole && distinct <= fewClasses) ? 'classification' : 'regression'
}

/** Whether the features' ranges differ so much that a common scale helps. */
export function needsScale(features: readonly CsvColumn[]): boolean {
  const ranges = features.filter(({ min, max }) => max > min).map(({ min, max }) => max - min)
  const isFar = features.some(({ min, max }) => Math.max(Math.abs(min), Math.abs(max)) > usualLimit)
  return isFar || Math.max(...ranges) > similarRanges * Math.min(...ranges)
}

/** What a column is good for, with or without the rows that have a gap in it. */
export function useOf(column: CsvColumn, skipGaps: boolean): ColumnUse {
  return skipGaps ? column.filled : column
}

/** How many rows have a gap in one of the columns called `names`. */
export function rowsWithGaps(columns: readonly CsvColumn[], names: readonly string[]): number {
  const chosen = new Set(names.map((name) => name.normalize('NFC')))
  return new Set(columns.filter(({ name }) => chosen.has(name)).flatMap(({ gaps }) => gaps)).size
}

/** What programs and authors call the numbers of rows; a column without a name is called after its place. */
const usualRowNumber = /^(column 1|index|rownames?|(.*[^a-z])?id)$|[a-z]Id$/

/** Whether a column tells every row apart by a number, and is called so. */
function numbersRows({ name, isWhole, distinct, min, max }: CsvColumn): boolean {
  return (
    isWhole &&
    distinct === max - min + 1 &&
    usualRowNumber.test(/^[A-Z]+$/.test(name) ? name.toLowerCase() : name)
  )
}

function isUseful({ kind, distinct }: CsvColumn): boolean {
  return kind === 'number' && distinct > 1
}
