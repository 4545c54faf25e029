/** What a model computed for a batch, before and after its last activation. */
import type { tf } from '../eager/tfjs'
import { activations, type ActivationFunction, type ActivationName } from './activations'

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
    return (this.#value ??= this.activate(this.beforeActivation))
  }
}
