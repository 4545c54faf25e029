/** The fully connected layer. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import type { Shape } from '../../util/shapes'
import type { ActivationLike } from '../activations'
import { toInitializer, type Initializer } from '../initializers'
import { argumentsOf, type Arguments } from '../arguments'
import { regularised, regularizersOf, type Regularizers } from '../regularizers'
import { initialise, initializerOptions, type WeightOptions } from './initialise'
import {
  assertPositiveInteger,
  buildTfLayer,
  callTfLayer,
  Layer,
  layerOptions,
  weightsOf,
  type LayerWeight,
  type TfLayer,
} from './layer'

export interface DenseOptions extends WeightOptions {
  readonly units?: number
  readonly activation?: ActivationLike
  readonly useBias?: boolean
}

/**
 * activation(x · kernel + bias) over the last axis; kernel [in, units] Glorot uniform, bias zeros.
 * Source: keras.layers.Dense.
 */
export class Dense extends Layer {
  readonly className = 'Dense'
  readonly #layer: TfLayer
  readonly #initializers: readonly Initializer[]
  readonly #regularizers: Regularizers

  readonly units: number

  /** Takes units and activation by position, as Keras does, or by name. */
  constructor(...given: Arguments<DenseOptions>) {
    const options = argumentsOf<DenseOptions>(
      'Dense',
      given,
      ['units', 'activation', 'useBias'],
      [...initializerOptions, 'kernelRegularizer', 'biasRegularizer', ...layerOptions],
    )
    const { units = NaN } = options
    const {
      activation,
      useBias = true,
      kernelInitializer = 'glorotUniform',
      biasInitializer = 'zeros',
    } = options
    super('Dense', activation, options)
    assertPositiveInteger('Dense', 'units', units)
    this.units = units
    this.#layer = tfl.layers.dense({ units, useBias, kernelInitializer: 'zeros' })
    this.#regularizers = regularizersOf('Dense', options)
    this.#initializers = [
      toInitializer('Dense kernelInitializer', kernelInitializer),
      toInitializer('Dense biasInitializer', biasInitializer),
    ]
  }

  override get weights(): readonly LayerWeight[] {
    return regularised(weightsOf(this.#layer), this.#regularizers)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertFeatures(inputShape)
    const inputs = inputShape.at(-1) ?? 0
    if (inputs < 1) this.assertRank(inputShape, 1, '[features]')
    const outputShape = buildTfLayer(this.#layer, inputShape)
    initialise(this.weights, this.#initializers)
    return outputShape
  }

  /** A dense layer consumes the order of a flattened image. */
  protected override flattenedAfter(): ImageShape | undefined {
    return undefined
  }
}
