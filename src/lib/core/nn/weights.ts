/** Weights on the host, in either style's layout, and the conversion between the layouts. */
import type { Shape } from '../util/shapes'

/** Height, width and channels of the image that a flatten layer turned into a row. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/** Kinds of recurrent cells, whose gates the frameworks order differently. One that resets before is Keras' alone. */
export type RecurrentCell = 'simpleRnn' | 'lstm' | 'gru' | 'gruResetBefore'

/** What a weight is in a recurrent cell. */
export interface RecurrentPart {
  readonly cell: RecurrentCell
  readonly part: 'kernel' | 'bias'
}

/** One weight tensor on the host. */
export interface Weight {
  /** State-dict name in torch (`0.weight`), layer path in keras (`dense/kernel`). */
  readonly name: string
  readonly shape: Shape
  readonly values: Float32Array
  /** Set where the first axis (in keras) runs along a flattened image: on the kernel of a dense layer, on normalisations. */
  readonly flattenedFrom?: ImageShape | undefined
  /** Set on the table of an embedding, which is [entries, features] in both layouts. */
  readonly isEmbedding?: boolean | undefined
  /** Set on the weights of recurrent layers. */
  readonly recurrent?: RecurrentPart | undefined
}

/**
 * All weights of a model in construction order. Keras layout: dense [in, out], conv [k, in, out] or
 * [kh, kw, in, out], flatten in height-width-channel order, recurrent biases of input and state in one [2, units] where
 * there are two. PyTorch layout: dense [out, in], conv [out, in, k] or [out, in, kh, kw], flatten in
 * channel-height-width order, those two biases one after the other.
 */
export interface ModelWeights {
  readonly layout: 'keras' | 'torch'
  readonly weights: readonly Weight[]
}
