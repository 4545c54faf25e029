/** The layers of a Sequential in order; they are built one on another as soon as the input shape is known. */
import type { tf } from '../eager/tfjs'
import { guard } from '../eager/tracing'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { Input } from './input'
import { KerasTensor } from './kerasTensor'
import { LayerGraph, type Network } from './layerGraph'
import { nameLayer } from './layerNames'
import type { Layer } from './layers/layer'
import type { ModelOutput } from './modelOutput'

export class LayerStack implements Network {
  readonly layers: Layer[] = []
  #graph: LayerGraph | null = null

  get inputs(): readonly KerasTensor[] {
    return this.#graph?.inputs ?? []
  }

  get outputs(): readonly KerasTensor[] {
    return this.#graph?.outputs ?? []
  }

  add(layer: KerasTensor | Layer): void {
    if (layer instanceof KerasTensor) {
      this.#open(layer)
      return
    }
    if (this.layers.includes(layer) || isPartOfModel(layer)) {
      throw new ArgumentError(
        `Sequential: expected a new layer, got '${layer.name}', which is part of a model. Create another one.`,
      )
    }
    const { givenInputShape } = layer
    if (givenInputShape && !this.#graph && this.layers.length === 0) this.#open(Input([...givenInputShape]))
    nameLayer('Sequential', layer, this.layers)
    partsOfModels.add(layer)
    this.layers.push(layer)
    const [input, output] = [this.inputs[0], this.outputs[0]]
    if (input && output) this.#graph = new LayerGraph([input], [layer.apply(output)])
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

/** Layers that a Sequential took. */
const partsOfModels = new WeakSet<Layer>()

function isPartOfModel(layer: Layer): boolean {
  return partsOfModels.has(layer)
}
