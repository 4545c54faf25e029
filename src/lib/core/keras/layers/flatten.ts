/** The layer that makes a row of every example. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import { sizeOf, type Shape } from '../../util/shapes'
import { buildTfLayer, callTfLayer, Layer, type TfLayer } from './layer'

/** [batch, h, w, c] -> [batch, h·w·c]. Source: keras.layers.Flatten. */
export class Flatten extends Layer {
  readonly className = 'Flatten'
  readonly #layer: TfLayer = tfl.layers.flatten()

  constructor() {
    super('Flatten')
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    // The tf.layers layer rejects rows, which Keras passes through.
    return x.rank === 2 ? x : callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape.length < 2 ? [sizeOf(inputShape)] : buildTfLayer(this.#layer, inputShape)
  }
}
