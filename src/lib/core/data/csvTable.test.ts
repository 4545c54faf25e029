import { describe, expect, it } from 'vitest'
import { checkHeader, describeColumn } from './csvColumns'
import { numberIn } from './csvFields'
import { rowsOf } from './csvRows'
import { column, maxCsvBytes, maxCsvColumns, readTable } from './csvTable'

const tableOf = (text: string) => readTable(new TextEncoder().encode(text))
const options = { separator: ',', mostFields: 10 }
const rows = (text: string) => [...rowsOf(text, options)].map(({ fields }) => fields)

describe('rows', () => {
  it.each([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['', []],
    [',\n', []],
    [
      'a,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    [' "a, b", "c" , d', [['a, b', 'c', ' d']]],
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
    ['"a"b', 'csv: row 1: expected quotes around a whole field, got text after the second one.'],
    [',,,,,,,,,,', "csv: row 1: expected at most 10 columns, got more. Take a part of the file's columns."],
  ])('of %j are refused', (text, message) => {
    expect(() => rows(text)).toThrow(message)
  })

  it('end where whoever reads them stops', () => {
    const read = rowsOf('a\nb\n"not closed', options)
    expect([read.next().value, read.next().value]).toEqual([
      { row: 1, fields: ['a'] },
      { row: 2, fields: ['b'] },
    ])
  })
})

describe('a table as programs and people write it', () => {
  const rowsBelow = (text: string) => tableOf(text).rows.map((row) => row.map((field) => field.trim()))

  it.each([
    ['spaces before quotes', '"id", "goods", "price"\n1, "soap, 3 bars", 6.0\n2, "tea", 2.5'],
    ['spaces after quotes', '"id" ,"goods" ,"price"\n1,"soap, 3 bars" ,6.0\n2,"tea" ,2.5\n'],
  ])('with %s', (_, text) => {
    expect(tableOf(text).header).toEqual(['id', 'goods', 'price'])
    expect(rowsBelow(text)).toEqual([
      ['1', 'soap, 3 bars', '6.0'],
      ['2', 'tea', '2.5'],
    ])
  })

  it.each([
    ['semicolons', 'Gewicht, kg;Höhe, m;Art\n70,5;1,80;A\n60,0;1,65;B', ['Gewicht, kg', 'Höhe, m', 'Art']],
    [
      'semicolons',
      'Gewicht (in kg, netto);Höhe;Art\n70,5;1,80;A\n60,0;1,65;B',
      ['Gewicht (in kg, netto)', 'Höhe', 'Art'],
    ],
    ['tabs', 'a\tb, in m\tkind\n70.5\t1.80\tA\n60.0\t1,65\tB', ['a', 'b, in m', 'kind']],
    ['bars', 'length|width|kind\n70.5|1.80|A\n60.0|1.65|B', ['length', 'width', 'kind']],
    [
      'a semicolon that it declares',
      'sep=;\nlength;width;kind\n70,5;1.80;A\n60,0;1.65;B',
      ['length', 'width', 'kind'],
    ],
    ['a comma that it declares', '"SEP=,"\na;b,c;d,kind\n70.5,1.80,A\n60.0,1.65,B', ['a;b', 'c;d', 'kind']],
  ])('whose rows are separated by %s, whatever stands in its header', (_, text, header) => {
    expect(tableOf(text).header).toEqual(header)
    expect(rowsBelow(text)).toEqual([
      ['70.5', '1.80', 'A'],
      ['60.0', '1.65', 'B'],
    ])
  })

  it('that declares another separator is refused', () => {
    expect(() => tableOf('sep=:\na:b\n1:2')).toThrow(
      'csv: row 1: expected sep= with a comma, a semicolon, a tab or a bar (|), got "sep=:". Name the one between the columns, or remove the row.',
    )
  })

  it.each([
    ['an empty line', 'a,b,c\n1,2,x\n\n2,oops,y', 4, { blank: 1, comments: 0 }],
    ['empty lines of Windows', 'a,b,c\r\n1,2,x\r\n\r\n2,oops,y\r\n', 4, { blank: 1, comments: 0 }],
    ['an empty first line', '\na,b,c\n1,2,x\n2,oops,y', 4, { blank: 1, comments: 0 }],
    ['a last line of spaces', 'a,b,c\n1,2,x\n2,oops,y\n   \n', 3, { blank: 1, comments: 0 }],
    ['rows of empty fields', 'a,b,c\n,,\n1,2,x\n , ,\n2,oops,y\n,,', 5, { blank: 3, comments: 0 }],
    ['a comment above', '# measured in May, by "Ann"\na,b,c\n1,2,x\n2,oops,y', 4, { blank: 0, comments: 1 }],
    ['a comment between', 'a,b,c\n1,2,x\n# broken: "x, from here on\n2,oops,y', 4, { blank: 0, comments: 1 }],
    ['a declared separator', 'sep=,\na,b,c\n1,2,x\n2,oops,y', 4, { blank: 0, comments: 0 }],
  ])('with %s leaves it out, counts it, and numbers rows as the file does', (_, text, row, leftOut) => {
    const table = tableOf(text)
    expect(table.header).toEqual(['a', 'b', 'c'])
    expect(table.rows).toHaveLength(2)
    expect(table.leftOut).toEqual(leftOut)
    expect(describeColumn(table, 1).numberProblem ?? '').toContain(`csv: row ${row}, column "b"`)
  })

  it('takes for its header what NumPy writes as a comment, and names that begin with #', () => {
    expect(tableOf('# from NumPy\n# a,b\n1,2').header).toEqual(['# a', 'b'])
    expect(tableOf('#id,kind\nx,y').header).toEqual(['#id', 'kind'])
    expect(tableOf('# some words, more words\na,b\n1,2').header).toEqual(['a', 'b'])
    expect(tableOf('a,b\n#ff0000,1\n#00ff00,2')).toMatchObject({
      rows: [
        ['#ff0000', '1'],
        ['#00ff00', '2'],
      ],
      leftOut: { comments: 0 },
    })
  })

  it('has names and texts in one form, however their accents are written', () => {
    const table = tableOf('Gro\u0308ße,Art\n1,\u0041\u0308\n2,\u00c4')
    expect(table.header).toEqual(['Gr\u00f6ße', 'Art'])
    expect(column(table, 'Gro\u0308ße')).toBe(0)
    expect(describeColumn(table, 1).distinct).toBe(1)
  })

  it('calls a column without a name after its place', () => {
    expect(tableOf(',a,\n0,1.5,2\n1,2.5,3').header).toEqual(['column 1', 'a', 'column 3'])
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
      'a row after millions of empty lines',
      `a,b\n${'\n'.repeat(10_000_000)}1`,
      'csv: row 10000002: expected 2 fields as in the header, got 1.',
    ],
    [
      'millions of comments',
      `a,b\n${'#",\n'.repeat(600_000)}1`,
      'csv: row 600002: expected 2 fields as in the header, got 1.',
    ],
    ['comments with quotes', `a,b\n${'#,"x\n'.repeat(600_000)}`, 'csv: expected a header and rows below it'],
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
    const [, described] = [0, 1].map((index) => describeColumn(tableOf(`a,b\n1,${long}\n2,3\n3,4`), index))
    const got = `"${'x'.repeat(36)}… 3.8 MB more"`
    expect(described?.numberProblem).toContain(`row 2, column "b": expected a number, got ${got}.`)
    expect(described?.labelProblem).toBe(
      `csv: row 2, column "b": expected a text of at most 200 characters, got ${got}. Shorten it.`,
    )
  })

  it('has a field of digits alone, which is no number', () => {
    expect(numberIn(`${'1'.repeat(5_000_000)}x`)).toBeNaN()
    expect(numberIn(`${'1'.repeat(5_000_000)}.`)).toBeNaN()
    expect(['1', '-1.5', '.5', '2.', '1e3', '+1.5E-2'].map(numberIn)).toEqual([1, -1.5, 0.5, 2, 1000, 0.015])
    expect(['', '.', 'e1', '1e', '0x1', '1 2'].map(numberIn).every(Number.isNaN)).toBe(true)
  })
})
