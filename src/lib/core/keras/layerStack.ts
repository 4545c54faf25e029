/** The layers of a model in order: names them, builds them one on another, and tells a dense layer what was flattened. */
import type { tf } from '../eager/tfjs'
import { activeTrace } from '../eager/tracing'
import type { ImageShape } from '../nn/weights'
import { ArgumentError, ShapeError } from '../util/errors'
import { isSameShape, printShape, type Shape } from '../util/shapes'
import type { InputSpec } from './input'
import { Dense } from './layers/dense'
import { Flatten } from './layers/flatten'
import type { Layer } from './layers/layer'
import { ModelOutput } from './modelOutput'

export class LayerStack {
  readonly layers: Layer[] = []
  #inputShape: Shape | null = null
  #outputShape: Shape = []
  #flattenedFrom: ImageShape | undefined

  /** Shape of one example; null until Input or the first data state it. */
  get inputShape(): Shape | null {
    return this.#inputShape
  }

  /** Shape of one output example; empty while the input shape is open. */
  get outputShape(): Shape {
    return this.#outputShape
  }

  add(layer: InputSpec | Layer): void {
    if ('kind' in layer) {
      this.#open(layer)
      return
    }
    if (layer.name !== '') {
      throw new ArgumentError(
        `Sequential: expected a new layer, got '${layer.name}', which is part of a model. Create another one.`,
      )
    }
    layer.name = this.#uniqueName(layer)
    this.layers.push(layer)
    if (this.#inputShape) this.#buildLayer(layer)
  }

  /** Settles the shape of one example, making the weights, or throws ShapeError if it is another one. */
  build(where: string, inputShape: Shape): void {
    if (!this.#inputShape) {
      this.#inputShape = inputShape
      this.#outputShape = inputShape
      for (const layer of this.layers) this.#buildLayer(layer)
    }
    if (isSameShape(inputShape, this.#inputShape)) return
    throw new ShapeError(
      `${where}: expected examples of shape ${printShape(this.#inputShape)}, got ${printShape(inputShape)}. ` +
        "Change Input's shape or the data.",
    )
  }

  /** Runs all layers but for the last activation. Belongs to the caller's scope. */
  run(x: tf.Tensor, training: boolean): ModelOutput {
    activeTrace()?.guard(() => this.layers.length)
    const last = this.layers.at(-1)
    if (!last) return new ModelOutput(x, 'linear')
    let hidden = x
    for (const layer of this.layers.slice(0, -1)) hidden = layer.apply(hidden, { training })
    const logits = last.beforeActivation(hidden, training)
    return new ModelOutput(logits, last.activation, (value) => last.activate(value))
  }

  #open(input: InputSpec): void {
    if (this.#inputShape || this.layers.length > 0) {
      throw new ArgumentError(
        'Sequential: expected Input as the first layer only, got a second one. Keep the one in front.',
      )
    }
    this.#inputShape = input.shape
    this.#outputShape = input.shape
  }

  #buildLayer(layer: Layer): void {
    const inputShape = this.#outputShape
    this.#outputShape = layer.build(inputShape)
    if (layer instanceof Flatten) this.#flattenedFrom = imageShape(inputShape) ?? this.#flattenedFrom
    if (inputShape.length === 1) layer.flattenedFrom = this.#flattenedFrom
    // Other layers keep the order of a flattened image; a dense layer consumes it.
    if (layer instanceof Dense) this.#flattenedFrom = undefined
  }

  /** Keras' automatic names: `dense`, `dense_1`; counted per model, so that they do not depend on earlier runs. */
  #uniqueName(layer: Layer): string {
    const same = this.layers.filter(({ className }) => className === layer.className).length
    const base = snakeCase(layer.className)
    return same === 0 ? base : `${base}_${same}`
  }
}

function imageShape(shape: Shape): ImageShape | undefined {
  const [height, width, channels] = shape
  if (shape.length !== 3 || !height || !width || !channels) return undefined
  return [height, width, channels]
}

/** `MaxPooling2D` -> `max_pooling2d`, as Keras names its layers. */
function snakeCase(className: string): string {
  return className
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
