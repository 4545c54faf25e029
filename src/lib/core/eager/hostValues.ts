/** What made tensors hold, where the host knows it anyhow: positions and class numbers are checked without reading any back. */
import { tf } from './tfjs'

type Numbers = ArrayLike<number> & Iterable<number>

const known = new WeakMap<tf.Tensor, Numbers>()

/** Remembers from which numbers a tensor was made, for as long as it is there. Gives the tensor. */
export function madeFrom(values: Numbers, tensor: tf.Tensor): tf.Tensor {
  known.set(tensor, values)
  return tensor
}

/** Forgets them where the tensor is changed in place. */
export function forgetHostValues(tensor: tf.Tensor): void {
  known.delete(tensor)
}

/** The numbers that a tensor was made from, whose fractions int32 leaves out; undefined for one that was computed, changed in place or traced. */
export function hostValues(tensor: tf.Tensor): Numbers | undefined {
  return tensor instanceof tf.Variable ? undefined : known.get(tensor)
}
