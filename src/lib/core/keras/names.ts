/** Names that a Keras-style call does not know: errors instead of silence, as in Python. */
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { nearestName } from '../util/nearestName'
import { knownName } from '../util/spelling'

/** One of our names, which the editor offers, or another spelling of it, which is checked when the program runs. */
export type Spelling<Name extends string> = Name | (string & Record<never, never>)

/** `where: expected one of …, got 'x'.`, or the one name that was meant where one is near. */
export function unknownName(where: string, name: unknown, known: readonly string[]): ArgumentError {
  const got = typeof name === 'string' ? `'${describeValue(name, 60)}'` : describeValue(name, 60)
  const meant = typeof name === 'string' ? meantBy(name, known) : undefined
  if (meant !== undefined) {
    return new ArgumentError(`${where}: expected '${meant}', got ${got}. Write '${meant}'.`)
  }
  const list = known.map((each) => `'${each}'`).join(', ')
  return new ArgumentError(`${where}: expected one of ${list}, got ${got}. Write '${known[0] ?? ''}'.`)
}

/** The one of `known` that `name` spells; throws ArgumentError for another one. */
export function spelling<Name extends string>(where: string, name: string, known: readonly Name[]): Name {
  const found = knownName(name, known)
  if (found !== undefined) return found
  throw unknownName(where, name, known)
}

/** What the table makes for a name, in either spelling; throws ArgumentError for one that it does not have. */
export function madeByName<T>(where: string, name: unknown, table: Readonly<Record<string, () => T>>): T {
  const known = knownName(name, Object.keys(table))
  const make = known === undefined ? undefined : table[known]
  if (make) return make()
  throw unknownName(where, name, Object.keys(table))
}

/** Short names such as acc are near to everything: they are meant only where they are spelt. */
function meantBy(name: string, known: readonly string[]): string | undefined {
  return knownName(name, known) ?? nearestName(name, known.filter((each) => each.length > 3)) // prettier-ignore
}
