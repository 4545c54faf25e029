/** A model as a layer of another model, which shares its weights. */
import type { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import { ArgumentError } from '../../util/errors'
import { openSize, type Shape } from '../../util/shapes'
import type { ModelOutput } from '../modelOutput'
import type { KerasTensor } from '../kerasTensor'
import type { InnerWeight } from './innerWeights'
import { Layer, type LayerWeight } from './layer'

/** What a layer needs of the model that it stands for. */
export interface InnerModel {
  readonly name: string
  readonly layers: readonly Layer[]
  readonly inputs: readonly KerasTensor[]
  readonly outputs: readonly KerasTensor[]
  readonly innerWeights: readonly InnerWeight[]
  trainable: boolean
  /** The model as a layer: the same one wherever it is used. */
  asLayer(): ModelLayer
  buildOn(where: string, exampleShapes: readonly Shape[]): void
  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[]
  summary(): string
  dispose(): void
}

/** Its weights are named by the layers of the model: `sequential/dense/kernel`. Source: keras.Model, which is a Layer. */
export class ModelLayer extends Layer {
  /** `className` is Keras' for the kind of model; without a name it gets one in the model that it joins. */
  constructor(
    readonly model: InnerModel,
    readonly className: string,
    name: string | null,
  ) {
    super('Model', 'linear', { name, trainable: true, inputShape: null, inputDim: null })
  }

  /** Those of the model. */
  get layers(): readonly Layer[] {
    return this.model.layers
  }

  /** Whether the model is trained; setting it says so of all its layers. */
  override get trainable(): boolean {
    return this.model.trainable
  }

  override set trainable(trainable: boolean) {
    this.model.trainable = trainable
  }

  override get weights(): readonly LayerWeight[] {
    return this.model.innerWeights
  }

  override get outputShape(): Shape {
    return this.model.outputs[0]?.exampleShape ?? super.outputShape
  }

  /** Shows the table of the model's layers, and returns it. */
  summary(): string {
    return this.model.summary()
  }

  override outputFor(inputs: readonly tf.Tensor[], training: boolean): ModelOutput {
    const [output] = this.model.run(inputs, training)
    if (output) return output
    throw new Error(`internal: ${this.name} has no output`)
  }

  override dispose(): void {
    this.model.dispose()
  }

  protected override callAll(inputs: readonly tf.Tensor[], training: boolean): tf.Tensor {
    return this.outputFor(inputs, training).value
  }

  protected override buildForAll(inputShapes: readonly Shape[]): Shape {
    this.model.buildOn(this.model.name, inputShapes)
    const { outputs } = this.model
    const [output] = outputs
    if (output && outputs.length === 1) return output.exampleShape
    throw new ArgumentError(
      `${this.model.name}: expected a model of one output as a layer, got ${outputs.length}. ` +
        'Call it in a model of your own: class Net extends Model { call(x) { … } }.',
    )
  }

  protected override flattenedAfter(): ImageShape | undefined {
    return this.model.outputs[0]?.flattenedFrom
  }
}

/** The layer that a part of a model is, or stands for; null for anything else. */
export function layerOf(part: unknown): Layer | null {
  if (part instanceof Layer) return part
  return isInnerModel(part) ? part.asLayer() : null
}

/** Models are told by their method: their class is made of layers itself. */
function isInnerModel(part: unknown): part is InnerModel {
  return typeof part === 'object' && part !== null && 'asLayer' in part
}

/** The open or known shape of the examples that a model takes, as `Input` has it; undefined while nobody knows. */
export function inputShapeOf(layer: Layer): readonly (number | null)[] | undefined {
  if (!(layer instanceof ModelLayer)) return layer.givenInputShape ?? undefined
  return layer.model.inputs[0]?.exampleShape.map((size) => (size === openSize ? null : size))
}
