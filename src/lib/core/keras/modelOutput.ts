/** What a model computed for a batch, before and after its last activation. */
import type { tf } from '../eager/tfjs'
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
