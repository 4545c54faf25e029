/** Rows of a CSV file in which something is missing. */
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import { isGap } from './csvFields'
import { column, type Table } from './csvTable'

/** The table without the rows that have a gap in one of the columns. Throws ArgumentError where none is left. */
export function withoutGaps(table: Table, names: readonly string[]): Table {
  const indices = names.map((name) => column(table, name))
  const kept = table.rows.flatMap((fields, row) =>
    indices.some((index) => isGap(fields[index]?.trim() ?? '')) ? [] : [row],
  )
  if (kept.length === 0) {
    throw new ArgumentError(
      `csv: expected rows without gaps, got none among ${table.rows.length}. Leave out the column that has most of them.`,
    )
  }
  if (kept.length === table.rows.length) return table
  return {
    ...table,
    rows: kept.map((row) => table.rows[row] ?? []),
    rowNumbers: kept.map((row) => at(table.rowNumbers, row)),
  }
}
