/**
 * Metrics as functions of tensors. Each averages over all axes of an example and gives the sum over the examples of the
 * batch, a scalar, so that figures of batches of unequal size add up exactly; divide by the number of examples for the
 * mean.
 */
import { tf } from '../eager/tfjs'
import { sizeOf } from '../util/shapes'

/**
 * How much of each example of [batch, …] is on the right side of the threshold: 0.5 for probabilities, 0 for logits.
 * Labels are 0 or 1.
 */
export function binaryAccuracy(labels: tf.Tensor, outputs: tf.Tensor, threshold = 0.5): tf.Tensor {
  return shareTrue(tf.equal(tf.cast(tf.greater(outputs, threshold), labels.dtype), labels))
}

/** For how much of each example the largest output of [batch, …, classes] is the class of `indices` [batch, …]. */
export function sparseCategoricalAccuracy(indices: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return shareTrue(tf.equal(tf.argMax(outputs, -1), indices))
}

/** For how much of each example the largest output is the largest entry of its row in `labels` [batch, …, classes]. */
export function categoricalAccuracy(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return shareTrue(tf.equal(tf.argMax(outputs, -1), tf.argMax(labels, -1)))
}

/** |prediction − label| */
export function meanAbsoluteError(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return sumOfMeans(tf.abs(tf.sub(predictions, labels)))
}

/** (prediction − label)² */
export function meanSquaredErrorSum(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return sumOfMeans(tf.squaredDifference(predictions, labels))
}

function shareTrue(correct: tf.Tensor): tf.Tensor {
  return sumOfMeans(tf.cast(correct, 'float32'))
}

/** The mean of each example's values [batch, …], summed over the batch. */
function sumOfMeans(values: tf.Tensor): tf.Tensor {
  const width = sizeOf(values.shape.slice(1))
  return width === 1 ? tf.sum(values) : tf.div(tf.sum(values), width)
}
