/** What a banner says about characters of a program that cannot be seen. */
import { hiddenLines } from '$lib/core/util/hiddenCharacters'

/** More lines than these are counted. */
const namedLines = 5

/** A sentence with the lines that hold hidden characters; empty where there are none. */
export function hiddenNote(text: string): string {
  const lines = hiddenLines(text)
  if (lines.length === 0) return ''
  const named = lines.slice(0, namedLines).map(String)
  const others = lines.length - named.length
  const last = others > 0 ? `${others} more` : named.pop()
  const list = named.length === 0 ? last : `${named.join(', ')} and ${last}`
  const where = lines.length === 1 ? 'line' : 'lines'
  return `It holds characters that cannot be seen, in ${where} ${list}: they are shown as escapes, such as \\u200B.`
}
