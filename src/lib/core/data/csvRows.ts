/** Rows of fields in the text of a CSV file (RFC 4180), whose lines end with line feeds. */
import { ArgumentError } from '../util/errors'

interface Field {
  readonly text: string
  /** Where the separator, the line feed or the end of the text follows. */
  readonly end: number
}

/**
 * One row after the other, in one pass over the text, so that whoever reads them can stop at any. Throws ArgumentError,
 * naming the row, for quotes that do not stand around a whole field and for a row of more than `mostFields`.
 */
export function* rowsOf(text: string, separator: string, mostFields: number): Generator<readonly string[]> {
  const endOf = fieldEnds(text, separator)
  let fields: string[] = []
  let row = 1
  for (let at = 0; ; at++) {
    const field =
      text[at] === '"' ? quotedField(text, at, row) : { text: text.slice(at, endOf(at)), end: endOf(at) }
    at = field.end
    fields.push(field.text)
    if (fields.length > mostFields) {
      throw new ArgumentError(
        `csv: row ${row}: expected at most ${mostFields} columns, got more. Take a part of the file's columns.`,
      )
    }
    const next = text[at]
    if (next === separator) continue
    if (next !== undefined && next !== '\n') throw wrongQuotes(row, 'text behind the second one')
    yield fields
    if (next === undefined) return
    fields = []
    row++
  }
}

/** Gives the end of the unquoted field that begins at a place; places ascend, and no character is looked at twice. */
function fieldEnds(text: string, separator: string): (at: number) => number {
  const next = [separator, '\n'].map((mark) => ({ mark, at: -1 }))
  return (from) => {
    for (const found of next) {
      if (found.at >= from) continue
      const at = text.indexOf(found.mark, from)
      found.at = at < 0 ? text.length : at
    }
    return Math.min(...next.map(({ at }) => at))
  }
}

function quotedField(text: string, start: number, row: number): Field {
  let isDoubled = false
  let close = text.indexOf('"', start + 1)
  while (close >= 0 && text[close + 1] === '"') {
    isDoubled = true
    close = text.indexOf('"', close + 2)
  }
  if (close < 0) throw wrongQuotes(row, 'a field that does not end')
  const inside = text.slice(start + 1, close)
  let end = close + 1
  while (text[end] === ' ') end++
  return { text: isDoubled ? inside.replaceAll('""', '"') : inside, end }
}

function wrongQuotes(row: number, got: string): ArgumentError {
  return new ArgumentError(
    `csv: row ${row}: expected quotes around a whole field, got ${got}. Write "" for a quote inside of a quoted field.`,
  )
}
