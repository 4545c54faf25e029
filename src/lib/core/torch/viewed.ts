/** Views: tensors that are a part, or another form, of one whose values they share. Source: torch, "Tensor Views". */
import type { tf } from '../eager/tfjs'

/** How the values of a view are those of the whole. */
export interface Viewing {
  /** The view of the whole. */
  readonly take: (whole: tf.Tensor) => tf.Tensor
  /** Whether gradients end here: then the view may change what is learned, as `x.data` may. */
  readonly cutsGraph?: boolean
  /** The whole, with the values of the view in their places. */
  readonly put: (whole: tf.Tensor, view: tf.Tensor) => tf.Tensor
}

/** What a view knows of the tensor that it is of. */
export interface View<Whole> extends Viewing {
  readonly whole: Whole
  /** Tells the values of the whole that the view was last taken of from later ones. */
  seen: unknown
}
