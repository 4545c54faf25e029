/** The metrics of a model as a `trainStep` of one's own uses them: `fit` adds their results up over the epoch. */
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { parameters, type Given } from '../util/parameters'
import { tensor } from './kinds'
import { Metric, updateState } from './metric'
import { outputOf } from './modelOutput'
import { toTensorOf } from './tensorLike'

const updateLoss = parameters('metric.updateState', {
  /** The loss of the step, a scalar. */
  values: tensor,
  /** Has no effect: fit weighs steps by their examples. */
  sampleWeight: tensor.or(null).unused('fit weighs steps by their examples'),
})

/** The loss of the step in progress. */
class LossFigure extends Metric {
  #loss: tf.Tensor | null = null

  constructor() {
    super({ name: 'loss' })
  }

  override sums(): tf.Tensor[] {
    return [this.result()]
  }

  override updateState(...given: Given<typeof updateLoss.table>): void {
    this.#loss = toTensorOf(updateLoss.read(given).values)
  }

  override result(): tf.Tensor {
    return this.#loss ?? neverUpdated(this.name)
  }
}

/** A metric of the batch in progress. */
class BatchFigure extends Metric {
  #result: tf.Tensor | null = null

  constructor(private readonly metric: Metric) {
    super({ name: metric.name })
  }

  override sums(): tf.Tensor[] {
    return [this.result()]
  }

  override updateState(...given: Given<typeof updateState.table>): void {
    const { yTrue, yPred, sampleWeight } = updateState.read(given)
    const outputs = toTensorOf(yPred)
    const weights = sampleWeight === null ? null : toTensorOf(sampleWeight)
    const labels = this.metric.fitted(toTensorOf(yTrue), outputs)
    const sums = this.metric.sums(labels, outputOf(outputs), weights)
    this.#result = this.metric.tensorFigure(
      sums,
      weights ? tf.sum(weights) : tf.scalar(outputs.shape.at(0) ?? 1),
    )
  }

  override result(): tf.Tensor {
    return this.#result ?? neverUpdated(this.name)
  }
}

function neverUpdated(name: string): never {
  throw new ArgumentError(
    `metrics: expected updateState before result, got a result of '${name}' alone. Update every metric in the step.`,
  )
}

/** The running loss, and each of the metrics. */
export function trackedFigures(metrics: readonly Metric[]): readonly Metric[] {
  return [new LossFigure(), ...metrics.map((metric) => new BatchFigure(metric))]
}
