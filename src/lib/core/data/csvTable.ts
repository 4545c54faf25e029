/** The text of a CSV file (RFC 4180, or with semicolons, tabs or bars for commas) as a header and rows of fields. */
import { limits } from '../util/limits'
import { quoteText } from '../util/quoteText'
import { ArgumentError } from '../util/errors'
import { fillGap, isGap, numberIn, withDecimalPoint } from './csvFields'
import { rowsOf, type LeftOut } from './csvRows'
import { declaredSeparator, likelySeparator } from './csvSeparator'

/** Larger files are another program's business. */
export const maxCsvBytes = 10 * 1024 * 1024

/** As many features as an experiment takes, and their label. */
export const maxCsvColumns = limits.csvFeatures + 1

/** Fields as text, in Unicode's composed form (NFC); every row is as long as the header. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Numbers of the rows in the file, where what is left out counts too. */
  readonly rowNumbers: readonly number[]
  readonly headerRow: number
  /** Rows without text, and comments. */
  readonly leftOut: Readonly<LeftOut>
}

/** Reads UTF-8 with or without a byte-order mark; throws ArgumentError naming the row, the first of the file being row 1. */
export function readTable(bytes: Uint8Array): Table {
  checkSize(bytes.length)
  const whole = withoutEmptyEnd(decode(bytes).replaceAll(/\r\n?/g, '\n'))
  const declared = declaredSeparator(whole)
  const text = declared?.rest ?? whole
  const separator = declared?.separator ?? likelySeparator(text, maxCsvColumns)
  const written = fieldReader(text, separator)
  const leftOut = { blank: 0, comments: 0 }
  const rows: (readonly string[])[] = []
  const rowNumbers: number[] = []
  let header: readonly string[] | undefined
  let headerRow = 1
  const firstRow = declared ? 2 : 1
  for (const { row, fields } of rowsOf(text, { separator, mostFields: maxCsvColumns, leftOut, firstRow })) {
    if (header === undefined) {
      header = fields.map(nameOf)
      headerRow = row
      continue
    }
    if (fields.length !== header.length) {
      throw new ArgumentError(
        `csv: row ${row}: expected ${header.length} fields as in the header, got ${fields.length}. ` +
          'Correct the row; a field with the separator in it stands in double quotes.',
      )
    }
    rows.push(written === null ? fields : fields.map(written))
    rowNumbers.push(row)
  }
  if (header === undefined || rows.length === 0) {
    throw new ArgumentError('csv: expected a header and rows below it, got none. Check the file.')
  }
  return { header, rows, rowNumbers, headerRow, leftOut }
}

/** Programs that write a table often give the column of row numbers no name. */
function nameOf(field: string, index: number): string {
  return field.trim().normalize('NFC') || `column ${index + 1}`
}

/** What makes of a field what is kept of it; null where fields stay as they are. */
function fieldReader(text: string, separator: string): ((field: string) => string) | null {
  const isComposed = text === text.normalize('NFC')
  const pointed = separator === ',' ? (field: string) => field : withDecimalPoint
  if (isComposed) return separator === ',' ? null : pointed
  return (field) => pointed(field.normalize('NFC'))
}

/** Throws ArgumentError for more bytes than are read. */
export function checkSize(bytes: number): void {
  if (bytes <= maxCsvBytes) return
  throw new ArgumentError(
    `csv: expected a file of at most 10 MB, got ${(bytes / 1024 / 1024).toFixed(1)} MB. Take a part of it.`,
  )
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ArgumentError('csv: expected UTF-8 text, got other bytes. Save the file as UTF-8.', { cause })
  }
}

/** Without the empty lines at the end. */
function withoutEmptyEnd(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}

/** Positions of names in a header, −1 for one that is there more than once; made once for each table. */
const positions = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

function positionsIn(header: readonly string[]): ReadonlyMap<string, number> {
  const known = positions.get(header)
  if (known) return known
  const made = new Map<string, number>()
  for (const [index, name] of header.entries()) made.set(name, made.has(name) ? -1 : index)
  positions.set(header, made)
  return made
}

/** Position of the column called `name`; throws ArgumentError where there is none, or more than one. */
export function column({ header }: Table, name: string): number {
  const index = positionsIn(header).get(name.trim().normalize('NFC'))
  if (index !== undefined && index >= 0) return index
  const most = 8
  const names = header.slice(0, most).map((one) => quoteText(one))
  const list = [...names, ...(header.length > most ? [`${header.length - most} others`] : [])].join(', ')
  throw new ArgumentError(
    `csv: column ${quoteText(name)}: expected it once in the header, got ${index === undefined ? 'none' : 'several'} ` +
      `among ${list}. Correct the name.`,
  )
}

/** The number in a field of the table; throws ArgumentError where there is none that float32 can hold. */
export function numberAt({ header, rows, rowNumbers }: Table, row: number, column: number): number {
  const text = rows[row]?.[column]?.trim() ?? ''
  const value = numberIn(text)
  if (Number.isFinite(value)) return value
  throw new ArgumentError(
    `csv: row ${rowNumbers[row]}, column ${quoteText(header[column] ?? '')}: expected a number, got ` +
      `${text === '' ? 'nothing' : quoteText(text)}. ${isGap(text) ? fillGap : 'Correct it, remove the row, or leave the column out.'}`,
  )
}

/** The numbers of the column called `name`, one for each row. Throws ArgumentError. */
export function numbersOf(table: Table, name: string): Float64Array {
  const index = column(table, name)
  return Float64Array.from(table.rows, (_, row) => numberAt(table, row, index))
}
