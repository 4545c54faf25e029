/** What separates the columns of a CSV file: told by its first line, or found in its rows. */
import { quoteText } from '../util/quoteText'
import { ArgumentError } from '../util/errors'
import { rowsOf } from './csvRows'

/** Of those that fit equally well the first counts: a comma is the likeliest to stand in a text or in a number. */
const separators = ['\t', ';', '|', ','] as const

type Separator = (typeof separators)[number]

/** Rows that are looked at, the header aside, in no more than so many characters. */
const sampledRows = 50
const sampledCharacters = 1_000_000

/** What a first line such as `sep=;` says, and the text after it; null where there is none. Throws ArgumentError for others. */
export function declaredSeparator(
  text: string,
): { readonly separator: Separator; readonly rest: string } | null {
  const [line, said = ''] = /^"?sep=([^\n"]{0,20})"?(?:\n|$)/i.exec(text) ?? []
  if (line === undefined) return null
  const separator = separators.find((one) => one === said)
  if (separator !== undefined) return { separator, rest: text.slice(line.length) }
  throw new ArgumentError(
    `csv: row 1: expected sep= with a comma, a semicolon, a tab or a bar (|), got ${quoteText(`sep=${said}`)}. ` +
      'Name the one between the columns, or remove the row.',
  )
}

/** The separator that gives the most rows as many fields as the header, which has two or more; a comma where none does. */
export function likelySeparator(text: string, mostFields: number): Separator {
  let likely: Separator = ','
  let most = -1
  const end = text.length > sampledCharacters ? text.lastIndexOf('\n', sampledCharacters) : -1
  const sample = end < 0 ? text : text.slice(0, end)
  for (const separator of separators) {
    const share = agreement(sample, separator, mostFields)
    if (share <= most) continue
    most = share
    likely = separator
  }
  return likely
}

/** Share of the sampled rows that have as many fields as the header; −1 where that has one. */
function agreement(text: string, separator: Separator, mostFields: number): number {
  let width = 0
  let rows = 0
  let agreeing = 0
  try {
    for (const { fields } of rowsOf(text, { separator, mostFields })) {
      if (width === 0) {
        width = fields.length
        if (width < 2) return -1
        continue
      }
      rows++
      if (fields.length === width) agreeing++
      if (rows === sampledRows) break
    }
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    // What stands in the way is told when the file is read; it counts against this separator.
    if (width === 0) return -1
    rows++
  }
  return rows === 0 ? 0 : agreeing / rows
}
