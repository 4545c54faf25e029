/** Pooling over all positions at once. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { assertOptions } from '../names'
import { Layer, layerOptions, type LayerOptions } from './layer'

export interface GlobalPoolingOptions extends LayerOptions {
  /** True to keep the pooled axes with size 1. */
  readonly keepdims?: boolean
}

type GlobalPoolingName = 'GlobalAveragePooling1D' | 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D'

abstract class GlobalPooling extends Layer {
  readonly #keepdims: boolean

  constructor(
    readonly className: GlobalPoolingName,
    options: GlobalPoolingOptions,
  ) {
    assertOptions(className, options, ['keepdims', ...layerOptions])
    super(className, undefined, options)
    this.#keepdims = options.keepdims ?? false
  }

  protected abstract reduce(x: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor

  protected override call(x: tf.Tensor): tf.Tensor {
    const axes = x.shape.slice(1, -1).map((_, axis) => axis + 1)
    return this.reduce(x, axes, this.#keepdims)
  }

  protected override buildFor(inputShape: Shape): Shape {
    if (this.className.endsWith('1D')) this.assertRank(inputShape, 2, '[steps, channels]')
    else this.assertRank(inputShape, 3, '[height, width, channels]')
    const channels = inputShape.at(-1) ?? 0
    return this.#keepdims ? [...inputShape.slice(0, -1).map(() => 1), channels] : [channels]
  }
}

/** [batch, steps, c] -> [batch, c]: means over the steps. Source: keras.layers.GlobalAveragePooling1D. */
export class GlobalAveragePooling1D extends GlobalPooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super('GlobalAveragePooling1D', options)
  }

  protected override reduce(x: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor {
    return tf.mean(x, axes, keepdims)
  }
}

/** [batch, h, w, c] -> [batch, c]: means over the positions. Source: keras.layers.GlobalAveragePooling2D. */
export class GlobalAveragePooling2D extends GlobalPooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super('GlobalAveragePooling2D', options)
  }

  protected override reduce(x: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor {
    return tf.mean(x, axes, keepdims)
  }
}

/** [batch, h, w, c] -> [batch, c]: the largest value over the positions. Source: keras.layers.GlobalMaxPooling2D. */
export class GlobalMaxPooling2D extends GlobalPooling {
  constructor(options: GlobalPoolingOptions = {}) {
    super('GlobalMaxPooling2D', options)
  }

  protected override reduce(x: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor {
    return tf.max(x, axes, keepdims)
  }
}
