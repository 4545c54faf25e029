import { describeColumn } from '$lib/core/data/csvColumns'
import { readTable } from '$lib/core/data/csvTable'
import { expect, it } from 'vitest'
import { canBeFeature, columnNote, rangeOf } from './columnNote'

const rows = Array.from({ length: 110 }, (_, row) => [
  row,
  row === 3 ? 'NA' : row % 3,
  7,
  row === 9 || row === 4 ? '' : 'xyz'[row % 3],
  `name ${row}`,
  row === 5 ? 'oops' : row,
])
const table = readTable(
  new TextEncoder().encode(['id,part,same,kind,name,slip', ...rows.map((row) => row.join())].join('\n')),
)
const columns = table.header.map((_, index) => describeColumn(table, index))

it('says what a column becomes, what is missing in it, and why it cannot be chosen', () => {
  expect(columns.map((column) => columnNote(column, column.filled, false))).toEqual([
    '',
    '1 gap',
    'constant',
    '3 columns of 0 and 1, 2 gaps',
    'too many texts',
    'faulty fields',
  ])
  expect(columns.map((column) => canBeFeature(column))).toEqual([true, true, true, true, false, true])
  expect(columns.map(rangeOf)).toEqual(['0 to 109', '0 to 2.00', '7.00 to 7.00', '', '', '0 to 109'])
  const [, , , kind] = columns
  expect(kind && columnNote(kind, kind, true)).toBe('label, 2 gaps')
})
