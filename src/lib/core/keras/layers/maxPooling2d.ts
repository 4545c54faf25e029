/** The 2-D max pooling layer. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { assertOptions } from '../names'
import { buildTfLayer, callTfLayer, Layer, type TfLayer } from './layer'
import { assertPadding, sizePair, type Padding, type Size2D } from './windows'

export interface MaxPooling2DOptions {
  readonly poolSize?: Size2D
  /** `poolSize` by default. */
  readonly strides?: Size2D
  readonly padding?: Padding
}

/** [batch, h, w, c] -> [batch, h', w', c]. Source: keras.layers.MaxPooling2D. */
export class MaxPooling2D extends Layer {
  readonly className = 'MaxPooling2D'
  readonly #layer: TfLayer

  constructor(options: MaxPooling2DOptions = {}) {
    assertOptions('MaxPooling2D', options, ['poolSize', 'strides', 'padding'])
    const { poolSize = 2, strides = poolSize, padding = 'valid' } = options
    super('MaxPooling2D')
    this.#layer = tfl.layers.maxPooling2d({
      poolSize: sizePair('MaxPooling2D', 'poolSize', poolSize),
      strides: sizePair('MaxPooling2D', 'strides', strides),
      padding: assertPadding('MaxPooling2D', padding),
    })
  }

  override beforeActivation(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 3, '[height, width, channels]')
    return buildTfLayer(this.#layer, inputShape)
  }
}
