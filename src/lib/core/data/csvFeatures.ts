/** The columns of numbers that a model reads of a CSV file: those of its features, a text as one column for each of its values. */
import { ArgumentError } from '../util/errors'
import { printValue } from '../util/printValue'
import { quoteText } from '../util/quoteText'
import { fillGap } from './csvFields'
import { column, numbersOf, type Table } from './csvTable'

/** A column of texts, and the texts in it: each becomes a column of zeros and ones, in this order. */
export interface OneHot {
  readonly column: string
  readonly values: readonly string[]
}

/** Mean and deviation that a column's numbers are standardised with; 0 and 1 where they stay as they are. */
export interface Scale {
  readonly mean: number
  readonly deviation: number
}

/** One number of each example. */
export interface Feature {
  /** Of the file's column; `sex = male` for one value of a text. */
  readonly name: string
  /** As in the file; 0 or 1 for one value of a text. */
  readonly values: Float64Array
  readonly isOneHot: boolean
}

/** What of the options says which features there are. */
export interface FeatureOptions {
  readonly features: readonly string[]
  readonly oneHot?: readonly OneHot[]
  readonly standardise?: boolean
  readonly tokens?: number
}

/** As many as a file of the largest size may hold; texts could become far more. */
const mostNumbers = 10_000_000

/** The features in their order. Throws ArgumentError. */
export function featuresOf(table: Table, options: FeatureOptions): readonly Feature[] {
  const { features: names } = options
  if (names.length === 0)
    throw new ArgumentError('csv: expected features, got none. Name one column or more.')
  const texts = textsOf(options)
  const width = names.reduce((sum, name) => sum + (texts.get(name.normalize('NFC'))?.values.length ?? 1), 0)
  if (width * table.rows.length > mostNumbers) {
    throw new ArgumentError(
      `csv: expected at most ${mostNumbers} numbers for the features, got ${table.rows.length} rows of ${width}. ` +
        'Leave out texts with many values, or take a part of the file.',
    )
  }
  const features = names.flatMap((name) => {
    const text = texts.get(name.normalize('NFC'))
    return text ? oneHotColumns(table, text) : [{ name, values: numbersOf(table, name), isOneHot: false }]
  })
  checkTokens(table, features, options)
  return features
}

/** The entries of `oneHot` by their column. */
function textsOf({ features, oneHot = [] }: FeatureOptions): ReadonlyMap<string, OneHot> {
  if (!Array.isArray(oneHot) || !oneHot.every(isOneHot)) {
    throw new ArgumentError(
      `csv: oneHot: expected a list of columns with their values, got ${printValue(oneHot)}. ` +
        "Write oneHot: [{ column: 'sex', values: ['female', 'male'] }].",
    )
  }
  const names = new Set(features.map((name) => name.normalize('NFC')))
  for (const { column, values } of oneHot) {
    if (!names.has(column.normalize('NFC'))) {
      throw new ArgumentError(
        `csv: oneHot: expected columns of features, got ${quoteText(column)}. Add it to the features.`,
      )
    }
    const again = values.find((value, index) => values.indexOf(value) !== index)
    if (again === undefined) continue
    throw new ArgumentError(
      `csv: oneHot: column ${quoteText(column)}: expected each value once, got ${quoteText(again)} again. Remove one of the two.`,
    )
  }
  return new Map(oneHot.map((one) => [one.column.normalize('NFC'), one]))
}

/** A program may pass anything. */
function isOneHot(one: unknown): one is OneHot {
  if (typeof one !== 'object' || one === null || !('column' in one) || !('values' in one)) return false
  const { column, values } = one
  return (
    typeof column === 'string' && Array.isArray(values) && values.every((value) => typeof value === 'string')
  )
}

function oneHotColumns(table: Table, { column: name, values }: OneHot): Feature[] {
  const index = column(table, name)
  const positions = new Map(values.map((value, position) => [value.normalize('NFC'), position]))
  const columns = values.map(() => new Float64Array(table.rows.length))
  for (const [row, fields] of table.rows.entries()) {
    const field = fields[index]?.trim() ?? ''
    const position = positions.get(field)
    const found = position === undefined ? undefined : columns[position]
    if (found === undefined) throw unknownValue(table, row, name, { field, values })
    found[row] = 1
  }
  return values.map((value, position) => ({
    name: `${name} = ${value}`,
    values: columns[position] ?? new Float64Array(0),
    isOneHot: true,
  }))
}

function unknownValue(
  { rowNumbers }: Table,
  row: number,
  name: string,
  { field, values }: { readonly field: string; readonly values: readonly string[] },
): ArgumentError {
  const most = 5
  const list = values.slice(0, most).map((value) => quoteText(value))
  const expected = [...list, ...(values.length > most ? [`${values.length - most} others`] : [])].join(', ')
  const fix = field === '' ? fillGap : 'Correct it, or add it to the values of oneHot.'
  return new ArgumentError(
    `csv: row ${rowNumbers[row]}, column ${quoteText(name)}: expected one of ${expected}, got ` +
      `${field === '' ? 'nothing' : quoteText(field)}. ${fix}`,
  )
}

function checkTokens(
  { rowNumbers }: Table,
  features: readonly Feature[],
  { tokens, standardise, oneHot = [] }: FeatureOptions,
): void {
  if (tokens === undefined) return
  const other = standardise ? 'standardise: true' : oneHot.length > 0 ? 'oneHot' : null
  if (other !== null) {
    throw new ArgumentError(
      `csv: expected tokens as they are, got ${other}. Leave out one of the two options.`,
    )
  }
  for (const { name, values } of features) {
    const row = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= tokens)
    if (row < 0) continue
    throw new ArgumentError(
      `csv: row ${rowNumbers[row]}, column ${quoteText(name)}: expected an integer from 0 to ${tokens - 1}, ` +
        `got ${values[row]}. Correct it, or give the embedding more rows.`,
    )
  }
}
