/** Arguments in Keras' order: `dense(8, 'relu')` is `dense({ units: 8, activation: 'relu' })`. */
import { argumentsWith } from '../util/arguments'
import { assertOptions } from './names'

export type { Arguments } from '../util/arguments'

/** The arguments by name; throws ArgumentError as `argumentsWith` says. */
export const argumentsOf = argumentsWith(assertOptions)
