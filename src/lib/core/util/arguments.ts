/** Arguments by position, in the order of the framework, with one object at the end for those that are given by name. */
import { ArgumentError } from './errors'
import { isPlainObject } from './plainObject'

/** Values by position, and options by name. */
export type Arguments<Options> = readonly (Options | Options[keyof Options] | undefined)[]

/** Throws ArgumentError, in the words of a style, for an option that `where` does not have. */
export type AssertOptions = (where: string, options: object, known: readonly string[]) => void

type ArgumentsOf = <Options extends object>(
  where: string,
  given: Arguments<Options>,
  names: readonly (keyof Options & string)[],
  named?: readonly (keyof Options & string)[],
) => Partial<Options>

/**
 * The `argumentsOf` of a style, which gives arguments by name. Its `names` are in the framework's order; `named` can be given
 * by name only. Throws ArgumentError for unknown names, for too many values, and for one that comes twice.
 */
export function argumentsWith(assertOptions: AssertOptions): ArgumentsOf {
  return <Options extends object>(
    where: string,
    given: Arguments<Options>,
    names: readonly (keyof Options & string)[],
    named: readonly (keyof Options & string)[] = [],
  ) => {
    const last: unknown = given.at(-1)
    const byName = (isPlainObject(last) ? last : {}) as Partial<Options>
    const byPosition = isPlainObject(last) ? given.slice(0, -1) : given
    assertOptions(where, byName, [...names, ...named])
    return { ...positional(where, byPosition, names, byName), ...byName }
  }
}

function positional<Options extends object>(
  where: string,
  values: Arguments<Options>,
  names: readonly (keyof Options & string)[],
  byName: object,
): Partial<Options> {
  if (values.length > names.length) {
    throw new ArgumentError(
      `${where}: expected ${names.length} arguments at most (${names.join(', ')}), got ${values.length}. ` +
        'Give the others by name, in one object at the end.',
    )
  }
  const given = values.flatMap((value, index) => {
    const name = names[index]
    return value === undefined || name === undefined ? [] : [[name, value] as const]
  })
  const twice = given.find(([name]) => name in byName)
  if (twice) {
    throw new ArgumentError(
      `${where}: expected ${twice[0]} once, got it by position and by name. Leave out one of them.`,
    )
  }
  return Object.fromEntries(given) as Partial<Options>
}
