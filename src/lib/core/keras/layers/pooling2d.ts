/** The 2-D pooling layers. */
import { tf } from '../../eager/tfjs'
import { averagePool, samePadding } from '../../nn/pooling'
import type { Shape } from '../../util/shapes'
import { assertOptions } from '../names'
import { Layer, layerOptions, type LayerOptions } from './layer'
import { assertPadding, sizePair, windowCount, withSize, type Padding, type Size2D } from './windows'

export interface Pooling2DOptions extends LayerOptions {
  readonly poolSize?: Size2D
  /** `poolSize` by default. */
  readonly strides?: Size2D
  readonly padding?: Padding
}

/** [batch, h, w, c] -> [batch, h', w', c]. The pool size is the first argument, or the option `poolSize`. */
abstract class Pooling2D extends Layer {
  protected readonly poolSize: [number, number]
  protected readonly strides: [number, number]
  protected readonly padding: Padding

  constructor(
    readonly className: 'MaxPooling2D' | 'AveragePooling2D',
    options: Pooling2DOptions,
  ) {
    assertOptions(className, options, ['poolSize', 'strides', 'padding', ...layerOptions])
    const { poolSize = 2, strides = poolSize, padding = 'valid' } = options
    super(className, undefined, options)
    this.poolSize = sizePair(className, 'poolSize', poolSize)
    this.strides = sizePair(className, 'strides', strides)
    this.padding = assertPadding(className, padding)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 3, '[height, width, channels]')
    const [height = 0, width = 0, channels = 0] = inputShape
    return [this.windowCount(height, 0), this.windowCount(width, 1), channels]
  }

  private windowCount(length: number, axis: 0 | 1): number {
    return windowCount(length, this.poolSize[axis], this.strides[axis], this.padding)
  }
}

/** The largest value of each window. Source: keras.layers.MaxPooling2D. */
export class MaxPooling2D extends Pooling2D {
  constructor(poolSizeOrOptions: Size2D | Pooling2DOptions = {}, options: Pooling2DOptions = {}) {
    super('MaxPooling2D', withSize('poolSize', poolSizeOrOptions, options))
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return tf.maxPool(x as tf.Tensor4D, this.poolSize, this.strides, this.padding)
  }
}

/** The mean of each window; padding does not count. Source: keras.layers.AveragePooling2D. */
export class AveragePooling2D extends Pooling2D {
  constructor(poolSizeOrOptions: Size2D | Pooling2DOptions = {}, options: Pooling2DOptions = {}) {
    super('AveragePooling2D', withSize('poolSize', poolSizeOrOptions, options))
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const { poolSize: size, strides } = this
    const [, height = 0, width = 0] = x.shape
    const same = [samePadding(height, size[0], strides[0]), samePadding(width, size[1], strides[1])] as const
    const padding = this.padding === 'same' ? same : ([[0, 0], [0, 0]] as const) // prettier-ignore
    return averagePool(x, { size, strides, padding }, false)
  }
}
