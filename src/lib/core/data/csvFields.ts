/** What a field of a CSV file says: a number, nothing, or a text. */

/** Each digit belongs to one part only, so that a long text that is no number is refused in one pass. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** What programs write where a value is missing: R, pandas, SQL, and the files of the UCI repository. */
const gapMarks = new Set(['', 'na', 'n/a', '#n/a', '<na>', 'nan', 'null', '?'])
const longestMark = 4

/** The number that a field holds; NaN for one that is none, or that float32 cannot hold. */
export function numberIn(field: string): number {
  const value = decimal.test(field) ? Number(field) : NaN
  return Number.isFinite(Math.fround(value)) ? value : NaN
}

/** `3,5` is a number in files that do not need the comma for anything else. */
export function withDecimalPoint(field: string): string {
  return field.replace(/^(\s*[+-]?\d*),(\d+\s*)$/, '$1.$2')
}

/** Whether a field is empty or says that its value is missing: `NA`, `NaN`, `null`, `?`. */
export function isGap(field: string): boolean {
  return field.length <= longestMark && gapMarks.has(field.toLowerCase())
}

/** What to do about a field without a value. */
export const fillGap = 'Fill it in, skip rows with gaps (skipGaps), or leave the column out.'
