/** Keras' Sequential: a model that is a stack of layers. */
import type { NdArray } from '../data/types'
import type { tf } from '../eager/tfjs'
import type { Arrays } from './examples'
import type { BatchOptions } from './fitOptions'
import type { KerasTensor } from './kerasTensor'
import { LayerStack } from './layerStack'
import type { CallOptions, Layer } from './layers/layer'
import { Model } from './model'
import type { TensorOrList } from './stepRunner'
import type { TensorLike } from './tensorLike'

/** `new Sequential([Input({ shape }), new layers.Dense(1)])`. Source: keras.Sequential. */
export class Sequential extends Model {
  readonly #stack: LayerStack

  constructor(
    layers: readonly (KerasTensor | Layer | Model)[] = [],
    { name = 'sequential' }: { name?: string } = {},
  ) {
    const network = new LayerStack()
    super({ network, name })
    this.#stack = network
    for (const layer of layers) this.add(layer)
  }

  override get className(): string {
    return 'Sequential'
  }

  /** Appends a layer, or a model as one. Input comes first; without it the first data given to the model set the shape. */
  add(layer: KerasTensor | Layer | Model): void {
    this.#stack.add(layer)
  }

  override apply(x: KerasTensor | readonly KerasTensor[]): KerasTensor
  override apply(x: TensorOrList | TensorLike, options?: CallOptions): tf.Tensor
  override apply(
    x: KerasTensor | readonly KerasTensor[] | TensorOrList | TensorLike,
    options: CallOptions = {},
  ): KerasTensor | tf.Tensor {
    return super.apply(x as TensorLike, options) as KerasTensor | tf.Tensor
  }

  override async predict(x: Arrays, options: BatchOptions = {}): Promise<NdArray> {
    return (await super.predict(x, options)) as NdArray
  }
}
