/** The layers of a Sequential in order; they are built one on another as soon as the input shape is known. */
import type { tf } from '../eager/tfjs'
import { guard } from '../eager/tracing'
import { ArgumentError } from '../util/errors'
import { printValue } from '../util/printValue'
import type { Shape } from '../util/shapes'
import { Input } from './input'
import { KerasTensor } from './kerasTensor'
import { LayerGraph, type Network } from './layerGraph'
import { nameLayer } from './layerNames'
import type { Layer } from './layers/layer'
import { inputShapeOf, layerOf, ModelLayer, type InnerModel } from './layers/modelLayer'
import type { ModelOutput } from './modelOutput'

/** A network whose layers stand one on another. */
export class LayerStack implements Network {
  readonly layers: Layer[] = []
  #graph: LayerGraph | null = null

  get inputs(): readonly KerasTensor[] {
    return this.#graph?.inputs ?? []
  }

  get outputs(): readonly KerasTensor[] {
    return this.#graph?.outputs ?? []
  }

  add(part: KerasTensor | Layer | InnerModel): void {
    if (part instanceof KerasTensor) {
      this.#open(part)
      return
    }
    const layer = layerOf(part)
    if (!layer) {
      throw new ArgumentError(
        `Sequential: expected layers and models, got ${printValue(part)}. Make one, such as new layers.Dense(1).`,
      )
    }
    if (this.layers.includes(layer) || isPartOfModel(layer)) {
      throw new ArgumentError(
        `Sequential: expected a new layer, got '${layer.name}', which is part of a model. Create another one.`,
      )
    }
    const inputShape = inputShapeOf(layer)
    if (inputShape && !this.#graph && this.layers.length === 0) this.#open(Input([...inputShape]))
    nameLayer('Sequential', layer, this.layers)
    if (!(layer instanceof ModelLayer)) partsOfModels.add(layer)
    this.layers.push(layer)
    const [input, output] = [this.inputs[0], this.outputs[0]]
    if (input && output) this.#graph = new LayerGraph([input], [layer.apply(output)])
  }

  /** Removes the last layer, and returns it. Throws ArgumentError if there is none. */
  pop(): Layer {
    const layer = this.layers.pop()
    if (!layer) {
      throw new ArgumentError(
        'Sequential.pop: expected a layer to remove, got a model without layers. Add one first.',
      )
    }
    partsOfModels.delete(layer)
    const [input] = this.inputs
    if (input) this.#start(input)
    return layer
  }

  build(where: string, shapes: readonly Shape[]): void {
    if (!this.#graph) this.#start(new KerasTensor(shapes[0] ?? []))
    this.#graph?.build(where, shapes)
  }

  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[] {
    guard('the number of layers', () => this.layers.length)
    return this.#graph?.run(inputs, training) ?? []
  }

  #open(input: KerasTensor): void {
    if (this.#graph || this.layers.length > 0) {
      throw new ArgumentError(
        'Sequential: expected Input as the first layer only, got a second one. Keep the one in front.',
      )
    }
    this.#start(input)
  }

  #start(input: KerasTensor): void {
    let output = input
    for (const layer of this.layers) output = layer.apply(output)
    this.#graph = new LayerGraph([input], [output])
  }
}

/** Layers that a Sequential took; a model may be part of several. */
const partsOfModels = new WeakSet<Layer>()

function isPartOfModel(layer: Layer): boolean {
  return partsOfModels.has(layer)
}
