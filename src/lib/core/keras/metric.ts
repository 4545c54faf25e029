/** The base of all metrics: figures of labels and outputs that add up over the batches. */
import { at } from '../util/at'
import { tf } from '../eager/tfjs'
import { outsideTrace } from '../eager/tracing'
import type { ExampleWeights } from '../nn/metrics'
import { ArgumentError, ShapeError } from '../util/errors'
import { text } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'
import { assertBroadcastable } from '../util/shapeChecks'
import { isSameShape, printShape } from '../util/shapes'
import { answerUnknown } from '../util/unknownNames'
import { float32Only, tensor } from './kinds'
import { alignedRanks, outputOf, type ModelOutput } from './modelOutput'
import { metricAnswers } from './otherNames'
import { toTensorOf } from './tensorLike'

const metricParameters = parameters('Metric', {
  /** Everything is computed in float32. */
  dtype: float32Only,
  /** Key in logs and History. */
  name: text.or(null),
})

/** What `updateState` of a metric takes. */
export const updateState = parameters('metric.updateState', {
  /** Labels. */
  yTrue: tensor,
  /** Outputs of the model. */
  yPred: tensor,
  /** A weight for each example. */
  sampleWeight: tensor.or(null),
})

/** A figure that is computed from sums over the examples. Source: keras.metrics.Metric. */
export class Metric {
  readonly name: string
  /** Which way is better; null where it depends. */
  readonly direction: 'up' | 'down' | null = null
  #state: { readonly sums: tf.Variable[]; readonly count: tf.Variable } | null = null

  constructor(...given: Given<typeof metricParameters.table>) {
    const { name } = metricParameters.read(given)
    this.name = name ?? new.target.name
  }

  /** How many sums the figure is computed from. */
  readonly width: number = 1

  /** Sums over the examples of a batch, scalars; belong to the caller's scope. */
  sums(_labels: tf.Tensor, _output: ModelOutput, _weights: ExampleWeights = null): tf.Tensor[] {
    throw new ArgumentError(
      `compile metrics: expected a metric of keras.metrics, its name, or a function, got the class ${this.constructor.name}. ` +
        'Write a function (yTrue, yPred) => …; fit shows its mean over the examples.',
    )
  }

  /** The figure, from sums over `count` examples. Without any it is 0, as in Keras. */
  figure(sums: readonly number[], count: number): number {
    return count === 0 ? 0 : at(sums, 0) / count
  }

  /** Adds labels and outputs to what the metric has seen: for loops of one's own. */
  updateState(...given: Given<typeof updateState.table>): void {
    const { yTrue, yPred, sampleWeight } = updateState.read(given)
    tf.tidy(() => {
      const outputs = toTensorOf(yPred)
      const labels = this.fitted(toTensorOf(yTrue), outputs)
      this.addUp(labels, outputs, sampleWeight === null ? null : toTensorOf(sampleWeight))
    })
  }

  /** Adds the sums of a batch to those before; in the caller's scope. */
  protected addUp(labels: tf.Tensor, outputs: tf.Tensor, weights: ExampleWeights): void {
    const state = (this.#state ??= this.#newState())
    const added = this.sums(labels, outputOf(outputs), weights)
    for (const [index, sum] of added.entries()) addTo(state.sums[index], sum)
    addTo(state.count, weights ? tf.sum(weights) : tf.scalar(outputs.shape.at(0) ?? 1))
  }

  /** How labels go with the outputs; null where only the metric itself can tell. */
  protected readonly labelsAre: 'of their shape' | 'broadcast' | 'class numbers' | null = null

  /** Labels in the shape that goes with the outputs. Throws ShapeError where there is none. @internal */
  fitted(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    const fitted = this.aligned(labels, outputs)
    if (this.labelsAre === 'broadcast') assertBroadcastable(this.name, fitted.shape, outputs.shape)
    if (this.labelsAre === null || this.labelsAre === 'broadcast') return fitted
    const isClasses = this.labelsAre === 'class numbers'
    const expected = isClasses ? outputs.shape.slice(0, -1) : outputs.shape
    if (isSameShape(fitted.shape, expected)) return fitted
    const advice = isClasses
      ? 'Use the metric without sparse for one-hot labels.'
      : 'Use a sparse metric, or accuracy, for class numbers.'
    throw new ShapeError(
      `${this.name}: expected labels ${printShape(expected)} for outputs ${printShape(outputs.shape)}, got ${printShape(labels.shape)}. ${advice}`,
    )
  }

  /** The same without a check. */
  protected aligned(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return alignedRanks(labels, outputs)
  }

  /** The figure of everything since the last `resetState`, a scalar; belongs to the caller's scope. */
  result(...given: NoArguments): tf.Tensor {
    assertNoArguments('metric.result', given)
    const state = (this.#state ??= this.#newState())
    return tf.tidy(() => this.tensorFigure(state.sums, state.count))
  }

  /** Forgets what the metric has seen. */
  resetState(...given: NoArguments): void {
    assertNoArguments('metric.resetState', given)
    if (!this.#state) return
    const { sums, count } = this.#state
    for (const variable of [...sums, count]) tf.tidy(() => variable.assign(tf.scalar(0)))
  }

  /** The same formula as `figure`, on tensors. */
  tensorFigure(sums: readonly tf.Tensor[], count: tf.Tensor): tf.Tensor {
    return tf.divNoNan(at(sums, 0), count)
  }

  #newState(): { sums: tf.Variable[]; count: tf.Variable } {
    const zero = () => tf.tidy(() => tf.variable(tf.scalar(0), false))
    return outsideTrace(() => ({ sums: Array.from({ length: this.width }, zero), count: zero() }))
  }
}

answerUnknown(Metric.prototype, metricAnswers)

function addTo(variable: tf.Variable | undefined, value: tf.Tensor): void {
  variable?.assign(tf.add(variable, value))
}
