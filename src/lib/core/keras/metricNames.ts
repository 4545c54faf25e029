/** Metrics as `compile` takes them: classes, their names, functions; and what `accuracy` means. */
import { last } from '../util/at'
import { tf } from '../eager/tfjs'
import { weightedRows, type ExampleWeights } from '../nn/metrics'
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { inCamelCase, knownName } from '../util/spelling'
import type { Loss } from './loss'
import { Metric } from './metric'
import {
  BinaryAccuracy,
  BinaryCrossentropy,
  CategoricalAccuracy,
  CategoricalCrossentropy,
  MeanAbsoluteError,
  MeanSquaredError,
  Precision,
  Recall,
  RootMeanSquaredError,
  SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy,
} from './metrics'
import type { ModelOutput } from './modelOutput'
import { spelling, unknownName, type Spelling } from './names'

/** Of the name as it was written, which is the key in logs and History. */
const byName = {
  binaryAccuracy: (name) => new BinaryAccuracy({ name }),
  sparseCategoricalAccuracy: (name) => new SparseCategoricalAccuracy({ name }),
  categoricalAccuracy: (name) => new CategoricalAccuracy({ name }),
  meanAbsoluteError: (name) => new MeanAbsoluteError({ name }),
  mae: (name) => new MeanAbsoluteError({ name }),
  meanSquaredError: (name) => new MeanSquaredError({ name }),
  mse: (name) => new MeanSquaredError({ name }),
  rootMeanSquaredError: (name) => new RootMeanSquaredError({ name }),
  binaryCrossentropy: (name) => new BinaryCrossentropy({ name }),
  categoricalCrossentropy: (name) => new CategoricalCrossentropy({ name }),
  sparseCategoricalCrossentropy: (name) => new SparseCategoricalCrossentropy({ name }),
  precision: (name) => new Precision({ name }),
  recall: (name) => new Recall({ name }),
} satisfies Record<string, (name: string) => Metric>

/** Names of the metric that the loss chooses. */
const accuracyNames = ['accuracy', 'acc'] as const

const metricNames = [...accuracyNames, ...(Object.keys(byName) as (keyof typeof byName)[])]

/** Name of a metric as `compile` takes it. */
export type MetricName = (typeof metricNames)[number]

/** A metric that a program writes as a function of labels and outputs: one number, or one for each example. */
export type MetricFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor

class FunctionMetric extends Metric {
  constructor(private readonly formula: MetricFunction) {
    super({ name: formula.name === '' ? 'metric' : formula.name })
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    const [examples = 1] = output.beforeActivation.shape
    const values = this.#values(labels, output.value)
    const isPerExample = weights !== null && values.rank > 0
    return [tf.mul(tf.mean(isPerExample ? weightedRows(values, weights) : values), examples)]
  }

  #values(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    const values: unknown = this.formula(labels, outputs)
    if (values instanceof tf.Tensor) return values as tf.Tensor
    throw new ArgumentError(
      `${this.name}: expected a metric function that gives a tensor, got ${describeValue(values, 60)}. Compute it with ops, such as ops.mean.`,
    )
  }
}

/** A metric whose examples count by their weights, as `weightedMetrics` asks: its last sum is that of the weights. */
export class WeightedMetric extends Metric {
  override readonly width: number
  override readonly direction: 'up' | 'down' | null

  constructor(
    private readonly metric: Metric,
    name: string,
  ) {
    super({ name })
    this.width = metric.width + 1
    this.direction = metric.direction
  }

  override fitted(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return this.metric.fitted(labels, outputs)
  }

  override sums(labels: tf.Tensor, output: ModelOutput, weights: ExampleWeights = null): tf.Tensor[] {
    const [examples = 1] = output.beforeActivation.shape
    return [...this.metric.sums(labels, output, weights), weights ? tf.sum(weights) : tf.scalar(examples)]
  }

  override figure(sums: readonly number[]): number {
    return this.metric.figure(sums.slice(0, -1), last(sums))
  }

  override tensorFigure(sums: readonly tf.Tensor[]): tf.Tensor {
    return this.metric.tensorFigure(sums.slice(0, -1), sums.at(-1) ?? tf.scalar(0))
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
    const name = inCamelCase(metric)
    if (knownName(metric, accuracyNames) !== undefined) return accuracy(name, loss, outputShape)
    return byName[spelling('compile metrics', metric, Object.keys(byName) as (keyof typeof byName)[])](name)
  })
}

function accuracy(name: string, loss: Loss | null, outputShape: Shape): Metric {
  if (outputShape.at(-1) !== 1)
    return loss?.takesClassNumbers
      ? new SparseCategoricalAccuracy({ name })
      : new CategoricalAccuracy({ name })
  return new BinaryAccuracy({ name })
}
