/** Lists of what a module has by name. */

/** Which parameters and buffers are listed. */
export interface Listing {
  readonly prefix?: string
  readonly recurse?: boolean
  readonly removeDuplicate?: boolean
}

/** What has several names under the first of them only. */
export function distinct<T>(named: [string, T][]): [string, T][] {
  const seen = new Set<T>()
  return named.filter(([, value]) => !seen.has(value) && seen.add(value))
}

/** Whether it is a list of numbers, such as a shape. */
export function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number')
}
