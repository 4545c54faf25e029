/** The labels of a CSV file's rows: targets of a regression, or class numbers with their names. */
import { ArgumentError } from '../util/errors'
import { quoteText } from '../util/quoteText'
import { labelProblem } from './csvColumns'
import { column, numbersOf, type Table } from './csvTable'

/** What of the options says what is predicted. */
export interface LabelOptions {
  readonly label: string
  readonly task: 'classification' | 'regression'
  readonly classes?: number
}

/** What the rows are labelled with. */
export interface CsvLabels {
  /** Targets of a regression, or class numbers. */
  readonly targets: Float64Array
  /** Names of the classes by their number; none for a regression. */
  readonly classNames: readonly string[]
}

/** The labels of all rows. Throws ArgumentError. */
export function labelsOf(table: Table, { label, task, classes }: LabelOptions): CsvLabels {
  if (task === 'regression') return { targets: numbersOf(table, label), classNames: [] }
  return classNumbers(table, label, classes)
}

function classNumbers(table: Table, label: string, count: number | undefined): CsvLabels {
  const index = column(table, label)
  const texts = table.rows.map((row) => row[index]?.trim() ?? '')
  assertLabels(table, texts, label)
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

function assertLabels({ rowNumbers }: Table, texts: readonly string[], label: string): void {
  const problem = labelProblem(texts, rowNumbers, label)
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
