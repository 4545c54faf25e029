/** Checks of the trailing options object, which stands for PyTorch's keyword arguments. */
import { argumentsWith } from '../util/arguments'
import { ArgumentError } from '../util/errors'
import { knownName } from '../util/spelling'

export type { Arguments } from '../util/arguments'

/** Throws ArgumentError for an option that `where` does not have: a typing error would be ignored silently. */
export function assertOptions(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const meant = knownName(unknown, known)
  if (meant !== undefined) {
    throw new ArgumentError(`${where}: expected the option ${meant}, got ${unknown}. Write ${meant}.`)
  }
  throw new ArgumentError(
    `${where}: expected the options ${known.join(', ')}, got ${unknown}. Use PyTorch's name for it, in camelCase.`,
  )
}

/** Throws ArgumentError unless all values are 0 or more. */
export function assertAtLeastZero(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value >= 0) continue
    throw new ArgumentError(
      `${where}: expected ${name} of at least 0, got ${value}. Use a number such as 0.01.`,
    )
  }
}

/** Throws ArgumentError unless `value` is one of `known`. */
export function assertOneOf(where: string, name: string, value: unknown, known: readonly unknown[]): void {
  if (known.includes(value)) return
  throw new ArgumentError(
    `${where}: expected ${name} to be one of ${known.map(String).join(', ')}, got ${String(value)}. Pass one of those.`,
  )
}

/** The arguments by name: `conv(1, 8, 3, 1, 1)` is `conv(1, 8, 3, { padding: 1 })`. Throws as `argumentsWith` says. */
export const argumentsOf = argumentsWith(assertOptions)

/** An argument that may be given by position or by name, as in `softmax(x, 1)` and `softmax(x, { dim: 1 })`. */
export function byNameOrPosition<K extends string, T>(
  given: T | Readonly<Partial<Record<K, T>>>,
  name: K,
): T | undefined {
  const isNamed = typeof given === 'object' && given !== null && !Array.isArray(given)
  return isNamed ? (given as Readonly<Partial<Record<K, T>>>)[name] : (given as T)
}
