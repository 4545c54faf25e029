/** Long text cut to a limit, with how much is left out. */
import { formatBytes } from './figures'

/** Room for `… 9999 characters more` and `… 512.0 MB more`. */
const roomForEnd = 24
/** From here on a size says more than a count. */
const mostCounted = 10_000

/** The text in at most `limit` characters; a longer one ends like `… 312 characters more` or `… 19.1 MB more`. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const kept = wholeCharacters(text, Math.max(0, limit - roomForEnd))
  const left = text.length - kept
  const amount = left < mostCounted ? `${left} characters` : formatBytes(left)
  return `${text.slice(0, kept)}… ${amount} more`.slice(0, limit)
}

/** So many characters, or one fewer where the last would be half of a pair. */
function wholeCharacters(text: string, count: number): number {
  const last = text.charCodeAt(count - 1)
  return last >= 0xd800 && last < 0xdc00 ? count - 1 : count
}
