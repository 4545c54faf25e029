/** The parts of a tensor along an axis, with a gradient for any number of them. */
import { tf } from '../eager/tfjs'

/** [.., n, ..] to n tensors without that axis. TensorFlow.js' own gradient fails where n is 1. */
export function unstack(x: tf.Tensor, axis: number): tf.Tensor[] {
  return x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis)
}
