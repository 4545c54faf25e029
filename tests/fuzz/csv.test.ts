/** Whatever a CSV file holds, it is a table whose rows are those that were written, or an `ArgumentError`. */
import papaparse from 'papaparse'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { csv, setCsvSource, type CsvOptions } from '../../src/lib/core/data/csv'
import { checkHeader, describeColumn } from '../../src/lib/core/data/csvColumns'
import { readTable } from '../../src/lib/core/data/csvTable'
import { ArgumentError } from '../../src/lib/core/util/errors'
import { fuzz, readOrRefuse } from './fuzz'
import { hostileText, mutatedBytes, mutatedText } from './hostile'

const encode = (text: string) => new TextEncoder().encode(text)

const longText = fc.integer({ min: 1000, max: 4000 }).map((length) => 'ab'.repeat(length))

/** As a file can hold it: UTF-8 has no lone surrogates, and line ends become those of Unix. */
const fieldText = fc
  .oneof({ weight: 9, arbitrary: hostileText(60) }, { weight: 1, arbitrary: longText })
  .map((text) => text.toWellFormed().replaceAll(/\r\n?/g, '\n'))
const numberText = fc.oneof(
  fc.double({ noNaN: true }).map(String),
  fc.integer({ min: 0, max: 3 }).map(String),
  fc.constantFrom('1e999', '-0', '.5', '5.', '0x10', ' 7 ', '١', '1_000', 'Infinity', ''),
)

interface Written {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Rows of empty fields are left out. */
const isFilled = (row: readonly string[]) => row.some((field) => field.trim() !== '')

/** Two to four columns; a label of three classes and numbers, mostly. */
const tables: fc.Arbitrary<Written> = fc.integer({ min: 2, max: 4 }).chain((width) => {
  const field = fc.oneof({ weight: 3, arbitrary: numberText }, { weight: 1, arbitrary: fieldText })
  const row = fc.array(field, { minLength: width, maxLength: width })
  return fc.record({
    header: fc.array(fieldText, { minLength: width, maxLength: width }).filter(isFilled),
    rows: fc.array(row, { minLength: 1, maxLength: 8 }).filter((rows) => rows.some(isFilled)),
  })
})

function textOf({ header, rows }: Written, newline = '\n'): string {
  return papaparse.unparse([[...header], ...rows.map((row) => [...row])], {
    newline,
    delimiter: ',',
    // In quotes it begins no comment.
    quotes: [header, ...rows].some(([first = '']) => first.startsWith('#')),
  })
}

const selections: fc.Arbitrary<CsvOptions> = fc.record(
  {
    features: fc.array(hostileText(20), { minLength: 1, maxLength: 3 }),
    label: hostileText(20),
    task: fc.constantFrom('classification', 'regression'),
    classes: fc.constantFrom(2, 3, 1024),
    standardise: fc.boolean(),
    standardiseLabel: fc.boolean(),
    skipGaps: fc.boolean(),
    tokens: fc.constantFrom(1, 4),
    trainFraction: fc.constantFrom(0.1, 0.5, 1),
    seed: fc.integer({ min: 0, max: 9 }),
  },
  { requiredKeys: ['features', 'label', 'task'] },
)

/** What the page does with a file: its columns, and a dataset of those that were chosen. */
async function readsOrRefuses(bytes: Uint8Array, selection: CsvOptions, byPosition: boolean): Promise<void> {
  const table = await readOrRefuse(() => readTable(bytes), ArgumentError)
  if (table === undefined) return
  const { header, rows } = table
  expect(rows.every((row) => row.length === header.length)).toBe(true)
  await readOrRefuse(() => checkHeader(table), ArgumentError)
  for (const index of header.keys()) {
    const { numberProblem, labelProblem } = describeColumn(table, index)
    for (const problem of [numberProblem, labelProblem]) expect(problem?.length ?? 0).toBeLessThan(2000)
  }
  const [first = '', ...rest] = header
  const texts = rest.flatMap((column, index) => {
    const { kind, values } = describeColumn(table, index + 1)
    return kind === 'text' && values !== null ? [{ column, values }] : []
  })
  const chosen = byPosition ? { ...selection, features: rest, oneHot: texts, label: first } : selection
  setCsvSource(() => Promise.resolve(bytes))
  const dataset = await readOrRefuse(() => csv(chosen), ArgumentError)
  if (dataset === undefined) return
  for (const { x, y } of [dataset.train, dataset.test]) {
    expect([...x.values, ...y.values].every(Number.isFinite)).toBe(true)
  }
}

describe('a CSV file', () => {
  fuzz(
    'gives the rows that were written',
    fc.tuple(tables, fc.constantFrom('\n', '\r\n')),
    ([table, newline]) => {
      // The first line says what separates columns, which a small table of odd texts may leave open.
      const text = `sep=,${newline}${textOf(table, newline)}`
      const { header, rows } = readTable(encode(text))
      expect(header).toEqual(
        table.header.map((name, index) => name.trim().normalize('NFC') || `column ${index + 1}`),
      )
      expect(rows).toEqual(
        table.rows.filter(isFilled).map((row) => row.map((field) => field.normalize('NFC'))),
      )
    },
  )
  const chosen = fc.tuple(selections, fc.boolean())
  fuzz('of any table', fc.tuple(tables, chosen), ([table, [selection, byPosition]]) =>
    readsOrRefuses(encode(textOf(table)), selection, byPosition),
  )
  const separated = fc
    .tuple(tables, fc.constantFrom(',', ';', '\t', '|'))
    .map(([{ header, rows }, separator]) => [header, ...rows].map((row) => row.join(separator)).join('\n'))
  fuzz('with its text changed', fc.tuple(mutatedText(separated), chosen), ([text, [selection, byPosition]]) =>
    readsOrRefuses(encode(text), selection, byPosition),
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    mutatedBytes(tables.map((table) => encode(textOf(table)))),
  )
  fuzz('of any bytes', fc.tuple(bytes, chosen), ([file, [selection, byPosition]]) =>
    readsOrRefuses(file, selection, byPosition),
  )
})
