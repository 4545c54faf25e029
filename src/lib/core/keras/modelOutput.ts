/** What a model computed for a batch, before and after its last activation. */
import { tf } from '../eager/tfjs'
import { activations, type ActivationFunction, type ActivationName } from './activations'

/** Outputs by their values: a loss that is given a value finds the logits behind it, as in Keras. */
const outputs = new WeakMap<tf.Tensor, ModelOutput>()

/** The last activation is applied only when somebody asks for it: losses and accuracies often need not. */
export class ModelOutput {
  #value: tf.Tensor | null = null

  constructor(
    /** [batch, …], the logits where the activation is sigmoid or softmax. */
    readonly beforeActivation: tf.Tensor,
    readonly activation: ActivationName,
    private readonly activate: ActivationFunction = activations[activation],
  ) {}

  /** The model's output, after its last activation. */
  get value(): tf.Tensor {
    if (this.#value) return this.#value
    this.#value = this.activate(this.beforeActivation)
    if (this.activation !== 'linear') outputs.set(this.#value, this)
    return this.#value
  }
}

/** The output that has this value; of other tensors nothing is known but themselves. */
export function outputOf(value: tf.Tensor): ModelOutput {
  return outputs.get(value) ?? new ModelOutput(value, 'linear')
}

/** Labels [n] as [n, 1] for outputs [n, 1], and the reverse. Source: keras' squeeze_or_expand_to_same_rank. */
export function alignedRanks(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  if (labels.rank === outputs.rank + 1 && labels.shape.at(-1) === 1) return withoutLast(labels)
  const isRow = outputs.rank === labels.rank + 1 && outputs.shape.at(-1) === 1
  return isRow ? tf.expandDims(labels, -1) : labels
}

/** Class numbers [n, 1] as [n], for outputs [n, classes]. */
export function alignedClasses(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return labels.rank === outputs.rank && labels.shape.at(-1) === 1 ? withoutLast(labels) : labels
}

function withoutLast(labels: tf.Tensor): tf.Tensor {
  return tf.reshape(labels, labels.shape.slice(0, -1))
}
