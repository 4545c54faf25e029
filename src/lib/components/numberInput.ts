/** Reads what was typed into a number field. */
import type { NumberBounds } from '$lib/core/catalogue/settings'

/** The number in `text`, or the sentence that says what to type instead. */
export function readNumber(text: string, bounds: NumberBounds): number | { readonly problem: string } {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const isAboveMin = bounds.isMinExcluded === true ? value > bounds.min : value >= bounds.min
  const isWhole = bounds.isInteger !== true || Number.isInteger(value)
  if (Number.isFinite(value) && isAboveMin && value <= bounds.max && isWhole) return value
  const kind = bounds.isInteger === true ? 'a whole number' : 'a number'
  const range =
    bounds.isMinExcluded === true
      ? `above ${String(bounds.min)}, at most ${String(bounds.max)}`
      : `from ${String(bounds.min)} to ${String(bounds.max)}`
  return { problem: `Type ${kind} ${range}.` }
}

/** The rising numbers in `text`, parted by commas or spaces, or the sentence that says what to type instead. */
export function readNumberList(
  text: string,
  bounds: NumberBounds,
): readonly number[] | { readonly problem: string } {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '')
  const numbers: number[] = []
  for (const word of words.length === 0 ? [''] : words) {
    const number = readNumber(word, bounds)
    if (typeof number !== 'number') return number
    if (number <= (numbers.at(-1) ?? -Infinity)) return { problem: 'Type rising numbers.' }
    numbers.push(number)
  }
  return numbers
}
