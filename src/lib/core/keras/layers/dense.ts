/** The fully connected layer. */
import { last } from '../../util/at'
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import type { Shape } from '../../util/shapes'
import { parameters, type Given } from '../../util/parameters'
import { count } from '../kinds'
import { regularised } from '../regularizers'
import { initialise, kernelStart, type KernelStart } from './initialise'
import { buildTfLayer, callTfLayer, Layer, weightsOf, type LayerWeight, type TfLayer } from './layer'
import { activation } from './layerKinds'
import {
  adapterParameters,
  kernelParameters,
  kernelPenaltyParameters,
  layerParameters,
} from './layerParameters'

const dense = parameters('Dense', {
  /** Size of the output. */
  units: count,
  /** Applied to the output: 'relu', 'sigmoid', 'softmax' and others; none when left out. */
  activation: activation.or(null),
  ...kernelParameters,
  ...kernelPenaltyParameters,
  ...adapterParameters,
  ...layerParameters,
})

/**
 * activation(x · kernel + bias) over the last axis; kernel [in, units] Glorot uniform, bias zeros.
 * Source: keras.layers.Dense.
 */
export class Dense extends Layer {
  readonly className = 'Dense'
  readonly #layer: TfLayer
  readonly #start: KernelStart

  readonly units: number

  constructor(...given: Given<typeof dense.table>) {
    const { units, activation, useBias, ...options } = dense.read(given)
    super('Dense', activation, options)
    this.units = units
    this.#layer = tfl.layers.dense({ units, useBias, kernelInitializer: 'zeros' })
    this.#start = kernelStart('Dense', options)
  }

  override get weights(): readonly LayerWeight[] {
    return regularised(weightsOf(this.#layer), this.#start.regularizers)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertFeatures(inputShape)
    const inputs = last(inputShape)
    if (inputs < 1) this.assertRank(inputShape, 1, '[features]')
    const outputShape = buildTfLayer(this.#layer, inputShape)
    initialise(this.weights, this.#start.initializers)
    return outputShape
  }

  /** A dense layer consumes the order of a flattened image. */
  protected override flattenedAfter(): ImageShape | undefined {
    return undefined
  }
}
