/** The 2-D convolution layer. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import { glorotUniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import type { Shape } from '../../util/shapes'
import { assignValues } from '../arrays'
import { assertOptions } from '../names'
import {
  assertPositiveInteger,
  buildTfLayer,
  callTfLayer,
  Layer,
  weightsOf,
  type LayerWeight,
  type TfLayer,
} from './layer'
import { assertPadding, sizePair, type Padding, type Size2D } from './windows'

export interface Conv2DOptions {
  readonly kernelSize: Size2D
  readonly strides?: Size2D
  readonly padding?: Padding
  readonly activation?: string
  readonly useBias?: boolean
}

/**
 * [batch, h, w, c] -> [batch, h', w', filters]; kernel [kh, kw, c, filters] Glorot uniform, bias zeros.
 * Source: keras.layers.Conv2D.
 */
export class Conv2D extends Layer {
  readonly className = 'Conv2D'
  readonly #layer: TfLayer
  readonly #kernelSize: [number, number]

  constructor(
    readonly filters: number,
    options: Conv2DOptions,
  ) {
    assertOptions('Conv2D', options, ['kernelSize', 'strides', 'padding', 'activation', 'useBias'])
    const { kernelSize, strides = 1, padding = 'valid', activation, useBias = true } = options
    super('Conv2D', activation)
    assertPositiveInteger('Conv2D', 'filters', filters)
    this.#kernelSize = sizePair('Conv2D', 'kernelSize', kernelSize)
    this.#layer = tfl.layers.conv2d({
      filters,
      kernelSize: this.#kernelSize,
      strides: sizePair('Conv2D', 'strides', strides),
      padding: assertPadding('Conv2D', padding),
      useBias,
      kernelInitializer: 'zeros',
    })
  }

  override get weights(): readonly LayerWeight[] {
    return weightsOf(this.#layer)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 3, '[height, width, channels]')
    const outputShape = buildTfLayer(this.#layer, inputShape)
    const channels = inputShape[2] ?? 0
    const [height, width] = this.#kernelSize
    const receptiveField = height * width
    const values = glorotUniform(
      [height, width, channels, this.filters],
      receptiveField * channels,
      receptiveField * this.filters,
      randomState.nextInitialiser(),
    )
    const kernel = this.weights[0]
    if (kernel) assignValues(kernel.variable, values)
    return outputShape
  }
}
