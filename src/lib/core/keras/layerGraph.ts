/** The layers between symbolic inputs and outputs, in the order in which they are computed. */
import type { tf } from '../eager/tfjs'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import { fitsShape, printShape, type Shape } from '../util/shapes'
import { KerasTensor, type Producer } from './kerasTensor'
import { nameLayer } from './layerNames'
import { Layer } from './layers/layer'
import { ModelOutput } from './modelOutput'

/** What a model computes with: layers whose input shapes may still be open. */
export interface Network {
  readonly layers: readonly Layer[]
  /** Empty while the shapes are open. */
  readonly inputs: readonly KerasTensor[]
  readonly outputs: readonly KerasTensor[]
  /** Settles the shapes of one example of each input, or throws ShapeError if they are others. */
  build(where: string, shapes: readonly Shape[]): void
  /** [batch, …] of each input to outputs; belongs to the caller's scope. */
  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[]
}

/** A network of layers between inputs and outputs. */
export class LayerGraph implements Network {
  readonly layers: readonly Layer[]
  readonly #order: readonly KerasTensor[]

  /** Throws ArgumentError where an output needs an Input that is not among `inputs`. */
  constructor(
    readonly inputs: readonly KerasTensor[],
    readonly outputs: readonly KerasTensor[],
  ) {
    this.#order = inOrder(inputs, outputs)
    this.layers = [...new Set(this.#order.flatMap(({ producer }) => (producer ? layerOf(producer) : [])))]
  }

  /** The nodes that are computed, in order. */
  get nodes(): readonly KerasTensor[] {
    return this.#order
  }

  build(where: string, shapes: readonly Shape[]): void {
    const isSame = shapes.every((shape, index) => fitsShape(shape, this.inputs[index]?.exampleShape ?? []))
    if (isSame && shapes.length === this.inputs.length) return
    const expected = this.inputs.map(({ exampleShape }) => printShape(exampleShape)).join(' and ')
    throw new ShapeError(
      `${where}: expected examples of shape ${expected}, got ${shapes.map(printShape).join(' and ')}. ` +
        "Change Input's shape or the data.",
    )
  }

  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[] {
    const values = new Map<KerasTensor, ModelOutput>()
    for (const [index, input] of this.inputs.entries()) {
      const given = inputs[index]
      if (given) values.set(input, new ModelOutput(given, 'linear'))
    }
    const valueOf = (tensor: KerasTensor): ModelOutput => {
      const value = values.get(tensor)
      if (value) return value
      throw new Error(`internal: no value for a node of shape ${printShape(tensor.exampleShape)}`)
    }
    for (const tensor of this.#order) {
      if (!tensor.producer) continue
      const given = tensor.producer.inputs.map((operand) => valueOf(operand).value)
      values.set(tensor, layerOf(tensor.producer).outputFor(given, training))
    }
    return this.outputs.map(valueOf)
  }
}

/** Symbolic tensors come from layers alone; of these they know the name. */
function layerOf({ layer }: Producer): Layer {
  if (layer instanceof Layer) return layer
  throw new Error(`internal: ${layer.name} gives a symbolic tensor and is no layer`)
}

/** What leads from the inputs to the outputs, each after what it is computed from. */
function inOrder(inputs: readonly KerasTensor[], outputs: readonly KerasTensor[]): KerasTensor[] {
  const order = new Set<KerasTensor>()
  const given = new Set(inputs)
  const visit = (tensor: KerasTensor): void => {
    if (given.has(tensor) || order.has(tensor)) return
    if (!tensor.producer) throw disconnected(tensor)
    tensor.producer.inputs.forEach(visit)
    order.add(tensor)
  }
  outputs.forEach(visit)
  return [...order]
}

function disconnected({ name, exampleShape }: KerasTensor): ArgumentError {
  const input = name === '' ? `an Input of shape ${printShape(exampleShape)}` : `Input '${name}'`
  return new ArgumentError(
    `Model: expected outputs that are computed from the inputs, got one that also needs ${input}. Add it to inputs.`,
  )
}

type Symbolic = KerasTensor | readonly KerasTensor[] | null

/** The layers between inputs and outputs, with names. Throws ArgumentError where they are no symbolic tensors. */
export function functionalNetwork(inputs: Symbolic, outputs: Symbolic): LayerGraph {
  const graph = new LayerGraph(symbolic('inputs', inputs), symbolic('outputs', outputs))
  for (const layer of graph.layers) {
    nameLayer(
      'Model',
      layer,
      graph.layers.filter((other) => other !== layer),
    )
  }
  return graph
}

function symbolic(option: string, given: Symbolic): readonly KerasTensor[] {
  const tensors: unknown = given instanceof KerasTensor ? [given] : given
  const isValid = Array.isArray(tensors) && tensors.length > 0
  if (isValid && tensors.every((tensor): tensor is KerasTensor => tensor instanceof KerasTensor))
    return tensors
  throw new ArgumentError(
    `Model: expected ${option} from Input and from layers, got ${describeValue(given, 60)}. Write const x = Input({ shape }) and layer.apply(x).`,
  )
}
