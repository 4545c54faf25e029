/** Characters of a name that would be in a program without being seen, or show its text in another order than it is read. */

/** Control characters, line separators, lone surrogates and formats such as bidi marks; joiners belong to words and emoji. */
const hidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu

/** The text with `print` of its code point in the place of each hidden character. */
export function replaceHidden(text: string, print: (codePoint: number) => string): string {
  return text.replaceAll(hidden, (character) => print(character.codePointAt(0) ?? 0))
}

/** `202e`: at least so many hexadecimal digits. */
export function hexadecimal(codePoint: number, digits: number): string {
  return codePoint.toString(16).padStart(digits, '0')
}
