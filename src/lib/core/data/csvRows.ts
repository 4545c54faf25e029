/** Rows of fields in the text of a CSV file (RFC 4180), whose lines end with line feeds. */
import { ArgumentError } from '../util/errors'
import { numberIn, withDecimalPoint } from './csvFields'

/** A row with fields in it. */
export interface CsvRow {
  /** Its number as a spreadsheet counts: every row, also one that is left out, from 1. */
  readonly row: number
  readonly fields: readonly string[]
}

/** How many rows are left out because nothing stands in them, or a comment. */
export interface LeftOut {
  blank: number
  comments: number
}

/** How the rows of a file are written. */
export interface RowOptions {
  readonly separator: string
  readonly mostFields: number
  /** Counts what is left out. */
  readonly leftOut?: LeftOut
  /** Number of the first row, where rows before the text are counted too. */
  readonly firstRow?: number
}

/** What cannot be read: in a comment that is no matter. */
interface Problem {
  readonly problem: string
}

/** A row with the place after it. */
interface ReadRow extends CsvRow {
  readonly end: number
}

interface Field {
  readonly text: string
  /** Where the separator, the line feed or the end of the text follows. */
  readonly end: number
}

/**
 * One row after the other, in one pass over the text, so that whoever reads them can stop at any. Rows without any text
 * are left out, and so are comments: lines that begin with `#` and do not have as many fields as the header. Throws
 * ArgumentError, naming the row, for quotes that do not stand around a whole field and for a row of more than `mostFields`.
 */
export function* rowsOf(text: string, options: RowOptions): Generator<CsvRow> {
  const { leftOut = { blank: 0, comments: 0 }, firstRow = 1 } = options
  const readRow = rowReader(text, options)
  let width: number | null = null
  /** The last comment before the header, which may be the header itself. */
  let commented: CsvRow | null = null
  let row = firstRow
  for (let at = 0; at <= text.length; row++) {
    if (text[at] === '\n') {
      leftOut.blank++
      at++
      continue
    }
    const isMarked = text[at] === '#'
    const read = readRow(at, row)
    if (isMarked && ('problem' in read || read.fields.length !== width)) {
      leftOut.comments++
      commented = width !== null || 'problem' in read ? null : read
      at = lineEnd(text, at) + 1
      continue
    }
    if ('problem' in read) throw new ArgumentError(`csv: row ${row}: ${read.problem}`)
    at = read.end + 1
    if (read.fields.every((field) => field.trim() === '')) {
      leftOut.blank++
      continue
    }
    if (commented !== null && isHeaderOf(commented, read, options.separator)) {
      leftOut.comments--
      width = commented.fields.length
      yield commented
    }
    commented = null
    width ??= read.fields.length
    yield { row, fields: read.fields }
  }
}

/** Gives the row that begins at a place; places ascend. */
function rowReader(
  text: string,
  { separator, mostFields }: RowOptions,
): (at: number, row: number) => ReadRow | Problem {
  const endOf = fieldEnds(text, separator)
  return (start, row) => {
    const fields: string[] = []
    for (let at = start; ; at++) {
      const quote = afterSpaces(text, at)
      const field =
        text[quote] === '"' ? quotedField(text, quote) : { text: text.slice(at, endOf(at)), end: endOf(at) }
      if ('problem' in field) return field
      at = field.end
      fields.push(field.text)
      if (fields.length > mostFields) {
        return {
          problem: `expected at most ${mostFields} columns, got more. Take a part of the file's columns.`,
        }
      }
      const next = text[at]
      if (next === separator) continue
      if (next !== undefined && next !== '\n') return wrongQuotes('text after the second one')
      return { row, fields, end: at }
    }
  }
}

/** Names may begin with `#`, and a program that writes numbers, such as NumPy, writes the names above them as a comment. */
function isHeaderOf(comment: CsvRow, first: CsvRow, separator: string): boolean {
  const [name = ''] = comment.fields
  if (comment.fields.length < 2 || comment.fields.length !== first.fields.length) return false
  if (/^#[^#\s]/.test(name)) return true
  const pointed = separator === ',' ? first.fields : first.fields.map(withDecimalPoint)
  return pointed.some((field) => Number.isFinite(numberIn(field.trim())))
}

/** Gives the end of the unquoted field that begins at a place; no character is looked at twice where places ascend. */
function fieldEnds(text: string, separator: string): (at: number) => number {
  const next = [separator, '\n'].map((mark) => ({ mark, from: 0, at: -1 }))
  return (from) => {
    for (const found of next) {
      if (found.at >= from && found.from <= from) continue
      const at = text.indexOf(found.mark, from)
      found.from = from
      found.at = at < 0 ? text.length : at
    }
    return Math.min(...next.map(({ at }) => at))
  }
}

function quotedField(text: string, start: number): Field | Problem {
  let isDoubled = false
  let close = text.indexOf('"', start + 1)
  while (close >= 0 && text[close + 1] === '"') {
    isDoubled = true
    close = text.indexOf('"', close + 2)
  }
  if (close < 0) return wrongQuotes('a field that does not end')
  const inside = text.slice(start + 1, close)
  return { text: isDoubled ? inside.replaceAll('""', '"') : inside, end: afterSpaces(text, close + 1) }
}

function afterSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

function wrongQuotes(got: string): Problem {
  const fix = 'Write "" for a quote inside of a quoted field.'
  return { problem: `expected quotes around a whole field, got ${got}. ${fix}` }
}
