/** Keras' Sequential: a model that is a stack of layers. */
import type { NdArray } from '../data/types'
import type { tf } from '../eager/tfjs'
import { flag, taking, text } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { KerasTensor } from './kerasTensor'
import { list } from './kinds'
import { LayerStack } from './layerStack'
import { Layer, type callParameters } from './layers/layer'
import { Definition } from './definition'
import { Model } from './model'
import type { applyParameters, predictParameters } from './modelParameters'

const sequentialParameters = parameters('Sequential', {
  /** In order; Input may come first. */
  layers: list<readonly (KerasTensor | Layer | Model)[]>('a list of layers').or(null),
  /** False leaves all weights as they are. */
  trainable: flag.or(true),
  /** As summary() shows it. */
  name: text.or('sequential'),
})

const rebuild = flag.or(true).unused('shapes are settled as soon as they are known')

const addParameters = parameters('Sequential.add', {
  layer: taking<KerasTensor | Layer | Model>(
    'a layer, a model, or what Input gives',
    (value) => value instanceof Layer || value instanceof KerasTensor || value instanceof Model,
  ),
  /** Has no effect: shapes are settled as soon as they are known. */
  rebuild,
})

const popParameters = parameters('Sequential.pop', {
  /** Has no effect: shapes are settled as soon as they are known. */
  rebuild,
})

/** `new Sequential([Input({ shape }), new layers.Dense(1)])`. Source: keras.Sequential. */
export class Sequential extends Model {
  readonly #stack: LayerStack

  constructor(...given: Given<typeof sequentialParameters.table>) {
    const { layers, trainable, name } = sequentialParameters.read(given)
    const network = new LayerStack()
    super(new Definition(network, name, true))
    this.#stack = network
    for (const layer of layers ?? []) network.add(layer)
    if (!trainable) this.trainable = false
  }

  override get className(): string {
    return 'Sequential'
  }

  /** Appends a layer, or a model as one. Input comes first; without it the first data given to the model set the shape. */
  add(...given: Given<typeof addParameters.table>): void {
    const { layer } = addParameters.read(given)
    this.#stack.add(layer)
  }

  /** Removes the last layer, and returns it; compile the model afterwards. Throws ArgumentError if there is none. */
  pop(...given: Given<typeof popParameters.table>): Layer {
    popParameters.read(given)
    return this.#stack.pop()
  }

  override apply(
    inputs: KerasTensor | readonly KerasTensor[],
    ...others: Given<typeof callParameters>
  ): KerasTensor
  override apply(...given: Given<typeof applyParameters.table>): tf.Tensor
  override apply(...given: Given<typeof applyParameters.table>): KerasTensor | tf.Tensor {
    return super.apply(...given) as KerasTensor | tf.Tensor
  }

  override async predict(...given: Given<typeof predictParameters.table>): Promise<NdArray> {
    return (await super.predict(...given)) as NdArray
  }
}
