/** Functions of tensors that bring a gradient of their own: the one place that knows how TensorFlow.js is told of it. */
import { tf } from './tfjs'

/** What was computed, and the tensors that the gradient needs: they live until it is taken. */
interface Computed<Saved extends readonly tf.Tensor[]> {
  readonly value: tf.Tensor
  readonly saved: Saved
}

/** What `compute` makes of the inputs; `gradient` gives theirs, in their order, from the gradient `dy` of the value. */
export function withOwnGradient<Saved extends readonly tf.Tensor[] | []>(
  inputs: readonly tf.Tensor[],
  compute: () => Computed<Saved>,
  gradient: (dy: tf.Tensor, saved: Saved) => tf.Tensor | tf.Tensor[],
): tf.Tensor {
  const compound = tf.customGrad((...given) => {
    // To the types of tfjs the last argument, a function, is a tensor too, and what it keeps has no order.
    const save = given.at(-1) as unknown as (tensors: readonly tf.Tensor[]) => void
    const { value, saved } = compute()
    save(saved)
    return { value, gradFunc: (dy: tf.Tensor, kept: readonly tf.Tensor[]) => gradient(dy, kept as Saved) }
  })
  return compound(...inputs)
}
