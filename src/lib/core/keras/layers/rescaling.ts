/** The layer that brings inputs to another scale. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { ArgumentError } from '../../util/errors'
import { number } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { Layer } from './layer'
import { plainLayerParameters } from './layerParameters'

const rescaling = parameters('Rescaling', {
  /** What inputs are multiplied by. */
  scale: number,
  /** What is added to that. */
  offset: number.or(0),
  ...plainLayerParameters,
})

/** x · scale + offset, such as `new layers.Rescaling(1 / 255)`. Source: keras.layers.Rescaling. */
export class Rescaling extends Layer {
  readonly className = 'Rescaling'
  readonly scale: number
  readonly #offset: number

  constructor(...given: Given<typeof rescaling.table>) {
    const { scale, offset, ...options } = rescaling.read(given)
    super('Rescaling', null, options)
    if (!Number.isFinite(scale))
      throw new ArgumentError(
        `Rescaling: expected a finite scale, got ${scale}. Use a number such as 1 / 255.`,
      )
    this.scale = scale
    this.#offset = offset
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const scaled = tf.mul(x, this.scale)
    return this.#offset === 0 ? scaled : tf.add(scaled, this.#offset)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
