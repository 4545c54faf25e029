/**
 * Losses as functions of tensors, computed from logits where that is the stable way. The cross-entropies
 * carry their own gradient, so that one costs a handful of kernels; labels are constants to them.
 */
import { at } from '../util/at'
import { inPhase } from '../eager/origin'
import { withOwnGradient } from '../eager/ownGradient'
import { tf } from '../eager/tfjs'

/** `mean` over the batch, `sum`, or `none` for the values before reduction. */
export type Reduction = 'mean' | 'sum' | 'none'

function reduce(values: tf.Tensor, reduction: Reduction): tf.Tensor {
  if (reduction === 'none') return values
  return reduction === 'mean' ? tf.mean(values) : tf.sum(values)
}

/** mean (prediction − label)². Both arguments of one shape; differentiable in both. */
export function meanSquaredError(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  reduction: Reduction = 'mean',
): tf.Tensor {
  return inPhase('loss', () => reduce(tf.squaredDifference(predictions, labels), reduction))
}

/** mean |prediction − label|; gradient sign(prediction − label), 0 where they are equal. Differentiable in both. */
export function meanAbsoluteError(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  reduction: Reduction = 'mean',
): tf.Tensor {
  return ofDifference(labels, predictions, reduction, { value: tf.abs, slope: tf.sign })
}

/**
 * d²/2 where |d| ≤ δ, else δ·|d| − δ²/2, for d = prediction − label; gradient d held within ±δ. Written as q·(|d| − q/2)
 * with q = min(|d|, δ). Differentiable in both. Source: Huber, 1964; keras.losses.Huber.
 */
export function huber(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  delta: number,
  reduction: Reduction = 'mean',
): tf.Tensor {
  const value = (difference: tf.Tensor) => {
    const size = tf.abs(difference)
    const bounded = tf.minimum(size, delta)
    return tf.mul(bounded, tf.sub(size, tf.mul(bounded, 0.5)))
  }
  const slope = (difference: tf.Tensor) => tf.clipByValue(difference, -delta, delta)
  return ofDifference(labels, predictions, reduction, { value, slope })
}

/** A loss f(prediction − label) of one value each, with its derivative: tfjs' own for |x| is −1 at 0. */
function ofDifference(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  reduction: Reduction,
  { value, slope }: Readonly<Record<'value' | 'slope', (difference: tf.Tensor) => tf.Tensor>>,
): tf.Tensor {
  const compute = () => {
    const difference = tf.sub(predictions, labels)
    return { value: reduce(value(difference), reduction), saved: [difference] as [tf.Tensor] }
  }
  return inPhase('loss', () =>
    withOwnGradient([predictions, labels], compute, (dy, [difference]) => {
      const perElement = reduction === 'mean' ? tf.div(dy, difference.size) : dy
      const towardsPredictions = tf.mul(slope(difference), perElement)
      return [towardsPredictions, tf.neg(towardsPredictions)]
    }),
  )
}

/**
 * softplus(z) − z·y, which is −y log σ(z) − (1−y) log(1−σ(z)); gradient σ(z) − y.
 * Labels in [0, 1] and logits of one shape; `none` gives one value per element.
 * Source: tf.nn.sigmoid_cross_entropy_with_logits.
 */
export function binaryCrossentropyWithLogits(
  labels: tf.Tensor,
  logits: tf.Tensor,
  reduction: Reduction = 'mean',
): tf.Tensor {
  const compute = () => {
    const value = reduce(tf.sub(tf.softplus(logits), tf.mul(logits, labels)), reduction)
    return { value, saved: [logits, labels] as [tf.Tensor, tf.Tensor] }
  }
  return inPhase('loss', () =>
    withOwnGradient([logits], compute, (dy, [savedLogits, savedLabels]) => {
      const perElement = reduction === 'mean' ? tf.div(dy, savedLogits.size) : dy
      return tf.mul(tf.sub(tf.sigmoid(savedLogits), savedLabels), perElement)
    }),
  )
}

/**
 * −Σ y log softmax(z) over the last axis, averaged over all others; gradient softmax(z) Σy − y.
 * `labels` and `logits` [batch, classes]; labels are one-hot or class probabilities; `none` gives [batch].
 */
export function categoricalCrossentropyWithLogits(
  labels: tf.Tensor,
  logits: tf.Tensor,
  reduction: Reduction = 'mean',
): tf.Tensor {
  return softmaxCrossentropy(labels, logits, reduction, {
    weighted: tf.mul,
    timesLabelSum: (probabilities, target) => tf.mul(probabilities, tf.sum(target, -1, true)),
  })
}

/**
 * −log softmax(z)[index], averaged over the batch; gradient softmax(z) − onehot(index).
 * `indices` int32 [batch], `logits` [batch, classes]; `none` gives [batch].
 */
export function sparseCategoricalCrossentropyWithLogits(
  indices: tf.Tensor,
  logits: tf.Tensor,
  reduction: Reduction = 'mean',
): tf.Tensor {
  const classes = at(logits.shape, logits.rank - 1)
  const oneHot = inPhase('loss', () => tf.oneHot(asInt32(indices), classes))
  return softmaxCrossentropy(oneHot, logits, reduction, {
    // Chosen, since a logit of −∞ at another class would make NaN of a product.
    weighted: (logProbabilities, labels) =>
      tf.where(tf.cast(labels, 'bool'), logProbabilities, tf.zerosLike(logProbabilities)),
    // A row of a one-hot matrix sums to 1, so the factor Σy of the gradient needs no kernel.
    timesLabelSum: (probabilities) => probabilities,
  })
}

function asInt32(indices: tf.Tensor): tf.Tensor {
  return indices.dtype === 'int32' ? indices : tf.cast(indices, 'int32')
}

type OfLabels = (values: tf.Tensor, labels: tf.Tensor) => tf.Tensor

function softmaxCrossentropy(
  labels: tf.Tensor,
  logits: tf.Tensor,
  reduction: Reduction,
  { weighted, timesLabelSum }: Readonly<Record<'weighted' | 'timesLabelSum', OfLabels>>,
): tf.Tensor {
  const examples = logits.size / at(logits.shape, logits.rank - 1)
  const compute = () => {
    const logProbabilities = tf.logSoftmax(logits)
    const terms = weighted(logProbabilities, labels)
    const value =
      reduction === 'none'
        ? tf.neg(tf.sum(terms, -1))
        : tf.mul(tf.sum(terms), reduction === 'mean' ? -1 / examples : -1)
    return { value, saved: [logProbabilities, labels] as [tf.Tensor, tf.Tensor] }
  }
  return inPhase('loss', () =>
    withOwnGradient([logits], compute, (dy, [logProbabilities, target]) => {
      const perExample = reduction === 'mean' ? tf.div(dy, examples) : dy
      const factor = reduction === 'none' ? tf.expandDims(perExample, -1) : perExample
      return tf.mul(tf.sub(timesLabelSum(tf.exp(logProbabilities), target), target), factor)
    }),
  )
}
