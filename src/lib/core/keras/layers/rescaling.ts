/** The layer that brings inputs to another scale. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { ArgumentError } from '../../util/errors'
import { assertOptions } from '../names'
import { Layer, layerOptions, type LayerOptions } from './layer'

export interface RescalingOptions extends LayerOptions {
  readonly offset?: number
}

/** x · scale + offset, such as `new layers.Rescaling(1 / 255)`. Source: keras.layers.Rescaling. */
export class Rescaling extends Layer {
  readonly className = 'Rescaling'
  readonly #offset: number

  constructor(
    readonly scale: number,
    options: RescalingOptions = {},
  ) {
    assertOptions('Rescaling', options, ['offset', ...layerOptions])
    super('Rescaling', undefined, options)
    if (!Number.isFinite(scale))
      throw new ArgumentError(
        `Rescaling: expected a finite scale, got ${scale}. Use a number such as 1 / 255.`,
      )
    this.#offset = options.offset ?? 0
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const scaled = tf.mul(x, this.scale)
    return this.#offset === 0 ? scaled : tf.add(scaled, this.#offset)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
