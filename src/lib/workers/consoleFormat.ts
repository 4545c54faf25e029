/** What the arguments of a console call say as text: format strings, and tables. */
import { describeValue } from '../core/util/describeValue'
import { limits } from '../core/util/laneLimits'

const limit = limits.printedText
const mostRows = 50
const mostColumns = 20

/** The values as one text; the first may hold places such as `%s` and `%d` for the next ones. */
export function formatValues(values: readonly unknown[]): string {
  const [first, ...rest] = values
  const isFormat = typeof first === 'string' && first.length <= limit && first.includes('%')
  const begin = isFormat ? fillPlaces(first, rest) : []
  const others = begin.length > 0 ? rest : values
  let text = begin.join('')
  for (const [index, value] of others.entries()) {
    if (text.length > limit) break
    if (index > 0 || begin.length > 0) text += ' '
    text += describeValue(value, limit)
  }
  return text
}

/** Takes the values that it fills in out of `rest`. */
function fillPlaces(format: string, rest: unknown[]): string[] {
  const filled = format.replaceAll(/%[sdifoOc%]/g, (place) => {
    if (place === '%%') return '%'
    return rest.length === 0 ? place : fill(place, rest.shift())
  })
  return [filled]
}

function fill(place: string, value: unknown): string {
  // Colours and fonts are not shown.
  if (place === '%c') return ''
  if (place !== '%d' && place !== '%i' && place !== '%f') return describeValue(value, limit)
  const isNumeric = typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint'
  const number = isNumeric ? Number(value) : NaN
  return String(place === '%i' || (place === '%d' && typeof value === 'string') ? Math.trunc(number) : number)
}

/** Rows and columns as text of one line a row; a value that has no rows as itself. */
export function formatTable(data: unknown, wanted: unknown): string {
  if (typeof data !== 'object' || data === null) return formatValues([data])
  const rows = entriesOf(data, mostRows).map(([key, row]) => [key, entriesOf(row, mostColumns)] as const)
  const chosen = Array.isArray(wanted)
    ? wanted.slice(0, mostColumns).map((name) => describeValue(name, 100))
    : null
  const found = [...new Set(rows.flatMap(([, cells]) => cells.map(([key]) => key)))]
  const columns = (chosen ?? found).slice(0, mostColumns)
  const lines = rows.map(([key, cells]) => {
    const byName = new Map(cells)
    return [key, ...columns.map((name) => (byName.has(name) ? describeValue(byName.get(name), 40) : ''))]
  })
  return [['', ...columns], ...lines].map((cells) => cells.join(' | ')).join('\n')
}

/** Own entries, at most `most`; a value without any is its own one entry. Calls no getters. */
function entriesOf(value: unknown, most: number): [string, unknown][] {
  try {
    if (typeof value !== 'object' || value === null) return [['value', value]]
    const keys = Array.isArray(value)
      ? Array.from({ length: Math.min(most, value.length) }, (_, index) => String(index))
      : Object.keys(value).slice(0, most)
    return keys.map((key) => [key.slice(0, 100), Object.getOwnPropertyDescriptor(value, key)?.value])
  } catch {
    return [['value', value]]
  }
}
