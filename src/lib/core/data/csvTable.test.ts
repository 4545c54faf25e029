import { describe, expect, it } from 'vitest'
import { checkHeader, describeColumn } from './csvColumns'
import { rowsOf } from './csvRows'
import { maxCsvBytes, maxCsvColumns, numberIn, readTable } from './csvTable'

const tableOf = (text: string) => readTable(new TextEncoder().encode(text))
const rows = (text: string) => [...rowsOf(text, ',', 10)]

describe('rows', () => {
  it.each([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['', [['']]],
    [',\n', [['', ''], ['']]],
    [
      '"a,b","c\nd"\n"e""f",""',
      [
        ['a,b', 'c\nd'],
        ['e"f', ''],
      ],
    ],
    ['"a" ,b', [['a', 'b']]],
    ['a"b,c""d', [['a"b', 'c""d']]],
    ['""""', [['"']]],
  ])('of %j are %j', (text, expected) => {
    expect(rows(text)).toEqual(expected)
  })

  it.each([
    [
      'a\n"b',
      'csv: row 2: expected quotes around a whole field, got a field that does not end. Write "" for',
    ],
    ['"a"b', 'csv: row 1: expected quotes around a whole field, got text behind the second one.'],
    [',,,,,,,,,,', "csv: row 1: expected at most 10 columns, got more. Take a part of the file's columns."],
  ])('of %j are refused', (text, message) => {
    expect(() => rows(text)).toThrow(message)
  })

  it('end where whoever reads them stops', () => {
    const read = rowsOf('a\nb\n"not closed', ',', 10)
    expect([read.next().value, read.next().value]).toEqual([['a'], ['b']])
  })
})

/** At these sizes, work that grows with the square of the size would not end within the test's time. */
describe('a large file', () => {
  it.each([
    [
      'a header of a million names',
      `${'a,'.repeat(5_000_000)}b`,
      `csv: row 1: expected at most ${maxCsvColumns} columns`,
    ],
    ['a row of millions of cells', `a,b\n${','.repeat(10_000_000)}`, 'csv: row 2: expected at most'],
    ['only empty lines', '\n'.repeat(maxCsvBytes), 'csv: expected a header and rows below it, got none.'],
    [
      'millions of empty lines',
      `a,b\n${'\n'.repeat(10_000_000)}1,2`,
      'csv: row 2: expected 2 fields as in the header, got 1.',
    ],
    ['a quote that is never closed', `a,b\n"${'1,2\n'.repeat(2_500_000)}`, 'csv: row 2: expected quotes'],
    ['quotes within quotes', `a,b\n${'"x'.repeat(5_000_000)}`, 'csv: row 2: expected quotes'],
    ['only quotes', '"'.repeat(9_999_999), 'csv: row 1: expected quotes'],
  ])('of %s is refused', (_, text, message) => {
    expect(() => tableOf(text)).toThrow(message)
  })

  it('of one name twice among as many as there may be is refused', () => {
    const names = Array.from({ length: maxCsvColumns - 1 }, (_, index) => `n${index}`)
    const table = tableOf(`${names.join(',')},n${maxCsvColumns - 2}\n${names.join(',')},1`)
    expect(() => {
      checkHeader(table)
    }).toThrow('got "n4095" for columns 4096 and 4097. Rename one of them.')
  })

  it('has messages that can be read', () => {
    const long = 'x'.repeat(4_000_000)
    expect(() => {
      checkHeader(tableOf(`${long},b\n1,2`))
    }).toThrow(
      `csv: row 1, column 1: expected a name of at most 200 characters, got "${'x'.repeat(36)}… 3.8 MB more".`,
    )
    const [, column] = [0, 1].map((index) => describeColumn(tableOf(`a,b\n1,${long}\n2,3\n3,4`), index))
    const got = `"${'x'.repeat(36)}… 3.8 MB more"`
    expect(column?.numberProblem).toContain(`row 2, column "b": expected a number, got ${got}.`)
    expect(column?.labelProblem).toBe(
      `csv: row 2, column "b": expected a label of at most 200 characters, got ${got}. Shorten it.`,
    )
  })

  it('has a field of digits alone, which is no number', () => {
    expect(numberIn(`${'1'.repeat(5_000_000)}x`)).toBeNaN()
    expect(numberIn(`${'1'.repeat(5_000_000)}.`)).toBeNaN()
    expect(['1', '-1.5', '.5', '2.', '1e3', '+1.5E-2'].map(numberIn)).toEqual([1, -1.5, 0.5, 2, 1000, 0.015])
    expect(['', '.', 'e1', '1e', '0x1', '1 2'].map(numberIn).every(Number.isNaN)).toBe(true)
  })
})
