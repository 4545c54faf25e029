/** Checks of the trailing options object, which stands for PyTorch's keyword arguments. */
import { ArgumentError } from '../util/errors'
import { knownName } from '../util/spelling'

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

/** Arguments by position, in PyTorch's order, with one object at the end for those that are given by name. */
export type Arguments<Options> = readonly (Options | Options[keyof Options] | undefined)[]

/**
 * The arguments by name, as `conv(1, 8, 3, { padding: 1 })` and `conv(1, 8, 3, 1, 1)` give them. `names` are in PyTorch's
 * order; `named` can be given by name only. Throws ArgumentError for unknown names, and for one that comes twice.
 */
export function argumentsOf<Options extends object>(
  where: string,
  given: Arguments<Options>,
  names: readonly (keyof Options & string)[],
  named: readonly (keyof Options & string)[] = [],
): Partial<Options> {
  const last = given.at(-1)
  const byName = (isPlainObject(last) ? last : {}) as Partial<Options>
  const byPosition = isPlainObject(last) ? given.slice(0, -1) : given
  const known = [...names, ...named]
  assertOptions(where, byName, known)
  if (byPosition.length > names.length) {
    throw new ArgumentError(
      `${where}: expected ${names.length} arguments at most (${names.join(', ')}), got ${byPosition.length}. ` +
        'Give the others by name, in one object at the end.',
    )
  }
  const positional = byPosition.flatMap((value, index) => {
    const name = names[index]
    return value === undefined || name === undefined ? [] : [[name, value] as const]
  })
  const twice = positional.find(([name]) => name in byName)
  if (twice) {
    throw new ArgumentError(
      `${where}: expected ${twice[0]} once, got it by position and by name. Leave out one of them.`,
    )
  }
  return { ...(Object.fromEntries(positional) as Partial<Options>), ...byName }
}

/** Whether the value is an object literal. */
export function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** An argument that may be given by position or by name, as in `softmax(x, 1)` and `softmax(x, { dim: 1 })`. */
export function byNameOrPosition<K extends string, T>(
  given: T | Readonly<Partial<Record<K, T>>>,
  name: K,
): T | undefined {
  const isNamed = typeof given === 'object' && given !== null && !Array.isArray(given)
  return isNamed ? (given as Readonly<Partial<Record<K, T>>>)[name] : (given as T)
}
