/** `regularizers` of the module 'tandem/keras': classes, and Keras' functions of the same names. */
import { L1, L1L2, L2, type L1L2Options } from './regularizers'

export { L1, L1L2, L2 } from './regularizers'

/** factor·Σ|w|, 0.01 when left out. */
export const l1 = (factor = 0.01): L1 => new L1(factor)

/** factor·Σw², 0.01 when left out. */
export const l2 = (factor = 0.01): L2 => new L2(factor)

/** l1·Σ|w| + l2·Σw², 0 each when left out. */
export const l1l2 = (options: L1L2Options = {}): L1L2 => new L1L2(options)
