/** What is known of a kind of data without its examples, in one record: every part of Tandem that needs one of these facts reads it here. */
import type { Shape } from '../../util/shapes'
import type { Options } from '../calls'
import type { Style } from '../dialect'
import { objectOf, settingsOf, type Entries, type ObjectOf, type Setting, type ValuesOf } from '../settings'

/** Whether classes or numbers are predicted. */
export type Task = 'classification' | 'regression'

/** How examples are drawn, and what a model is asked about: points of a plane, images, sequences of tokens, rows of a table. */
export type DataView = 'plane' | 'images' | 'sequences' | 'rows'

/** The statement that makes the data in a program: the function is named after the kind. */
export interface DataCall {
  readonly isAwaited: boolean
  /** Lines before it. */
  readonly lines: readonly string[]
  readonly positional: readonly string[]
  /** Before those of the split, of which every kind has the same. */
  readonly options: Options
  /** After those of the labels. */
  readonly further: Options
}

/** What a program says beside the data. */
export interface DataContext {
  readonly style: Style
  /** How many different integers the model looks up; undefined for one that reads numbers as they are. */
  readonly tokens: number | undefined
}

/** The facts of data whose entries have the values `D`. */
export interface DataFacts<D, V extends DataView = DataView, B extends string | null = string | null> {
  /** What an error calls the data. */
  readonly label: string
  /** What the page's list calls the data. */
  readonly choice: string
  /** What the data are, in a sentence. */
  readonly description: string
  readonly view: V
  /** Where the examples come from: drawn from the seed, a file of the site, or one that somebody chooses. */
  readonly source: 'seed' | 'site' | 'file'
  /** The button that opens the dialog in which somebody makes the data; null where settings are enough. */
  readonly edit: B
  readonly task: (data: D) => Task
  /** Shape of one example, channels last; a length that differs is open. */
  readonly inputShape: (data: D) => Shape
  /** In place of an open length: that of the longest example. */
  readonly longest: (data: D) => number
  /** Number of classes; 0 for a regression. */
  readonly classes: (data: D) => number
  /** The numbers of classes that the page offers; empty where there is no choice. */
  readonly classChoices: readonly number[]
  /**
   * How many different integers the examples may be made of: Infinity where only the file knows, null for real numbers,
   * which nothing can be looked up by.
   */
  readonly tokens: (data: D) => number | null
  /** Number of examples, train and test together; 0 where the spec does not say. */
  readonly count: (data: D) => number
  /** The largest share that may train. */
  readonly mostTrained: number
  /** Throws `SpecError` for entries that contradict each other. */
  readonly check: (data: D) => void
  readonly call: (data: D, context: DataContext) => DataCall
}

/** A kind of data with its schema and its facts. */
export interface DataRecord<
  K extends string,
  V extends DataView,
  B extends string | null,
  E extends Entries,
> extends DataFacts<ValuesOf<E>, V, B> {
  readonly kind: K
  readonly schema: ObjectOf<'kind', K, E>
  /** Its plain fields on the page, in this order. */
  readonly settings: readonly Setting[]
}

/** The record of a kind from its entries and facts. */
export function dataRecord<
  const K extends string,
  V extends DataView,
  B extends string | null,
  E extends Entries,
>(kind: K, entries: E, facts: DataFacts<ValuesOf<E>, V, B>): DataRecord<K, V, B, E> {
  return { ...facts, kind, schema: objectOf('kind', kind, entries), settings: settingsOf(entries) }
}

/** A call with options alone. */
export function plainCall(options: Options, parts: Partial<DataCall> = {}): DataCall {
  return { isAwaited: false, lines: [], positional: [], options, further: [], ...parts }
}

/** For a check that has nothing to refuse. */
export function unchecked(): void {
  // Each entry is checked by itself.
}
