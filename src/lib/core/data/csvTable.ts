/** The text of a CSV file (RFC 4180, or with semicolons or tabs for commas) as a header and rows of fields. */
import { limits } from '../util/limits'
import { quoteText } from '../util/quoteText'
import { ArgumentError } from '../util/errors'
import { rowsOf } from './csvRows'

/** Larger files are another program's business. */
export const maxCsvBytes = 10 * 1024 * 1024

/** As many features as an experiment takes, and their label. */
export const maxCsvColumns = limits.csvFeatures + 1

/** Fields as text; every row is as long as the header. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Each digit belongs to one part only, so that a long text that is no number is refused in one pass. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** Reads UTF-8 with or without a byte-order mark; throws ArgumentError naming the row, the header being row 1. */
export function readTable(bytes: Uint8Array): Table {
  checkSize(bytes.length)
  const text = withoutEmptyEnd(decode(bytes).replaceAll(/\r\n?/g, '\n'))
  const separator = separatorOf(text)
  let header: readonly string[] | undefined
  const rows: (readonly string[])[] = []
  for (const fields of rowsOf(text, separator, maxCsvColumns)) {
    if (header === undefined) {
      header = fields.map((name) => name.trim())
      continue
    }
    if (fields.length !== header.length) {
      throw new ArgumentError(
        `csv: row ${rows.length + 2}: expected ${header.length} fields as in the header, got ${fields.length}. ` +
          'Correct the row; a field with the separator in it stands in double quotes.',
      )
    }
    rows.push(separator === ',' ? fields : fields.map(withDecimalPoint))
  }
  if (header === undefined || rows.length === 0) {
    throw new ArgumentError('csv: expected a header and rows below it, got none. Check the file.')
  }
  return { header, rows }
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

/** What separates columns: commas, or what spreadsheets write where the comma is the decimal sign. */
function separatorOf(text: string): ',' | ';' | '\t' {
  const found = new Set<string>()
  let isQuoted = false
  for (let at = 0; at < text.length && (isQuoted || text[at] !== '\n'); at++) {
    if (text[at] === '"') isQuoted = !isQuoted
    else if (!isQuoted) found.add(text[at] ?? '')
  }
  return ([',', ';', '\t'] as const).find((separator) => found.has(separator)) ?? ','
}

/** `3,5` is a number in files that do not need the comma for anything else. */
function withDecimalPoint(field: string): string {
  return field.replace(/^(\s*[+-]?\d*),(\d+\s*)$/, '$1.$2')
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
  const index = positionsIn(header).get(name.trim())
  if (index !== undefined && index >= 0) return index
  const most = 8
  const names = header.slice(0, most).map((one) => quoteText(one))
  const list = [...names, ...(header.length > most ? [`${header.length - most} others`] : [])].join(', ')
  throw new ArgumentError(
    `csv: column ${quoteText(name)}: expected it once in the header, got ${index === undefined ? 'none' : 'several'} ` +
      `among ${list}. Correct the name.`,
  )
}

/** The number that a field holds; NaN for one that is none, or that float32 cannot hold. */
export function numberIn(field: string): number {
  const value = decimal.test(field) ? Number(field) : NaN
  return Number.isFinite(Math.fround(value)) ? value : NaN
}

/** The number in a field of the table; throws ArgumentError where there is none that float32 can hold. */
export function numberAt({ header, rows }: Table, row: number, column: number): number {
  const text = rows[row]?.[column]?.trim() ?? ''
  const value = numberIn(text)
  if (Number.isFinite(value)) return value
  const got = text === '' ? 'nothing' : quoteText(text)
  throw new ArgumentError(
    `csv: row ${row + 2}, column ${quoteText(header[column] ?? '')}: expected a number, got ${got}. ` +
      'Correct it, remove the row, or leave the column out.',
  )
}
