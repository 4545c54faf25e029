/** Text from a file, which may be as long and as strange as it likes, as a message shows it. */
import { cutText } from '../util/cutText'
import { escapeHidden } from '../util/hiddenCharacters'

/** Longest text that a message shows whole. */
const shownCharacters = 200

/** A text from a file, cut and with hidden characters made visible. */
export function shown(text: string): string {
  return escapeHidden(cutText(text, shownCharacters).replaceAll('\n', ' '))
}
