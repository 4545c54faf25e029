/** What is in each column of a CSV file, for whoever chooses among them. */
import { limits } from '../util/limits'
import { cutText } from '../util/cutText'
import { quoteText } from '../util/quoteText'
import { ArgumentError } from '../util/errors'
import { numberAt, numberIn, type Table } from './csvTable'

const { columnCharacters } = limits

/** One column. */
export interface CsvColumn {
  readonly name: string
  /** Numbers where most of the filled fields are numbers. */
  readonly kind: 'number' | 'text'
  /** Smallest and largest number; NaN where there is none. */
  readonly min: number
  readonly max: number
  /** How many different entries there are: numbers by their value, text as it is. */
  readonly distinct: number
  /** All of them are whole numbers. */
  readonly isWhole: boolean
  /** Why the column cannot be a feature, or the label of a regression; null where all of it is numbers. */
  readonly numberProblem: string | null
  /** Why the column cannot be the label of a classification; null where no field is empty. */
  readonly labelProblem: string | null
}

/** Throws ArgumentError where the first row does not name the columns, each once. */
export function checkHeader({ header }: Table): void {
  const unnamed = header.indexOf('')
  if (unnamed >= 0) {
    throw new ArgumentError(
      `csv: row 1, column ${unnamed + 1}: expected a name, got nothing. Name every column in the first row.`,
    )
  }
  if (header.every((name) => Number.isFinite(numberIn(name)))) {
    const found = cutText(header.slice(0, 3).join(', '), 60)
    throw new ArgumentError(
      `csv: row 1: expected the names of the columns, got numbers (${found}${header.length > 3 ? ' …' : ''}). ` +
        'Put a row of names above them.',
    )
  }
  const places = new Map<string, number>()
  for (const [index, name] of header.entries()) {
    if (name.length > columnCharacters) {
      throw new ArgumentError(
        `csv: row 1, column ${index + 1}: expected a name of at most ${columnCharacters} characters, got ` +
          `${quoteText(name)}. Shorten it.`,
      )
    }
    const before = places.get(name)
    if (before !== undefined) {
      throw new ArgumentError(
        `csv: row 1: expected a name of its own for each column, got ${quoteText(name)} for columns ` +
          `${before + 1} and ${index + 1}. Rename one of them.`,
      )
    }
    places.set(name, index)
  }
  if (header.length < 2) {
    throw new ArgumentError(
      `csv: row 1: expected two columns or more, got one (${quoteText(header[0] ?? '')}). ` +
        'Take a file with features and a label, separated by commas.',
    )
  }
}

/** What is in the column at `index`. */
export function describeColumn(table: Table, index: number): CsvColumn {
  const name = table.header[index] ?? ''
  const fields = table.rows.map((row) => row[index]?.trim() ?? '')
  const numbers = fields.map(numberIn)
  const valid = numbers.filter(Number.isFinite)
  const filled = fields.filter((field) => field !== '')
  const areNumbers = valid.length > 0 && 2 * valid.length > filled.length
  const faulty = numbers.findIndex((value) => !Number.isFinite(value))
  return {
    name,
    kind: areNumbers ? 'number' : 'text',
    min: areNumbers ? extreme(valid, Math.min) : NaN,
    max: areNumbers ? extreme(valid, Math.max) : NaN,
    distinct: new Set<string | number>(areNumbers && faulty < 0 ? numbers : filled).size,
    isWhole: areNumbers && valid.every(Number.isInteger),
    numberProblem: faulty < 0 ? null : numberProblem(table, faulty, index),
    labelProblem: labelProblem(fields, name),
  }
}

/** Why fields cannot be the labels of a classification; null where each says what to call its class. */
export function labelProblem(fields: readonly string[], column: string): string | null {
  const row = fields.findIndex((field) => field === '' || field.length > columnCharacters)
  const field = fields[row]
  if (field === undefined) return null
  const where = `csv: row ${row + 2}, column ${quoteText(column)}`
  if (field === '') return `${where}: expected a label, got nothing. Fill it in or remove the row.`
  return `${where}: expected a label of at most ${columnCharacters} characters, got ${quoteText(field)}. Shorten it.`
}

function numberProblem(table: Table, row: number, index: number): string | null {
  try {
    numberAt(table, row, index)
    return null
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    return error.message
  }
}

function extreme(values: readonly number[], choose: (a: number, b: number) => number): number {
  return values.reduce((found, value) => choose(found, value))
}
