/** What a console shows of a text: nothing that cannot be seen, and not more than fits. */
import { cutText } from './cutText'
import { formatCount } from './figures'
import { escapeHidden } from './hiddenCharacters'
import { limits } from './laneLimits'

/** The text with hidden characters escaped, in so many lines and characters; the last line says how many more there were. */
export function printable(text: string): string {
  const shown = escapeHidden(text.replaceAll(/\r\n?/g, '\n'))
  const lines = shown.split('\n')
  const left = lines.length - limits.printedLines + 1
  if (left <= 1) return cutText(shown, limits.printedText)
  const end = `\n… ${formatCount(left)} more lines`
  return cutText(lines.slice(0, -left).join('\n'), limits.printedText - end.length) + end
}
