/** How a value that came from a file or a link stands in a message. */
import { quoteText } from './quoteText'

/** Characters that a value takes in an error message. */
const shownCharacters = 40
/** Entries of a list or an object that can be seen in so many characters, and how deep. */
const shownEntries = shownCharacters / 2
const shownDepth = 4

/** A value as an error message shows it, shortened; what is not shown costs nothing, however large or deep it is. */
export function printValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return quoteText(value)
  const text = typeof value === 'number' ? String(value) : sketch(value, 0)
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters - 3)}...` : text
}

/** As JSON has it, as far as it is shown. */
function sketch(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, shownCharacters))
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth === shownDepth) return '…'
  if (Array.isArray(value)) {
    return `[${value
      .slice(0, shownEntries)
      .map((one) => sketch(one, depth + 1))
      .join(',')}]`
  }
  const entries: string[] = []
  for (const key in value) {
    if (entries.length === shownEntries) break
    entries.push(`${sketch(key, depth)}:${sketch((value as Record<string, unknown>)[key], depth + 1)}`)
  }
  return `{${entries.join(',')}}`
}
