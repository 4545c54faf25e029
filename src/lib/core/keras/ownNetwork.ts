/** The network of a model that a program writes as a class: layers are its fields, and its `call` says how they are used. */
import { tf } from '../eager/tfjs'
import { guard, outsideTrace } from '../eager/tracing'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { KerasTensor } from './kerasTensor'
import type { Network } from './layerGraph'
import type { CallOptions, Layer } from './layers/layer'
import { partsOf } from './layers/parts'
import { outputOf, type ModelOutput } from './modelOutput'

/** What a subclass of Model writes. */
export interface Callable {
  call(inputs: tf.Tensor | readonly tf.Tensor[], options?: CallOptions): tf.Tensor | readonly tf.Tensor[]
}

/** The network of a model whose `call` the program writes. */
export class OwnNetwork implements Network {
  inputs: readonly KerasTensor[] = []
  outputs: readonly KerasTensor[] = []

  constructor(private readonly model: Callable) {}

  /** Layers and models among the fields of the model, also in lists, in the order of assignment. */
  get layers(): readonly Layer[] {
    return partsOf(this.model)
  }

  /** Calls the model once on zeros, which makes the weights and tells the shapes of outputs. */
  build(_where: string, shapes: readonly Shape[]): void {
    if (this.inputs.length > 0) return
    const outputs = outsideTrace(() =>
      tf.tidy(() =>
        this.#call(
          shapes.map((shape) => tf.zeros([1, ...shape])),
          false,
        ).map((output) => output.shape),
      ),
    )
    this.inputs = shapes.map((shape) => new KerasTensor(shape))
    this.outputs = outputs.map((shape) => new KerasTensor(shape.slice(1)))
  }

  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[] {
    guard('the number of layers', () => this.layers.length)
    return this.#call(inputs, training).map(outputOf)
  }

  #call(inputs: readonly tf.Tensor[], training: boolean): readonly tf.Tensor[] {
    const [first] = inputs
    const given = inputs.length === 1 && first ? first : inputs
    const returned: unknown = this.model.call(given, { training })
    const outputs: unknown[] = Array.isArray(returned) ? returned : [returned]
    if (outputs.length > 0 && outputs.every((each) => each instanceof tf.Tensor)) return outputs
    throw new ArgumentError(
      'Model.call: expected a tensor, or a list of tensors, got something else. Return what the last layer gives.',
    )
  }
}
