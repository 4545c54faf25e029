/** The metrics of a model as a `trainStep` of one's own uses them: `fit` adds their results up over the epoch. */
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { Metric } from './metrics'
import { outputOf } from './modelOutput'
import { toTensorOf, type TensorLike } from './tensorLike'

/** The loss of the step in progress. */
class LossFigure extends Metric {
  #loss: tf.Tensor | null = null

  constructor() {
    super('loss')
  }

  override sums(): tf.Tensor[] {
    return [this.result()]
  }

  override updateState(loss: TensorLike): void {
    this.#loss = toTensorOf(loss)
  }

  override result(): tf.Tensor {
    return this.#loss ?? neverUpdated(this.name)
  }
}

/** A metric of the batch in progress. */
class BatchFigure extends Metric {
  #result: tf.Tensor | null = null

  constructor(private readonly metric: Metric) {
    super(metric.name)
  }

  override sums(): tf.Tensor[] {
    return [this.result()]
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike): void {
    const outputs = toTensorOf(yPred)
    const [examples = 1] = outputs.shape
    const sums = this.metric.sums(toTensorOf(yTrue), outputOf(outputs))
    this.#result = this.metric.tensorFigure(sums, tf.scalar(examples))
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
