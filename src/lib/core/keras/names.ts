/** Names and options that a Keras-style call does not know: errors instead of silence, as in Python. */
import { ArgumentError } from '../util/errors'
import { knownName } from '../util/spelling'

/** One of our names, which the editor offers, or another spelling of it, which is checked when the program runs. */
export type Spelling<Name extends string> = Name | (string & Record<never, never>)

/** `where: expected one of …, got 'x'.`, or the one name that was meant where it is spelt as in Python. */
export function unknownName(where: string, name: unknown, known: readonly string[]): ArgumentError {
  const got = typeof name === 'string' ? `'${name}'` : String(name)
  const meant = knownName(name, known)
  if (meant !== undefined) {
    return new ArgumentError(`${where}: expected '${meant}', got ${got}. Write '${meant}'.`)
  }
  const list = known.map((each) => `'${each}'`).join(', ')
  return new ArgumentError(`${where}: expected one of ${list}, got ${got}. Write '${known[0] ?? ''}'.`)
}

/** Throws ArgumentError for an option that the call does not have. */
export function assertOptions(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownName(`${where} options`, unknown, known)
}

/** What the table makes for a name, in either spelling; throws ArgumentError for one that it does not have. */
export function madeByName<T>(where: string, name: string, table: Readonly<Record<string, () => T>>): T {
  const known = knownName(name, Object.keys(table))
  const make = known === undefined ? undefined : table[known]
  if (make) return make()
  throw unknownName(where, name, Object.keys(table))
}

/** Throws ArgumentError unless `formulation` is one of the two frameworks. */
export function assertFormulation(where: string, formulation: string): void {
  if (formulation === 'keras' || formulation === 'torch') return
  throw unknownName(`${where} formulation`, formulation, ['keras', 'torch'])
}
