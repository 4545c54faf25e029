/** The 2-D convolution layer. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import type { ActivationLike } from '../activations'
import { toInitializer, type Initializer } from '../initializers'
import { assertOptions } from '../names'
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
import { assertPadding, sizePair, withSize, type Padding, type Size2D } from './windows'

export interface Conv2DOptions extends WeightOptions {
  readonly kernelSize?: Size2D
  readonly strides?: Size2D
  readonly padding?: Padding
  readonly activation?: ActivationLike
  readonly useBias?: boolean
}

/**
 * [batch, h, w, c] -> [batch, h', w', filters]; kernel [kh, kw, c, filters] Glorot uniform, bias zeros. The kernel size
 * is the second argument, or the option `kernelSize`. Source: keras.layers.Conv2D.
 */
export class Conv2D extends Layer {
  readonly className = 'Conv2D'
  readonly #layer: TfLayer
  readonly #initializers: readonly Initializer[]
  readonly #regularizers: Regularizers

  constructor(filters: number, options: Conv2DOptions)
  constructor(filters: number, kernelSize: Size2D, options?: Conv2DOptions)
  constructor(
    readonly filters: number,
    kernelSizeOrOptions: Size2D | Conv2DOptions,
    rest: Conv2DOptions = {},
  ) {
    const options = withSize('kernelSize', kernelSizeOrOptions, rest)
    const known = ['kernelSize', 'strides', 'padding', 'activation', 'useBias']
    assertOptions('Conv2D', options, [
      ...known,
      ...initializerOptions,
      'kernelRegularizer',
      'biasRegularizer',
      ...layerOptions,
    ])
    const { kernelInitializer = 'glorotUniform', biasInitializer = 'zeros' } = options
    super('Conv2D', options.activation, options)
    assertPositiveInteger('Conv2D', 'filters', filters)
    this.#layer = tfl.layers.conv2d({
      filters,
      kernelSize: sizePair('Conv2D', 'kernelSize', options.kernelSize ?? NaN),
      strides: sizePair('Conv2D', 'strides', options.strides ?? 1),
      padding: assertPadding('Conv2D', options.padding ?? 'valid'),
      useBias: options.useBias ?? true,
      kernelInitializer: 'zeros',
    })
    this.#regularizers = regularizersOf('Conv2D', options)
    this.#initializers = [
      toInitializer('Conv2D kernelInitializer', kernelInitializer),
      toInitializer('Conv2D biasInitializer', biasInitializer),
    ]
  }

  override get weights(): readonly LayerWeight[] {
    return regularised(weightsOf(this.#layer), this.#regularizers)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 3, '[height, width, channels]')
    const outputShape = buildTfLayer(this.#layer, inputShape)
    initialise(this.weights, this.#initializers)
    return outputShape
  }
}
