/** The layer that makes a row of every example. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import { ShapeError } from '../../util/errors'
import { isClosed, printShape, sizeOf, type Shape } from '../../util/shapes'
import { parameters, type Given } from '../../util/parameters'
import { channelsLast } from '../kinds'
import { buildTfLayer, callTfLayer, Layer, type TfLayer } from './layer'
import { plainLayerParameters } from './layerParameters'

const flatten = parameters('Flatten', {
  /** Channels are last. */
  dataFormat: channelsLast,
  ...plainLayerParameters,
})

/** [batch, h, w, c] -> [batch, h·w·c]. Source: keras.layers.Flatten. */
export class Flatten extends Layer {
  readonly className = 'Flatten'
  readonly #layer: TfLayer = tfl.layers.flatten()

  constructor(...given: Given<typeof flatten.table>) {
    super('Flatten', null, flatten.read(given))
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    // The tf.layers layer rejects rows, which Keras passes through.
    return x.rank === 2 ? x : callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    if (!isClosed(inputShape)) {
      throw new ShapeError(
        `Flatten: expected examples of known size, got ${printShape(inputShape)}. ` +
          'Use a recurrent layer without returnSequences, or pad the sequences to one length.',
      )
    }
    return inputShape.length < 2 ? [sizeOf(inputShape)] : buildTfLayer(this.#layer, inputShape)
  }

  protected override flattenedAfter(
    [inputShape = []]: readonly Shape[],
    from: ImageShape | undefined,
  ): ImageShape | undefined {
    return imageShape(inputShape) ?? from
  }
}

function imageShape(shape: Shape): ImageShape | undefined {
  const [height, width, channels] = shape
  if (shape.length !== 3 || !height || !width || !channels) return undefined
  return [height, width, channels]
}
