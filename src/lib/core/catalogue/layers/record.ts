/** What is known of a type of layer, in one record: every part of Tandem that needs one of these facts reads it here. */
import type { Shape } from '../../util/shapes'
import type { ClassCall } from '../calls'
import type { KerasLayerName, TorchModuleName } from '../classes'
import type { Dialect } from '../dialect'
import { recordOf, type Entries, type ObjectOf, type Setting, type ValuesOf } from '../settings'

/** Where a layer stands in a model. */
export interface LayerPlace {
  readonly type: string
  /** Shape of one example that the layer reads, channels last. */
  readonly input: Shape
  /** Of the layer in the spec, for errors. */
  readonly path: string
  /** How many different integers the layer reads: Infinity where only the file knows, null for real numbers. */
  readonly tokens: number | null
}

/** What a layer gives for one example, and how many weights it trains in Keras' style. */
export interface LayerResult {
  readonly output: Shape
  readonly parameters: number
}

/** The facts of a layer whose entries have the values `V`. */
export interface LayerFacts<V> {
  /** The name as people say it. */
  readonly label: string
  /** What the page says instead of fields where there is nothing to set; null where there is. */
  readonly note: string | null
  /** What the page adds. */
  readonly fresh: V
  /** What is special about one, in a few characters: `8 · tanh`. */
  readonly detail: (layer: V) => string
  /** Throws `SpecError` where the input does not fit. */
  readonly shape: (layer: V, place: LayerPlace) => LayerResult
  /** Calls of `keras.layers`. */
  readonly keras: (layer: V, dialect: Dialect) => readonly ClassCall<KerasLayerName>[]
  /** Calls of `torch.nn`. */
  readonly torch: (layer: V, input: Shape, dialect: Dialect) => readonly ClassCall<TorchModuleName>[]
  /** A sentence for each difference of the frameworks' defaults, other than the usual initial weights. */
  readonly differences: readonly string[]
  /** Whether it makes sense on sequences of tokens alone. */
  readonly needsSequences: boolean
  /** Whether a model may end with it, so that its `activation` is the model's. */
  readonly canEnd: boolean
  /** Backends on which TensorFlow.js lacks a gradient that it needs. */
  readonly untrainableOn: readonly 'wasm'[]
}

/** A type of layer with its schema and its facts. */
export interface LayerRecord<T extends string, E extends Entries> extends Omit<
  LayerFacts<ValuesOf<E>>,
  'fresh'
> {
  readonly type: T
  readonly fresh: ValuesOf<E> & { readonly type: T }
  readonly schema: ObjectOf<'type', T, E>
  /** Its fields on the page, in this order. */
  readonly settings: readonly Setting[]
}

/** The record of a type from its entries and facts. */
export function layerRecord<const T extends string, E extends Entries>(
  type: T,
  entries: E,
  facts: LayerFacts<ValuesOf<E>>,
): LayerRecord<T, E> {
  return recordOf(type, entries, facts)
}
