/** All types of optimizers, in the order in which the page offers them. */
import type { ReadBy } from '../settings'
import { adagrad } from './adagrad'
import { adam, adamw } from './adam'
import type { OptimizerFacts } from './record'
import { rmsprop } from './rmsprop'
import { sgd } from './sgd'

const records = { sgd, adam, adamw, rmsprop, adagrad } as const

type Records = typeof records

/** The name of an optimizer's type. */
export type OptimizerType = Records[keyof Records]['type']

/** The optimizer of a spec. */
export type OptimizerSpec = ReadBy<Records[keyof Records]['schema']>

/** The records by type: a key that is not the record's own type does not compile. */
export const optimizerRecords: {
  readonly [T in OptimizerType]: Extract<Records[keyof Records], { readonly type: T }>
} = records

/** The types in the order in which the page offers them. */
export const optimizerTypes = Object.keys(optimizerRecords) as readonly OptimizerType[]

/** The schemas in the same order. */
export const optimizerSchemas = optimizerTypes.map((type) => optimizerRecords[type].schema)

/** The facts of an optimizer. */
export function optimizerFacts({ type }: OptimizerSpec): OptimizerFacts<OptimizerSpec> {
  // The table's key is the optimizer's own type, which TypeScript cannot follow through the union.
  return optimizerRecords[type] as OptimizerFacts<OptimizerSpec>
}
