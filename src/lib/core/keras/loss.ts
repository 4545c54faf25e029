/** The base of all losses: how the losses of examples become one, and how they are weighted. */
import { inPhase } from '../eager/origin'
import { tf } from '../eager/tfjs'
import { weightedRows } from '../nn/metrics'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import { taking, text } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { assertBroadcastable } from '../util/shapeChecks'
import { isSameShape, printShape, sizeOf, type Shape } from '../util/shapes'
import { knownName } from '../util/spelling'
import type { ActivationName } from './activations'
import { float32Only, spelt, tensor } from './kinds'
import { alignedRanks, outputOf, type ModelOutput } from './modelOutput'
import { spelling } from './names'
import { assertOverrides } from './overrides'
import { toTensorOf } from './tensorLike'

const reductions = ['sumOverBatchSize', 'mean', 'meanWithSampleWeight', 'sum', 'none'] as const

/** How the losses of the examples become one: their mean, that by weights, their sum, or not at all. */
export type LossReduction = (typeof reductions)[number]

/** How the losses of the examples become one: their mean over the batch, their sum, or 'none'. */
const reduction = taking<LossReduction | null>(
  spelt(...reductions).facts.kind.expected,
  (value) => value === null || knownName(value, reductions) !== undefined,
).or('sumOverBatchSize')

/** What every loss takes. */
export const lossParameters = {
  /** Their mean over the batch, their sum, or 'none' for one loss per example. */
  reduction,
  /** As errors call it. */
  name: text.or(null),
  /** Everything is computed in float32. */
  dtype: float32Only,
}

/** What every loss was told. */
export interface LossValues {
  readonly reduction: LossReduction | null
  readonly name: string | null
}

const ownLoss = parameters('Loss', {
  name: lossParameters.name,
  reduction: lossParameters.reduction,
  dtype: lossParameters.dtype,
})

const apply = parameters('loss.apply', {
  /** Labels. */
  yTrue: tensor,
  /** Outputs of the model. */
  yPred: tensor,
  /** A weight for each example. */
  sampleWeight: tensor.or(null),
})

/** A loss as `compile` takes it; in a subclass `call(yTrue, yPred)` gives one loss per example. Source: keras.losses.Loss. */
export class Loss {
  readonly name: string
  /** Whether labels are class numbers, one for each row of outputs. */
  readonly takesClassNumbers: boolean = false
  /** Whether outputs are logits. */
  readonly fromLogits: boolean = false
  readonly reduction: LossReduction

  constructor(...given: Given<typeof ownLoss.table>) {
    const { name, reduction } = ownLoss.read(given)
    assertOverrides(this, { base: Loss, names: ['call', 'apply'] })
    this.name = name ?? new.target.name
    this.reduction = reduction === null ? 'none' : spelling('Loss reduction', reduction, reductions)
  }

  /** One loss for each example: override it in a loss of your own. Source: keras.losses.Loss.call. */
  call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    if (Reflect.get(this, 'perExample') !== Reflect.get(Loss.prototype, 'perExample')) {
      const outputs = toTensorOf(yPred)
      return this.perExample(this.aligned(toTensorOf(yTrue), outputs), outputOf(outputs))
    }
    throw new ArgumentError(
      `${this.name}: expected a method call(yTrue, yPred), got a loss without it. Write call(yTrue, yPred) { return … }.`,
    )
  }

  /** The loss of labels and outputs that are tensors, numbers or lists of them: Keras' `loss(y_true, y_pred)`. */
  apply(...given: Given<typeof apply.table>): tf.Tensor {
    const { yTrue, yPred, sampleWeight } = apply.read(given)
    const outputs = toTensorOf(yPred)
    const labels = this.aligned(toTensorOf(yTrue), outputs)
    const output = outputOf(outputs)
    const weights = sampleWeight === null ? null : toTensorOf(sampleWeight)
    this.#assertFit(labels.shape, outputs.shape, weights?.shape ?? null)
    if (this.reduction !== 'none') return this.compute(labels, output, weights)
    const losses = this.perExample(labels, output)
    return weights ? weightedRows(losses, weights) : losses
  }

  /** Throws ShapeError for labels or weights that do not go with the outputs; a loss of the program's own knows itself. */
  #assertFit(labels: Shape, outputs: Shape, weights: Shape | null): void {
    if (this.takesClassNumbers && !isSameShape(labels, outputs.slice(0, -1))) {
      throw new ShapeError(
        `${this.name}: expected class numbers ${printShape(outputs.slice(0, -1))} for outputs ${printShape(outputs)}, ` +
          `got ${printShape(labels)}. Use the loss without sparse for one-hot labels.`,
      )
    }
    const isOwn = this.call !== Loss.prototype.call
    if (!this.takesClassNumbers && !isOwn) assertBroadcastable(this.name, labels, outputs)
    if (!weights || sizeOf(weights) === 1 || weights[0] === outputs[0]) return
    throw new ShapeError(
      `${this.name}: expected a weight for each of ${outputs[0] ?? 1} examples, got ${printShape(weights)}. Pass a list of that length.`,
    )
  }

  /**
   * One number for the batch, a scalar. Labels were checked with `labelShape`; weights [batch] scale the losses of the
   * examples, whose number still divides them.
   */
  compute(labels: tf.Tensor, output: ModelOutput, weights: tf.Tensor | null = null): tf.Tensor {
    if (!weights) {
      const mean = this.mean(labels, output)
      return this.reduction === 'sum' ? tf.mul(mean, lossesOf(output)) : mean
    }
    const losses = this.perExample(labels, output)
    return inPhase('loss', () => {
      const scaled = weightedRows(losses, weights)
      if (this.reduction === 'sum') return tf.sum(scaled)
      if (this.reduction === 'meanWithSampleWeight') return tf.divNoNan(tf.sum(scaled), tf.sum(weights))
      return tf.mean(scaled)
    })
  }

  /** Shape of one label for outputs of one example. */
  labelShape(outputShape: Shape): Shape {
    return outputShape
  }

  /** Labels [n] are taken as [n, 1] for outputs [n, 1], and the reverse, as in Keras. */
  protected aligned(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    return alignedRanks(labels, outputs)
  }

  /** Mean over everything, a scalar. */
  protected mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return tf.mean(this.perExample(labels, output))
  }

  /** The loss of each example, averaged over the last axis of its outputs: [batch, …]. */
  protected perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    const loss: unknown = inPhase('loss', () => this.call(labels, output.value))
    if (loss instanceof tf.Tensor) return loss as tf.Tensor
    throw new ArgumentError(
      `${this.name}: expected a loss function that gives a tensor, got ${describeValue(loss, 60)}. Compute it with ops, such as ops.mean.`,
    )
  }

  /**
   * Logits, when outputs are logits or come from `activation`: as in Keras, a cross-entropy behind a sigmoid
   * or softmax goes back to its logits, which is stable; otherwise null.
   */
  protected logits(output: ModelOutput, activation: ActivationName): tf.Tensor | null {
    if (output.activation === activation) return output.beforeActivation
    return this.fromLogits ? output.value : null
  }
}

/** How many losses a batch has: one for each example, or for each position of it. */
function lossesOf({ beforeActivation: { shape } }: ModelOutput): number {
  return sizeOf(shape.slice(0, -1))
}

/** What losses of Keras' own hand to Loss. */
export function own(name: string, values: LossValues): { name: string; reduction: LossReduction } {
  return { name: values.name ?? name, reduction: values.reduction ?? 'none' }
}
