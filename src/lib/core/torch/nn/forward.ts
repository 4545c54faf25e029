/** What `forward` of most modules takes, one tensor, and the settings that it goes by. */
import { parameters, type Given, type ParameterList } from '../../util/parameters'
import { tensor } from '../kinds'

const table = { input: tensor }

/** A tensor as the only argument. */
export type OneInput = Given<typeof table>

/** Reads the arguments of `forward` of a class. */
export function oneInput(className: string): ParameterList<typeof table> {
  return parameters(`${className}.forward`, table)
}

/** The fields of these names, as they are now: programs may change them. */
export function fieldsOf(object: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, Reflect.get(object, name) as unknown]))
}
