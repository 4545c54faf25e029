/** Arguments by position, in Keras' order, with one object at the end for those that are given by name. */
import { ArgumentError } from '../util/errors'
import { assertOptions } from './names'

/** Values by position, and options by name. */
export type Arguments<Options> = readonly (Options | Options[keyof Options] | undefined)[]

/**
 * The arguments by name, as `dense(8, 'relu')` and `dense({ units: 8, activation: 'relu' })` give them. `names` are in Keras'
 * order; `named` can be given by name only. Throws ArgumentError for unknown names, and for one that comes twice.
 */
export function argumentsOf<Options extends object>(
  where: string,
  given: Arguments<Options>,
  names: readonly (keyof Options & string)[],
  named: readonly (keyof Options & string)[] = [],
): Partial<Options> {
  const last: unknown = given.at(-1)
  const byName = (isPlainObject(last) ? last : {}) as Partial<Options>
  const byPosition = isPlainObject(last) ? given.slice(0, -1) : given
  assertOptions(where, byName, [...names, ...named])
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
