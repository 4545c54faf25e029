/**
 * Characters that change how a text reads, or what it does, without being seen: the one table of everything that shows
 * programs. What Unicode calls control, format, private, unassigned or lone surrogate (`C`), every separator (`Z`)
 * except the plain space, what fonts may ignore, and the empty Braille cell. Tab and line feed are what lines are made of.
 * Source: https://trojansource.codes and UTS #55, https://www.unicode.org/reports/tr55/
 */
export const hiddenCharacters = /(?![\t\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** `\u202E`, or `\u{E0041}` for a character beyond 16 bits: what JavaScript reads as the same in a string. */
export function escapeOf(character: string): string {
  const digits = hexOf(character)
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits}`
}

/** What a hidden character is, for whoever points at its escape. */
export function describeHidden(character: string): string {
  return `A character that cannot be seen: U+${hexOf(character)}`
}

/** The text with every hidden character escaped, as `escape` writes it. */
export function escapeHidden(text: string, escape: (character: string) => string = escapeOf): string {
  return text.replace(hiddenCharacters, escape)
}

/** Numbers of the lines that hold hidden characters, ascending; the first is 1. */
export function hiddenLines(text: string): readonly number[] {
  const lines: number[] = []
  let line = 1
  let position = 0
  for (const { index } of text.matchAll(hiddenCharacters)) {
    for (; position < index; position++) if (text[position] === '\n') line++
    if (lines.at(-1) !== line) lines.push(line)
  }
  return lines
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
