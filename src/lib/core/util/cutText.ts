/** Shortens text that comes from files, links or programs, so that a message stays one that can be read. */
import { formatBytes } from './figures'

/** The text, or its first `limit` characters and how much follows: `abc… 19.0 MB more`. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}${rest(text.length - limit)}`
}

/** The same in quotes, with what is not visible as JSON escapes it: `"abc"… 19.0 MB more`. */
export function quoteText(text: string, limit = 40): string {
  const quoted = JSON.stringify(text.slice(0, limit))
  return text.length <= limit ? quoted : `${quoted}${rest(text.length - limit)}`
}

function rest(characters: number): string {
  return `… ${characters < 1024 ? `${characters} characters` : formatBytes(characters)} more`
}
