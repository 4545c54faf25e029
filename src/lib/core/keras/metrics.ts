/** Keras-style metrics as classes. */
import { tf } from '../eager/tfjs'
import {
  binaryAccuracy,
  categoricalAccuracy,
  meanAbsoluteError,
  meanSquaredErrorSum,
  sparseCategoricalAccuracy,
  weightedRows,
  type ExampleWeights,
} from '../nn/metrics'
import { flag, only, text } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import {
  BinaryCrossentropy as BinaryCrossentropyLoss,
  CategoricalCrossentropy as CategoricalCrossentropyLoss,
  SparseCategoricalCrossentropy as SparseCategoricalCrossentropyLoss,
} from './crossentropies'
import { float32Only, share, tensor } from './kinds'
import type { Loss } from './loss'
import { Metric } from './metric'
import { alignedClasses, type ModelOutput } from './modelOutput'
import { toTensorOf } from './tensorLike'

/** In the order of most metrics. */
const metricParameters = {
  /** Key in logs and History. */
  name: text.or(null),
  /** Everything is computed in float32. */
  dtype: float32Only,
}

/** Values in the order of the outputs: sigmoid and softmax keep the order of their logits. */
export function ranking(output: ModelOutput): tf.Tensor {
  const keepsOrder = output.activation === 'sigmoid' || output.activation === 'softmax'
  return keepsOrder ? output.beforeActivation : output.value
}

const binaryAccuracyParameters = parameters('BinaryAccuracy', {
  ...metricParameters,
  /** Outputs above it count as 1. */
  threshold: share.or(0.5),
})

/** Share of outputs on the right side of 0.5. Source: keras.metrics.BinaryAccuracy. */
export class BinaryAccuracy extends Metric {
  override readonly direction = 'up'
  readonly #threshold: number

