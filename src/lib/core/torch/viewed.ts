/** Views: tensors that are a part, or another form, of one whose values they share. Source: torch, "Tensor Views". */
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { sizeOf } from '../util/shapes'
import { isContiguous, placesOf, repeats, type Layout } from './layouts'

/** What a view knows of the tensor that it is of, which is no view itself unless it is a leaf. */
export interface View<Whole> {
  readonly whole: Whole
  /** Where its values are. */
  readonly layout: Layout
  /** Whether gradients end here: then the view may change what is learned, as `x.data` may. */
  readonly cutsGraph: boolean
  /** Tells the values of the whole that the view was last taken of from later ones. */
  seen: unknown
}

/** The values of the whole that a view has. */
export function taken(whole: tf.Tensor, layout: Layout): tf.Tensor {
  const flat = tf.reshape(whole, [-1])
  const shape = [...layout.shape]
  if (!isContiguous(layout)) return tf.reshape(pickedFrom(flat, placesOf(layout)), shape)
  const size = sizeOf(shape)
  return tf.reshape(size === flat.size ? flat : tf.slice(flat, [layout.offset], [size]), shape)
}

/** The whole, with the values of a view in their places. Throws ArgumentError where several are in one place. */
export function putInto(whole: tf.Tensor, layout: Layout, view: tf.Tensor): tf.Tensor {
  if (repeats(layout)) {
    throw new ArgumentError(
      'expand: expected values of their own where they are changed in place, got a tensor that has each several times. ' +
        'Write x.expand(…).clone().',
    )
  }
  const flat = tf.reshape(whole, [-1])
  const values = tf.reshape(view, [-1])
  const put = isContiguous(layout) ? putBetween(flat, layout.offset, values) : putAt(flat, layout, values)
  return tf.reshape(put, whole.shape)
}

function putBetween(flat: tf.Tensor, offset: number, values: tf.Tensor): tf.Tensor {
  const behind = offset + values.size
  const parts = [
    tf.slice(flat, [0], [offset]),
    values,
    tf.slice(flat, [behind], [flat.size - behind]),
  ].filter(({ size }) => size > 0)
  return parts.length === 0 ? tf.clone(flat) : tf.concat(parts)
}

/** What is not of the view stays: each place takes its value from the whole or from the view behind it. */
function putAt(flat: tf.Tensor, layout: Layout, values: tf.Tensor): tf.Tensor {
  const sources = Int32Array.from({ length: flat.size }, (_, place) => place)
  for (const [index, place] of placesOf(layout).entries()) sources[place] = flat.size + index
  return pickedFrom(tf.concat([flat, values]), sources)
}

function pickedFrom(flat: tf.Tensor, places: Int32Array): tf.Tensor {
  return tf.gather(flat, tf.tensor1d(places, 'int32'))
}
