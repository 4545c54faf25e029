/**
 * Metrics as functions of tensors. Each averages over all axes of an example and gives the sum over the examples of the
 * batch, a scalar, so that figures of batches of unequal size add up exactly; divide by the number of examples for the
 * mean. Weights [batch] scale the examples, where there are any; divide by their sum then.
 */
import { tf } from '../eager/tfjs'
import { sizeOf } from '../util/shapes'

/** A weight for each example, [batch]; null for 1 each. */
export type ExampleWeights = tf.Tensor | null

/**
 * How much of each example of [batch, …] is on the right side of the threshold: 0.5 for probabilities, 0 for logits.
 * Labels are 0 or 1.
 */
export function binaryAccuracy(
  labels: tf.Tensor,
  outputs: tf.Tensor,
  threshold = 0.5,
  weights: ExampleWeights = null,
): tf.Tensor {
  return shareTrue(tf.equal(tf.cast(tf.greater(outputs, threshold), labels.dtype), labels), weights)
}

/** For how much of each example the largest output of [batch, …, classes] is the class of `indices` [batch, …]. */
export function sparseCategoricalAccuracy(
  indices: tf.Tensor,
  outputs: tf.Tensor,
  weights: ExampleWeights = null,
): tf.Tensor {
  return shareTrue(tf.equal(tf.argMax(outputs, -1), indices), weights)
}

/** For how much of each example the largest output is the largest entry of its row in `labels` [batch, …, classes]. */
export function categoricalAccuracy(
  labels: tf.Tensor,
  outputs: tf.Tensor,
  weights: ExampleWeights = null,
): tf.Tensor {
  return shareTrue(tf.equal(tf.argMax(outputs, -1), tf.argMax(labels, -1)), weights)
}

/** |prediction − label| */
export function meanAbsoluteError(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  weights: ExampleWeights = null,
): tf.Tensor {
  return sumOfMeans(tf.abs(tf.sub(predictions, labels)), weights)
}

/** (prediction − label)² */
export function meanSquaredErrorSum(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  weights: ExampleWeights = null,
): tf.Tensor {
  return sumOfMeans(tf.squaredDifference(predictions, labels), weights)
}

function shareTrue(correct: tf.Tensor, weights: ExampleWeights): tf.Tensor {
  return sumOfMeans(tf.cast(correct, 'float32'), weights)
}

/** The mean of each example's values [batch, …], summed over the batch. */
function sumOfMeans(values: tf.Tensor, weights: ExampleWeights): tf.Tensor {
  const width = sizeOf(values.shape.slice(1))
  const sum = tf.sum(weights ? weightedRows(values, weights) : values)
  return width === 1 ? sum : tf.div(sum, width)
}

/** Values [batch, …] times the weights [batch]. */
export function weightedRows(values: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  return tf.mul(values, tf.reshape(weights, [weights.size, ...values.shape.slice(1).map(() => 1)]))
}
