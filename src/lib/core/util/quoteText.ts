/** Text that comes from files or links, as it stands in a message. */
import { cutText } from './cutText'

/** The text in quotes and in one line, cut to `limit` characters: `"abc… 19.0 MB more"`. */
export function quoteText(text: string, limit = 60): string {
  return JSON.stringify(cutText(text, limit))
}
