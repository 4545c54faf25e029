/** Reads what was typed into a number field. */

export interface NumberBounds {
  readonly min: number
  readonly max: number
  readonly isInteger?: boolean | undefined
  /** Whether `min` itself is allowed; it is unless said otherwise. */
  readonly isMinExcluded?: boolean | undefined
}

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
