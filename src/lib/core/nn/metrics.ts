/**
 * Metrics as functions of tensors. Each gives the sum over the examples of the batch, a scalar, so that
 * figures of batches of unequal size add up exactly; divide by the number of examples for the mean.
 */
import { tf } from '../eager/tfjs'

/** Examples of [batch, 1] on the right side of the threshold: 0.5 for probabilities, 0 for logits. Labels are 0 or 1. */
export function binaryAccuracy(labels: tf.Tensor, outputs: tf.Tensor, threshold = 0.5): tf.Tensor {
  return countTrue(tf.equal(tf.cast(tf.greater(outputs, threshold), labels.dtype), labels))
}

/** Examples whose largest output of [batch, classes] is the class of `indices` [batch]. */
export function sparseCategoricalAccuracy(indices: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return countTrue(tf.equal(tf.argMax(outputs, -1), indices))
}

/** Examples whose largest output is the largest entry of their row in `labels` [batch, classes]. */
export function categoricalAccuracy(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return countTrue(tf.equal(tf.argMax(outputs, -1), tf.argMax(labels, -1)))
}

/** |prediction − label| averaged over the last axis, summed over the batch. */
export function meanAbsoluteError(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return perExampleSum(tf.abs(tf.sub(predictions, labels)))
}

/** (prediction − label)² averaged over the last axis, summed over the batch. */
export function meanSquaredErrorSum(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return perExampleSum(tf.squaredDifference(predictions, labels))
}

function perExampleSum(values: tf.Tensor): tf.Tensor {
  const width = values.shape[values.rank - 1] ?? 1
  return width === 1 ? tf.sum(values) : tf.div(tf.sum(values), width)
}

function countTrue(correct: tf.Tensor): tf.Tensor {
  return tf.sum(tf.cast(correct, 'float32'))
}
