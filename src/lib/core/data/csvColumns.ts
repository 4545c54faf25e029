/** What is in each column of a CSV file, for whoever chooses among them. */
import { at } from '../util/at'
import { limits } from '../util/limits'
import { cutText } from '../util/cutText'
import { quoteText } from '../util/quoteText'
import { ArgumentError } from '../util/errors'
import { fillGap, isGap, numberIn } from './csvFields'
import { numberAt, type Table } from './csvTable'

const { columnCharacters, oneHotValues } = limits

/** What a column is good for: all of its rows, or those without gaps. */
export interface ColumnUse {
  /** How many different entries there are: numbers by their value, text as it is. */
  readonly distinct: number
  /** The different texts, sorted by code point; null where they are too many or too long for a column each. */
  readonly values: readonly string[] | null
  /** Why the column cannot be a feature of numbers, or the label of a regression; null where all of it is numbers. */
  readonly numberProblem: string | null
  /** Why the column cannot be a feature of texts; null where each is one of `values`. */
  readonly textProblem: string | null
  /** Why the column cannot be the label of a classification; null where no field is empty. */
  readonly labelProblem: string | null
}

/** One column. */
export interface CsvColumn extends ColumnUse {
  readonly name: string
  /** Numbers where nearly all of the filled fields are numbers. */
  readonly kind: 'number' | 'text'
  /** Smallest and largest number; NaN where there is none. */
  readonly min: number
  readonly max: number
  /** All of them are whole numbers. */
  readonly isWhole: boolean
  /** Rows with a gap here: 0 is the first below the header. */
  readonly gaps: readonly number[]
  /** What the column is good for where the rows with a gap in it are skipped. */
  readonly filled: ColumnUse
}

/** Throws ArgumentError where the header does not name the columns, each once. */
export function checkHeader({ header, headerRow }: Table): void {
  if (header.every((name) => Number.isFinite(numberIn(name)))) {
    const found = cutText(header.slice(0, 3).join(', '), 60)
    throw new ArgumentError(
      `csv: row ${headerRow}: expected the names of the columns, got numbers (${found}${header.length > 3 ? ' …' : ''}). ` +
        'Put a row of names above them.',
    )
  }
  const places = new Map<string, number>()
  for (const [index, name] of header.entries()) {
    if (name.length > columnCharacters) {
      throw new ArgumentError(
        `csv: row ${headerRow}, column ${index + 1}: expected a name of at most ${columnCharacters} characters, got ` +
          `${quoteText(name)}. Shorten it.`,
      )
    }
    const before = places.get(name)
    if (before !== undefined) {
      throw new ArgumentError(
        `csv: row ${headerRow}: expected a name of its own for each column, got ${quoteText(name)} for columns ` +
          `${before + 1} and ${index + 1}. Rename one of them.`,
      )
    }
    places.set(name, index)
  }
  if (header.length < 2) {
    throw new ArgumentError(
      `csv: row ${headerRow}: expected two columns or more, got one (${quoteText(header[0] ?? '')}). ` +
        'Take a file with features and a label, separated by commas.',
    )
  }
}

/** What is in the column at `index`. */
export function describeColumn(table: Table, index: number): CsvColumn {
  const name = table.header[index] ?? ''
  const fields = table.rows.map((row) => row[index]?.trim() ?? '')
  const all = fields.map((_, row) => row)
  const gaps = all.filter((row) => isGap(fields[row] ?? ''))
  const numbers = fields.map(numberIn)
  const valid = numbers.filter(Number.isFinite)
  const areNumbers = isMostlyNumbers(valid.length, fields.length - gaps.length)
  const useOf = (rows: readonly number[]) => columnUse(table, index, { fields, numbers, rows })
  const use = useOf(all)
  return {
    name,
    kind: areNumbers ? 'number' : 'text',
    min: areNumbers ? extreme(valid, Math.min) : NaN,
    max: areNumbers ? extreme(valid, Math.max) : NaN,
    isWhole: areNumbers && valid.every(Number.isInteger),
    ...use,
    gaps,
    filled: gaps.length === 0 ? use : useOf(all.filter((row) => !isGap(fields[row] ?? ''))),
  }
}

/** A slip or two are corrected; more of them are texts that happen to be numbers here and there, such as the codes of tickets. */
function isMostlyNumbers(numbers: number, filled: number): boolean {
  return 2 * numbers > filled && filled - numbers <= Math.max(2, 0.1 * filled)
}

interface Entries {
  readonly fields: readonly string[]
  readonly numbers: readonly number[]
  /** Those that count. */
  readonly rows: readonly number[]
}

function columnUse(table: Table, index: number, { fields, numbers, rows }: Entries): ColumnUse {
  const name = table.header[index] ?? ''
  const faulty = rows.find((row) => !Number.isFinite(numbers[row]))
  const texts = new Set(rows.map((row) => fields[row] ?? ''))
  texts.delete('')
  const isLong = [...texts].some((text) => text.length > columnCharacters)
  const values = texts.size > oneHotValues || isLong ? null : [...texts].sort((a, b) => (a < b ? -1 : 1))
  const problem = labelProblem(
    rows.map((row) => fields[row] ?? ''),
    rows.map((row) => at(table.rowNumbers, row)),
    name,
  )
  return {
    distinct: faulty === undefined ? new Set(numbers).size : texts.size,
    values,
    numberProblem: faulty === undefined ? null : numberProblem(table, faulty, index),
    textProblem: textProblem(name, texts.size) ?? problem,
    labelProblem: problem,
  }
}

function textProblem(name: string, count: number): string | null {
  if (count > 0 && count <= oneHotValues) return null
  return (
    `csv: column ${quoteText(name)}: expected 1 to ${oneHotValues} different texts, which become a column each, ` +
    `got ${count}. Leave the column out.`
  )
}

/** Why fields cannot be the labels of a classification; null where each says what to call its class. */
export function labelProblem(
  fields: readonly string[],
  rowNumbers: readonly number[],
  column: string,
): string | null {
  const row = fields.findIndex((field) => field === '' || field.length > columnCharacters)
  const field = fields[row]
  if (field === undefined) return null
  const where = `csv: row ${rowNumbers[row]}, column ${quoteText(column)}`
  if (field === '') return `${where}: expected a text, got nothing. ${fillGap}`
  return `${where}: expected a text of at most ${columnCharacters} characters, got ${quoteText(field)}. Shorten it.`
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