  constructor(...given: Given<typeof binaryAccuracyParameters.table>) {
    const { name, threshold } = binaryAccuracyParameters.read(given)
    super({ name: name ?? 'binaryAccuracy' })
    this.#threshold = threshold
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    // σ(z) > t is z > log(t / (1 − t)), so there is no need for the sigmoid.
    const ofLogits = Math.log(this.#threshold / (1 - this.#threshold))
    return output.activation === 'sigmoid' && Number.isFinite(ofLogits)
      ? [binaryAccuracy(labels, output.beforeActivation, ofLogits, weights)]
      : [binaryAccuracy(labels, output.value, this.#threshold, weights)]
  }
}

const categoricalAccuracyParameters = parameters('CategoricalAccuracy', metricParameters)

/** Share of examples whose largest output is that of the one-hot label. Source: keras.metrics.CategoricalAccuracy. */
export class CategoricalAccuracy extends Metric {
  override readonly direction = 'up'

  constructor(...given: Given<typeof categoricalAccuracyParameters.table>) {
    super({ name: categoricalAccuracyParameters.read(given).name ?? 'categoricalAccuracy' })
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    return [categoricalAccuracy(labels, ranking(output), weights)]
  }
}

const sparseCategoricalAccuracyParameters = parameters('SparseCategoricalAccuracy', metricParameters)

/** Share of examples whose largest output is that of the class. Source: keras.metrics.SparseCategoricalAccuracy. */
export class SparseCategoricalAccuracy extends Metric {
  override readonly direction = 'up'

  constructor(...given: Given<typeof sparseCategoricalAccuracyParameters.table>) {
    super({ name: sparseCategoricalAccuracyParameters.read(given).name ?? 'sparseCategoricalAccuracy' })
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    const indices = labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32')
    return [sparseCategoricalAccuracy(indices, ranking(output), weights)]
  }

  override aligned(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return alignedClasses(labels, outputs)
  }
}

const meanAbsoluteErrorParameters = parameters('MeanAbsoluteError', metricParameters)

/** mean |prediction − label|. */
export class MeanAbsoluteError extends Metric {
  override readonly direction = 'down'

  constructor(...given: Given<typeof meanAbsoluteErrorParameters.table>) {
    super({ name: meanAbsoluteErrorParameters.read(given).name ?? 'meanAbsoluteError' })
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    return [meanAbsoluteError(labels, output.value, weights)]
  }
}

const meanSquaredErrorParameters = parameters('MeanSquaredError', metricParameters)

/** mean (prediction − label)². */
export class MeanSquaredError extends Metric {
  override readonly direction = 'down'

  constructor(...given: Given<typeof meanSquaredErrorParameters.table>) {
    super({ name: meanSquaredErrorParameters.read(given).name ?? 'meanSquaredError' })
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    return [meanSquaredErrorSum(labels, output.value, weights)]
  }
}

const rootMeanSquaredErrorParameters = parameters('RootMeanSquaredError', metricParameters)

/** √ mean (prediction − label)², over all batches. Source: keras.metrics.RootMeanSquaredError. */
export class RootMeanSquaredError extends MeanSquaredError {
  constructor(...given: Given<typeof rootMeanSquaredErrorParameters.table>) {
    super({ name: rootMeanSquaredErrorParameters.read(given).name ?? 'rootMeanSquaredError' })
  }

  override figure(sums: readonly number[], count: number): number {
    return Math.sqrt(super.figure(sums, count))
  }

  override tensorFigure(sums: readonly tf.Tensor[], count: tf.Tensor): tf.Tensor {
    return tf.sqrt(super.tensorFigure(sums, count))
  }
}

/** A loss as a figure: its mean over the examples. */
abstract class LossMetric extends Metric {
  override readonly direction = 'down'

  constructor(
    name: string,
    private readonly loss: Loss,
  ) {
    super({ name })
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    const [examples = 1] = output.beforeActivation.shape
    return [tf.mul(this.loss.compute(labels, output, weights), examples)]
  }
}

const logitsParameters = {
  ...metricParameters,
  /** Outputs are logits; false means probabilities. */
  fromLogits: flag.or(false),
}

const smoothedParameters = {
  ...logitsParameters,
  /** Share of each label that is spread over all classes. */
  labelSmoothing: share.or(0),
}

/** Classes lie along the last axis. */
const lastAxis = only(-1, 'Leave it out: classes lie along the last axis here.')

const binaryCrossentropyParameters = parameters('BinaryCrossentropy', smoothedParameters)

/** −y log p − (1−y) log(1−p), averaged. Source: keras.metrics.BinaryCrossentropy. */
export class BinaryCrossentropy extends LossMetric {
  constructor(...given: Given<typeof binaryCrossentropyParameters.table>) {
    const { name, fromLogits, labelSmoothing } = binaryCrossentropyParameters.read(given)
    super(name ?? 'binaryCrossentropy', new BinaryCrossentropyLoss({ fromLogits, labelSmoothing }))
  }
}

const categoricalCrossentropyParameters = parameters('CategoricalCrossentropy', {
  ...smoothedParameters,
  /** Classes lie along the last axis. */
  axis: lastAxis,
})

/** −Σ y log p over the classes, averaged. Source: keras.metrics.CategoricalCrossentropy. */
export class CategoricalCrossentropy extends LossMetric {
  constructor(...given: Given<typeof categoricalCrossentropyParameters.table>) {
    const { name, fromLogits, labelSmoothing } = categoricalCrossentropyParameters.read(given)
    super(name ?? 'categoricalCrossentropy', new CategoricalCrossentropyLoss({ fromLogits, labelSmoothing }))
  }
}

const sparseCategoricalCrossentropyParameters = parameters('SparseCategoricalCrossentropy', {
  ...logitsParameters,
  /** Every class counts. */
  ignoreClass: only(null, 'Leave it out: every class counts here.'),
  /** Classes lie along the last axis. */
  axis: lastAxis,
})

/** −log p[class], averaged. Source: keras.metrics.SparseCategoricalCrossentropy. */
export class SparseCategoricalCrossentropy extends LossMetric {
  constructor(...given: Given<typeof sparseCategoricalCrossentropyParameters.table>) {
    const { name, fromLogits } = sparseCategoricalCrossentropyParameters.read(given)
    super(name ?? 'sparseCategoricalCrossentropy', new SparseCategoricalCrossentropyLoss({ fromLogits }))
  }

  override aligned(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return alignedClasses(labels, outputs)
  }
}

const positiveParameters = {
  /** Outputs above it count as positive; 0.5 when left out. One number. */
  thresholds: share.or(null),
  /** All outputs are looked at. */
  topK: only(null, 'Leave it out: all outputs are looked at here.'),
  /** All classes are looked at. */
  classId: only(null, 'Leave it out: all classes are looked at here.'),
  name: metricParameters.name,
  dtype: metricParameters.dtype,
}

/** A share of true positives: of labels and outputs of 0 and 1. */
abstract class PositiveShare extends Metric {
  override readonly direction = 'up'
  readonly #threshold: number

  constructor(
    className: string,
    { name, thresholds }: { readonly name: string | null; readonly thresholds: number | null },
  ) {
    super({ name: name ?? className })
    this.#threshold = thresholds ?? 0.5
  }

  override readonly width = 2

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    const isPositive = tf.cast(tf.greater(output.value, this.#threshold), 'float32')
    const truth = tf.cast(tf.reshape(labels, isPositive.shape), 'float32')
    const sum = (values: tf.Tensor) => tf.sum(weights ? weightedRows(values, weights) : values)
    return [sum(tf.mul(isPositive, truth)), sum(this.whole(truth, isPositive))]
  }

  /** No positives at all: 0, as in Keras. */
  override figure([positives = 0, all = 0]: readonly number[]): number {
    return all === 0 ? 0 : positives / all
  }

  override tensorFigure([positives, all]: readonly tf.Tensor[]): tf.Tensor {
    return tf.divNoNan(positives ?? 0, all ?? 0)
  }

  /** What the true positives are a share of. */
  protected abstract whole(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor
}

const precision = parameters('Precision', positiveParameters)

/** True positives / outputs that are positive. Source: keras.metrics.Precision. */
export class Precision extends PositiveShare {
  constructor(...given: Given<typeof precision.table>) {
    super('precision', precision.read(given))
  }

  protected override whole(_labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return outputs
  }
}

const recall = parameters('Recall', positiveParameters)

/** True positives / labels that are positive. Source: keras.metrics.Recall. */
export class Recall extends PositiveShare {
  constructor(...given: Given<typeof recall.table>) {
    super('recall', recall.read(given))
  }

  protected override whole(labels: tf.Tensor): tf.Tensor {
    return labels
  }
}

const mean = parameters('Mean', metricParameters)

const meanUpdate = parameters('Mean.updateState', {
  /** Numbers of any shape. */
  values: tensor,
  /** A weight for each of them. */
  sampleWeight: tensor.or(null),
})

/** The mean of given numbers, for loops of one's own: `updateState(values)`. Source: keras.metrics.Mean. */
export class Mean extends Metric {
  constructor(...given: Given<typeof mean.table>) {
    super({ name: mean.read(given).name ?? 'mean' })
  }

  override sums(values: tf.Tensor, _output?: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    return [tf.sum(weights ? weightedRows(values, weights) : values)]
  }

  override updateState(...given: Given<typeof meanUpdate.table>): void {
    const { values, sampleWeight } = meanUpdate.read(given)
    tf.tidy(() => {
      const all = tf.reshape(toTensorOf(values), [-1])
      const weights = sampleWeight === null ? null : tf.reshape(toTensorOf(sampleWeight), [-1])
      this.addUp(all, all, weights)
    })
  }
}
