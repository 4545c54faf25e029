/** Normalisation out of basic kernels, which both styles share and a trace can follow. */
import { tf } from '../eager/tfjs'
import { ShapeError } from '../util/errors'

/** Learned scale and offset; null for none. */
export interface Affine {
  readonly gamma: tf.Tensor | null
  readonly beta: tf.Tensor | null
}

/** Normalised values, with the moments that they were normalised by. */
export interface Normalised {
  readonly output: tf.Tensor
  /** Of the shape of the input, with size 1 along the axes. */
  readonly mean: tf.Tensor
  /** Divided by n, not by n − 1. */
  readonly variance: tf.Tensor
}

/** (x − mean) / √(variance + ε) · gamma + beta with mean and variance of `x` over `axes`. */
export function normalise(x: tf.Tensor, axes: number[], epsilon: number, affine: Affine): Normalised {
  const mean = tf.mean(x, axes, true)
  const centred = tf.sub(x, mean)
  const variance = tf.mean(tf.square(centred), axes, true)
  return { output: scaled(centred, variance, epsilon, affine), mean, variance }
}

/** The same with mean and variance that are known, such as moving averages. */
export function normaliseWith(
  x: tf.Tensor,
  { mean, variance }: Readonly<Record<'mean' | 'variance', tf.Tensor>>,
  epsilon: number,
  affine: Affine,
): tf.Tensor {
  return scaled(tf.sub(x, mean), variance, epsilon, affine)
}

function scaled(
  centred: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
  { gamma, beta }: Affine,
): tf.Tensor {
  const standard = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)))
  const stretched = gamma ? tf.mul(standard, gamma) : standard
  return beta ? tf.add(stretched, beta) : stretched
}

/** Shares that may differ from step to step. */
export type Shares = Readonly<Record<'kept' | 'added', tf.Tensor | number>>

/** average = keep · average + (1 − keep) · value, where `value` has the average's elements; or with both shares given. */
export function moveAverage(average: tf.Variable, value: tf.Tensor, keep: number | Shares): void {
  const { kept, added } = typeof keep === 'number' ? { kept: keep, added: 1 - keep } : keep
  const next = tf.add(tf.mul(average, kept), tf.mul(tf.reshape(value, average.shape), added))
  average.assign(next)
}

/**
 * n / (n − 1): turns a variance divided by `count` into the unbiased one. Throws ShapeError for a single value, which
 * has no unbiased variance.
 */
export function unbiasedFactor(where: string, count: number): number {
  if (count > 1) return count / (count - 1)
  throw new ShapeError(
    `${where}: expected more than one value per feature while training, got ${count}. ` +
      'Choose a batch size that leaves no batch of one example.',
  )
}
