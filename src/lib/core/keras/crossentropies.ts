/** The cross-entropies: of probabilities unless told otherwise, and from logits where they can. */
import { last } from '../util/at'
import { assertIndices } from '../eager/indexRange'
import { inPhase } from '../eager/origin'
import { tf } from '../eager/tfjs'
import {
  binaryCrossentropyWithLogits,
  categoricalCrossentropyWithLogits,
  sparseCategoricalCrossentropyWithLogits,
} from '../nn/losses'
import { flag, only } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import type { Shape } from '../util/shapes'
import { share } from './kinds'
import { Loss, lossParameters, own, type LossValues } from './loss'
import { alignedClasses, type ModelOutput } from './modelOutput'

/** keras.config.epsilon(): how close to 0 and 1 a probability may come before its logarithm. */
export const epsilon = 1e-7

const classParameters = {
  /** The model's outputs are logits; false means probabilities. */
  fromLogits: flag.or(false),
}

const crossentropyParameters = {
  ...classParameters,
  /** Share of each label that is spread over all classes. */
  labelSmoothing: share.or(0),
  /** Classes lie along the last axis. */
  axis: only(-1, 'Leave it out: classes lie along the last axis here.'),
  ...lossParameters,
}

/** What a cross-entropy was told. */
export interface CrossentropyValues extends LossValues {
  readonly fromLogits: boolean
  readonly labelSmoothing: number
}

/** What cross-entropies have in common: outputs that may be logits, labels that may be smoothed. */
abstract class Crossentropy extends Loss {
  override readonly fromLogits: boolean
  readonly #labelSmoothing: number

  constructor(name: string, values: CrossentropyValues) {
    super(own(name, values))
    this.fromLogits = values.fromLogits
    this.#labelSmoothing = values.labelSmoothing
  }

  /** y·(1 − s) + s / classes */
  protected smoothed(labels: tf.Tensor, classes: number): tf.Tensor {
    const share = this.#labelSmoothing
    if (share === 0) return labels
    return inPhase('loss', () => tf.add(tf.mul(labels, 1 - share), share / classes))
  }

  protected override mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return this.reduced(labels, output, 'mean')
  }

  protected override perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return this.reduced(labels, output, 'none')
  }

  protected abstract reduced(labels: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor
}

const binaryCrossentropyParameters = parameters('BinaryCrossentropy', crossentropyParameters)

/** −y log p − (1−y) log(1−p), labels of 0 and 1 shaped as the output. */
export class BinaryCrossentropy extends Crossentropy {
  constructor(...given: Given<typeof binaryCrossentropyParameters.table>) {
    super('binaryCrossentropy', binaryCrossentropyParameters.read(given))
  }

  protected override reduced(given: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor {
    const labels = this.smoothed(given, 2)
    const logits = this.logits(output, 'sigmoid')
    const probabilities = logits ? null : output.value
    const values = probabilities
      ? inPhase('loss', () => crossentropyOfProbabilities(labels, probabilities, reduction))
      : binaryCrossentropyWithLogits(labels, logits ?? output.value, reduction)
    return reduction === 'mean' ? values : inPhase('loss', () => tf.mean(values, -1))
  }
}

function crossentropyOfProbabilities(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  reduction: 'mean' | 'none',
): tf.Tensor {
  const p = clippedProbabilities(probabilities)
  const ofOnes = tf.mul(labels, tf.log(p))
  const ofZeros = tf.mul(tf.sub(1, labels), tf.log(tf.sub(1, p)))
  const logarithms = tf.add(ofOnes, ofZeros)
  return tf.neg(reduction === 'mean' ? tf.mean(logarithms) : logarithms)
}

const categoricalCrossentropyParameters = parameters('CategoricalCrossentropy', crossentropyParameters)

/** −Σ y log p over the classes, labels one-hot or class probabilities. */
export class CategoricalCrossentropy extends Crossentropy {
  constructor(...given: Given<typeof categoricalCrossentropyParameters.table>) {
    super('categoricalCrossentropy', categoricalCrossentropyParameters.read(given))
  }

  protected override reduced(given: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor {
    const labels = this.smoothed(given, given.shape.at(-1) ?? 1)
    const logits = this.logits(output, 'softmax') ?? logOf(output.value)
    return categoricalCrossentropyWithLogits(labels, logits, reduction)
  }
}

const sparseParameters = parameters('SparseCategoricalCrossentropy', {
  ...classParameters,
  /** Every class counts. */
  ignoreClass: only(null, 'Leave it out: every class counts here.'),
  reduction: lossParameters.reduction,
  /** Classes lie along the last axis. */
  axis: only(-1, 'Leave it out: classes lie along the last axis here.'),
  name: lossParameters.name,
  dtype: lossParameters.dtype,
})

/** −log p[class], labels int32 class numbers. */
export class SparseCategoricalCrossentropy extends Crossentropy {
  override readonly takesClassNumbers = true

  constructor(...given: Given<typeof sparseParameters.table>) {
    super('sparseCategoricalCrossentropy', { ...sparseParameters.read(given), labelSmoothing: 0 })
  }

  /** Class numbers [n, 1] are taken as [n]. */
  protected override aligned(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return alignedClasses(labels, outputs)
  }

  protected override reduced(labels: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor {
    const logits = this.logits(output, 'softmax') ?? logOf(output.value)
    const size = last(logits.shape)
    const fix = () => 'Give the last layer one unit per class.'
    assertIndices(labels, { where: this.name, size, what: 'class numbers', isTruncated: true, fix })
    return sparseCategoricalCrossentropyWithLogits(labels, logits, reduction)
  }

  override labelShape(outputShape: Shape): Shape {
    return outputShape.slice(0, -1)
  }
}

/** Logarithms serve as logits: softmax(log p) is p scaled to sum 1, which is what Keras does to probabilities. */
function logOf(probabilities: tf.Tensor): tf.Tensor {
  return inPhase('loss', () => tf.log(clippedProbabilities(probabilities)))
}

function clippedProbabilities(probabilities: tf.Tensor): tf.Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon)
}
