/** Keras-style metrics: figures of labels and outputs that add up over the batches. Classes, and their names as strings. */
import { tf } from '../eager/tfjs'
import { outsideTrace } from '../eager/tracing'
import {
  binaryAccuracy,
  categoricalAccuracy,
  meanAbsoluteError,
  meanSquaredErrorSum,
  sparseCategoricalAccuracy,
} from '../nn/metrics'
import { knownName } from '../util/spelling'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import {
  BinaryCrossentropy as BinaryCrossentropyLoss,
  CategoricalCrossentropy as CategoricalCrossentropyLoss,
  SparseCategoricalCrossentropy as SparseCategoricalCrossentropyLoss,
  type CrossentropyOptions,
  type Loss,
} from './losses'
import { outputOf, type ModelOutput } from './modelOutput'
import { assertOptions, madeByName, unknownName, type Spelling } from './names'
import { toTensorOf, type TensorLike } from './tensorLike'

export interface MetricOptions {
  /** Key in logs and History. */
  readonly name?: string
}

/** A figure that is computed from sums over the examples. Source: keras.metrics.Metric. */
export abstract class Metric {
  readonly name: string
  /** Which way is better; null where it depends. */
  readonly direction: 'up' | 'down' | null = null
  #state: { readonly sums: tf.Variable[]; readonly count: tf.Variable } | null = null

  constructor(name: string, options: MetricOptions = {}) {
    this.name = options.name ?? name
  }

  /** How many sums the figure is computed from. */
  readonly width: number = 1

  /** Sums over the examples of a batch, scalars; belong to the caller's scope. */
  abstract sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[]

  /** The figure, from sums over `count` examples. Without any it is 0, as in Keras. */
  figure(sums: readonly number[], count: number): number {
    return count === 0 ? 0 : (sums[0] ?? NaN) / count
  }

