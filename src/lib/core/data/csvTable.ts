/** The text of a CSV file (RFC 4180, or with semicolons or tabs for commas) as a header and rows of fields. */
import { ArgumentError } from '../util/errors'

/** Larger files are another program's business. */
export const maxCsvBytes = 10 * 1024 * 1024

/** Fields as text; every row is as long as the header. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** Reads UTF-8 with or without a byte-order mark; throws ArgumentError naming the row, the header being row 1. */
export async function readTable(bytes: Uint8Array): Promise<Table> {
  checkSize(bytes.length)
  const [header, ...rows] = await parse(decode(bytes))
  if (header === undefined || rows.length === 0) {
    throw new ArgumentError('csv: expected a header and rows below it, got none. Check the file.')
  }
  const ragged = rows.findIndex(({ length }) => length !== header.length)
  if (ragged >= 0) {
    throw new ArgumentError(
      `csv: row ${ragged + 2}: expected ${header.length} fields as in the header, got ${rows[ragged]?.length ?? 0}. ` +
        'Correct the row; a field with the separator in it stands in double quotes.',
    )
  }
  return { header: header.map((name) => name.trim()), rows }
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

/** What separates columns: commas, or what spreadsheets write where the comma is the decimal sign. */
function separatorOf(text: string): ',' | ';' | '\t' {
  const [header = ''] = text.replaceAll(/"[^"]*"/g, '').split('\n', 1)
  return ([',', ';', '\t'] as const).find((separator) => header.includes(separator)) ?? ','
}

/** Without the empty lines at the end. */
async function parse(original: string): Promise<string[][]> {
  const { default: papaparse } = await import('papaparse')
  const text = original.replaceAll(/\r\n?/g, '\n')
  const delimiter = separatorOf(text)
  const { data, errors } = papaparse.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    ...(delimiter === ',' ? {} : { transform: withDecimalPoint }),
  })
  const [error] = errors
  if (error) {
    throw new ArgumentError(
      `csv: row ${(error.row ?? 0) + 1}: expected quotes around a whole field, got others (${error.message}). ` +
        'Write "" for a quote inside of a quoted field.',
    )
  }
  const last = data.findLastIndex((fields) => fields.length > 1 || fields[0] !== '')
  return data.slice(0, last + 1)
}

/** `3,5` is a number in files that do not need the comma for anything else. */
function withDecimalPoint(field: string): string {
  return field.replace(/^(\s*[+-]?\d*),(\d+\s*)$/, '$1.$2')
}

/** Position of the column called `name`; throws ArgumentError where there is none, or more than one. */
export function column({ header }: Table, name: string): number {
  const index = header.indexOf(name.trim())
  if (index >= 0 && header.lastIndexOf(name.trim()) === index) return index
  const found = header.map((one) => JSON.stringify(one)).join(', ')
  const list = found.length > 200 ? `${found.slice(0, 200)} …` : found
  throw new ArgumentError(
    `csv: column ${JSON.stringify(name)}: expected it once in the header, got ${index < 0 ? 'none' : 'several'} ` +
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
  const got = text === '' ? 'nothing' : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
  throw new ArgumentError(
    `csv: row ${row + 2}, column ${JSON.stringify(header[column])}: expected a number, got ${got}. ` +
      'Correct it, remove the row, or leave the column out.',
  )
}
