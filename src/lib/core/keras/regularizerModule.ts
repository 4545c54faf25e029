/** `regularizers` of the module 'tandem/keras': classes, and Keras' functions of the same names. */
import type { Given } from '../util/parameters'
import { L1, L1L2, L2, type l1l2Parameters, type l1Parameters, type l2Parameters } from './regularizers'

export { L1, L1L2, L2 } from './regularizers'

/** factor·Σ|w|, 0.01 when left out. */
export const l1 = (...given: Given<typeof l1Parameters.table>): L1 => new L1(...given)

/** factor·Σw², 0.01 when left out. */
export const l2 = (...given: Given<typeof l2Parameters.table>): L2 => new L2(...given)

/** l1·Σ|w| + l2·Σw², 0 each when left out. */
export const l1l2 = (...given: Given<typeof l1l2Parameters.table>): L1L2 => new L1L2(...given)
