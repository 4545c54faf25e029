/** Weights on the host, in either style's layout, and the conversion between the layouts. */
import type { Shape } from '../util/shapes'

/** Height, width and channels of the image that a flatten layer turned into a row. */
export type ImageShape = readonly [height: number, width: number, channels: number]

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
}

/**
 * All weights of a model in construction order. Keras layout: dense [in, out], conv [kh, kw, in, out],
 * flatten in height-width-channel order. PyTorch layout: dense [out, in], conv [out, in, kh, kw],
 * flatten in channel-height-width order.
 */
export interface ModelWeights {
  readonly layout: 'keras' | 'torch'
  readonly weights: readonly Weight[]
}