  /** Adds labels and outputs to what the metric has seen: for loops of one's own. */
  updateState(yTrue: TensorLike, yPred: TensorLike): void {
    const state = (this.#state ??= this.#newState())
    tf.tidy(() => {
      const [labels, outputs] = [toTensorOf(yTrue), toTensorOf(yPred)]
      const added = this.sums(labels, outputOf(outputs))
      for (const [index, sum] of added.entries()) addTo(state.sums[index], sum)
      addTo(state.count, tf.scalar(outputs.shape.at(0) ?? 1))
    })
  }

  /** The figure of everything since the last `resetState`, a scalar; belongs to the caller's scope. */
  result(): tf.Tensor {
    const state = (this.#state ??= this.#newState())
    return tf.tidy(() => this.tensorFigure(state.sums, tf.maximum(state.count, 1)))
  }

  /** Forgets what the metric has seen. */
  resetState(): void {
    if (!this.#state) return
    const { sums, count } = this.#state
    for (const variable of [...sums, count]) tf.tidy(() => variable.assign(tf.scalar(0)))
  }

  /** The same formula as `figure`, on tensors. */
  tensorFigure(sums: readonly tf.Tensor[], count: tf.Tensor): tf.Tensor {
    return tf.div(sums[0] ?? 0, count)
  }

  #newState(): { sums: tf.Variable[]; count: tf.Variable } {
    const zero = () => tf.tidy(() => tf.variable(tf.scalar(0), false))
    return outsideTrace(() => ({ sums: Array.from({ length: this.width }, zero), count: zero() }))
  }
}

function addTo(variable: tf.Variable | undefined, value: tf.Tensor): void {
  variable?.assign(tf.add(variable, value))
}

/** Values in the order of the outputs: sigmoid and softmax keep the order of their logits. */
function ranking(output: ModelOutput): tf.Tensor {
  const keepsOrder = output.activation === 'sigmoid' || output.activation === 'softmax'
  return keepsOrder ? output.beforeActivation : output.value
}

export interface BinaryAccuracyOptions extends MetricOptions {
  /** Outputs above it count as 1. */
  readonly threshold?: number
}

/** Share of outputs on the right side of 0.5. Source: keras.metrics.BinaryAccuracy. */
export class BinaryAccuracy extends Metric {
  override readonly direction = 'up'
  readonly #threshold: number

  constructor(options: BinaryAccuracyOptions = {}) {
    assertOptions('BinaryAccuracy', options, ['threshold', 'name'])
    super('binaryAccuracy', options)
    this.#threshold = assertThreshold('BinaryAccuracy', options.threshold ?? 0.5)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    // σ(z) > t is z > log(t / (1 − t)), so there is no need for the sigmoid.
    const ofLogits = Math.log(this.#threshold / (1 - this.#threshold))
    return output.activation === 'sigmoid' && Number.isFinite(ofLogits)
      ? [binaryAccuracy(labels, output.beforeActivation, ofLogits)]
      : [binaryAccuracy(labels, output.value, this.#threshold)]
  }
}

/** Share of examples whose largest output is that of the one-hot label. Source: keras.metrics.CategoricalAccuracy. */
export class CategoricalAccuracy extends Metric {
  override readonly direction = 'up'

  constructor(options: MetricOptions = {}) {
    assertOptions('CategoricalAccuracy', options, ['name'])
    super('categoricalAccuracy', options)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    return [categoricalAccuracy(labels, ranking(output))]
  }
}

/** Share of examples whose largest output is that of the class. Source: keras.metrics.SparseCategoricalAccuracy. */
export class SparseCategoricalAccuracy extends Metric {
  override readonly direction = 'up'

  constructor(options: MetricOptions = {}) {
    assertOptions('SparseCategoricalAccuracy', options, ['name'])
    super('sparseCategoricalAccuracy', options)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    const indices = labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32')
    return [sparseCategoricalAccuracy(indices, ranking(output))]
  }
}

/** mean |prediction − label|. */
export class MeanAbsoluteError extends Metric {
  override readonly direction = 'down'

  constructor(options: MetricOptions = {}) {
    assertOptions('MeanAbsoluteError', options, ['name'])
    super('meanAbsoluteError', options)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    return [meanAbsoluteError(labels, output.value)]
  }
}

/** mean (prediction − label)². */
export class MeanSquaredError extends Metric {
  override readonly direction = 'down'

  constructor(options: MetricOptions = {}) {
    assertOptions('MeanSquaredError', options, ['name'])
    super('meanSquaredError', options)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    return [meanSquaredErrorSum(labels, output.value)]
  }
}

/** √ mean (prediction − label)², over all batches. Source: keras.metrics.RootMeanSquaredError. */
export class RootMeanSquaredError extends Metric {
  override readonly direction = 'down'

  constructor(options: MetricOptions = {}) {
    assertOptions('RootMeanSquaredError', options, ['name'])
    super('rootMeanSquaredError', options)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    return [meanSquaredErrorSum(labels, output.value)]
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
    options: MetricOptions,
  ) {
    super(name, options)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    return [tf.mul(this.loss.compute(labels, output), output.beforeActivation.shape.at(0) ?? 1)]
  }
}

/** Source: keras.metrics.BinaryCrossentropy. */
export class BinaryCrossentropy extends LossMetric {
  constructor(options: CrossentropyOptions = {}) {
    super('binaryCrossentropy', new BinaryCrossentropyLoss(options), options)
  }
}

/** Source: keras.metrics.CategoricalCrossentropy. */
export class CategoricalCrossentropy extends LossMetric {
  constructor(options: CrossentropyOptions = {}) {
    super('categoricalCrossentropy', new CategoricalCrossentropyLoss(options), options)
  }
}

/** Source: keras.metrics.SparseCategoricalCrossentropy. */
export class SparseCategoricalCrossentropy extends LossMetric {
  constructor(options: Omit<CrossentropyOptions, 'labelSmoothing'> = {}) {
    super('sparseCategoricalCrossentropy', new SparseCategoricalCrossentropyLoss(options), options)
  }
}

export interface ThresholdOptions extends MetricOptions {
  /** Outputs above it count as positive; 0.5 when left out. */
  readonly thresholds?: number
}

/** A share of true positives: of labels and outputs of 0 and 1. */
abstract class PositiveShare extends Metric {
  override readonly direction = 'up'
  readonly #threshold: number

  constructor(className: string, name: string, options: ThresholdOptions) {
    assertOptions(className, options, ['thresholds', 'name'])
    super(name, options)
    this.#threshold = assertThreshold(className, options.thresholds ?? 0.5)
  }

  override readonly width = 2

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    const isPositive = tf.cast(tf.greater(output.value, this.#threshold), 'float32')
    const truth = tf.cast(tf.reshape(labels, isPositive.shape), 'float32')
    return [tf.sum(tf.mul(isPositive, truth)), tf.sum(this.whole(truth, isPositive))]
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

/** True positives / outputs that are positive. Source: keras.metrics.Precision. */
export class Precision extends PositiveShare {
  constructor(options: ThresholdOptions = {}) {
    super('Precision', 'precision', options)
  }

  protected override whole(_labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return outputs
  }
}

/** True positives / labels that are positive. Source: keras.metrics.Recall. */
export class Recall extends PositiveShare {
  constructor(options: ThresholdOptions = {}) {
    super('Recall', 'recall', options)
  }

  protected override whole(labels: tf.Tensor): tf.Tensor {
    return labels
  }
}

/** The mean of given numbers, for loops of one's own: `updateState(values)`. Source: keras.metrics.Mean. */
export class Mean extends Metric {
  constructor(options: MetricOptions = {}) {
    assertOptions('Mean', options, ['name'])
    super('mean', options)
  }

  override sums(values: tf.Tensor): tf.Tensor[] {
    return [tf.sum(values)]
  }

  override updateState(values: TensorLike): void {
    tf.tidy(() => {
      const all = tf.reshape(toTensorOf(values), [-1])
      super.updateState(all, all)
    })
  }
}

function assertThreshold(where: string, threshold: number): number {
  if (threshold >= 0 && threshold <= 1) return threshold
  throw new ArgumentError(
    `${where}: expected a threshold from 0 to 1, got ${threshold}. Leave it out for 0.5.`,
  )
}

const byName = {
  binaryAccuracy: () => new BinaryAccuracy(),
  sparseCategoricalAccuracy: () => new SparseCategoricalAccuracy(),
  categoricalAccuracy: () => new CategoricalAccuracy(),
  meanAbsoluteError: () => new MeanAbsoluteError(),
  mae: () => new MeanAbsoluteError({ name: 'mae' }),
  meanSquaredError: () => new MeanSquaredError(),
  mse: () => new MeanSquaredError({ name: 'mse' }),
  rootMeanSquaredError: () => new RootMeanSquaredError(),
  binaryCrossentropy: () => new BinaryCrossentropy(),
  categoricalCrossentropy: () => new CategoricalCrossentropy(),
  sparseCategoricalCrossentropy: () => new SparseCategoricalCrossentropy(),
  precision: () => new Precision(),
  recall: () => new Recall(),
} satisfies Record<string, () => Metric>

/** Names of the metric that the loss chooses. */
const accuracyNames = ['accuracy', 'acc'] as const

const metricNames = [...accuracyNames, ...(Object.keys(byName) as (keyof typeof byName)[])]

/** Name of a metric as `compile` takes it. */
export type MetricName = (typeof metricNames)[number]

/** A metric that a program writes as a function of labels and outputs: one number, or one for each example. */
export type MetricFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor

class FunctionMetric extends Metric {
  constructor(private readonly formula: MetricFunction) {
    super(formula.name === '' ? 'metric' : formula.name)
  }

  override sums(labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
    const [examples = 1] = output.beforeActivation.shape
    return [tf.mul(tf.mean(this.formula(labels, output.value)), examples)]
  }
}

/** Throws ArgumentError for a name that is no metric. */
export function assertMetrics(metrics: readonly (Metric | MetricFunction | Spelling<MetricName>)[]): void {
  for (const metric of metrics) {
    if (
      metric instanceof Metric ||
      typeof metric === 'function' ||
      knownName(metric, metricNames) !== undefined
    )
      continue
    throw unknownName('compile metrics', metric, metricNames)
  }
}

/** The metrics that were checked; `accuracy` is chosen by the shapes of outputs and labels, as in Keras. */
export function toMetrics(
  metrics: readonly (Metric | MetricFunction | Spelling<MetricName>)[],
  loss: Loss | null,
  outputShape: Shape,
): Metric[] {
  return metrics.map((metric) => {
    if (metric instanceof Metric) return metric
    if (typeof metric === 'function') return new FunctionMetric(metric)
    const chosenByLoss = knownName(metric, accuracyNames)
    return chosenByLoss === undefined
      ? madeByName<Metric>('compile metrics', metric, byName)
      : accuracy(chosenByLoss, loss, outputShape)
  })
}

function accuracy(name: string, loss: Loss | null, outputShape: Shape): Metric {
  if (outputShape.at(-1) !== 1)
    return loss?.takesClassNumbers
      ? new SparseCategoricalAccuracy({ name })
      : new CategoricalAccuracy({ name })
  return new BinaryAccuracy({ name })
}
