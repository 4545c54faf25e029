/** What is known of a type of optimizer, in one record: every part of Tandem that needs one of these facts reads it here. */
import type { Options } from '../calls'
import type { OptimizerName } from '../classes'
import type { Dialect, PerStyle } from '../dialect'
import type { KerasUpdate } from './kerasUpdate'
import { recordOf, type Entries, type ObjectOf, type Setting, type ValuesOf } from '../settings'

/** The facts of an optimizer whose entries have the values `V`. */
export interface OptimizerFacts<V> {
  /** Its class, which is the same word in both frameworks. */
  readonly label: OptimizerName
  /** What the page chooses: a learning rate that suits these small models, and the schema's defaults. */
  readonly fresh: V
  /** Options of `keras.optimizers`, between the learning rate and the weight decay. */
  readonly keras: (optimizer: V, dialect: Dialect) => Options
  /** Options of `torch.optim`, at the same place. */
  readonly torch: (optimizer: V, dialect: Dialect) => Options
  /** Keras' update rule, which both styles can use. */
  readonly kerasUpdate: KerasUpdate
  /** Of each framework's class. */
  readonly defaultDecay: PerStyle
  /** Whether both frameworks take the decay from the weights, so that it belongs to the optimizer's own settings. */
  readonly isDecoupled: boolean
  /** Whether the frameworks' update rules round or act differently. */
  readonly hasTwoFormulations: (optimizer: V) => boolean
  /** A sentence for each difference of the frameworks' rules and defaults. */
  readonly differences: (optimizer: V) => readonly string[]
  /** Throws `SpecError` for entries that contradict each other. */
  readonly check: (optimizer: V) => void
  /** The entries that put right what `check` would refuse. */
  readonly corrections: (optimizer: V) => Partial<V>
  /** Why the page does not let a setting be changed now, by its entry. */
  readonly locked: (optimizer: V) => Readonly<Record<string, string>>
}

/** A type of optimizer with its schema and its facts. */
export interface OptimizerRecord<T extends string, E extends Entries> extends Omit<
  OptimizerFacts<ValuesOf<E>>,
  'fresh'
> {
  readonly type: T
  readonly fresh: ValuesOf<E> & { readonly type: T }
  readonly schema: ObjectOf<'type', T, E>
  /** Its fields on the page except the learning rate, in this order. */
  readonly settings: readonly Setting[]
}

/** The record of a type from its entries and facts. */
export function optimizerRecord<const T extends string, E extends Entries>(
  type: T,
  entries: E,
  facts: OptimizerFacts<ValuesOf<E>>,
): OptimizerRecord<T, E> {
  return recordOf(type, entries, facts)
}
