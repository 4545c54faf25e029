/** The pooling layers: over windows, and over all positions at once. */
import { last } from '../../util/at'
import { tf } from '../../eager/tfjs'
import { averagePool, samePadding } from '../../nn/pooling'
import { flag } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import type { Shape } from '../../util/shapes'
import { channelsLast, pair, type Pair } from '../kinds'
import { Layer, type LayerValues } from './layer'
import { plainLayerParameters, plainNamedParameters } from './layerParameters'
import { sizePair, toPadding, windowCount, windowParameters, type Padding } from './windows'

interface PoolingOptions extends LayerValues {
  readonly poolSize: Pair
  readonly strides: Pair | null
  readonly padding: Padding
}

const stepParameters = {
  /** Steps from one window to the next; those of poolSize when left out. */
  strides: pair.or(null),
  ...windowParameters,
  ...plainNamedParameters,
}

/** [batch, h, w, c] -> [batch, h', w', c]. */
abstract class Pooling2D extends Layer {
  protected readonly poolSize: [number, number]
  protected readonly strides: [number, number]
  protected readonly padding: Padding

  constructor(
    readonly className: 'MaxPooling2D' | 'AveragePooling2D',
    { poolSize, strides, padding, ...options }: PoolingOptions,
  ) {
    super(className, null, options)
    this.poolSize = sizePair(poolSize)
    this.strides = sizePair(strides ?? poolSize)
    this.padding = toPadding(className, padding)
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

const maxPooling2d = parameters('MaxPooling2D', {
  /** Size of the window: one number, or [height, width]. */
  poolSize: pair.or(2),
  ...stepParameters,
})

/** The largest value of each window. Source: keras.layers.MaxPooling2D. */
export class MaxPooling2D extends Pooling2D {
  constructor(...given: Given<typeof maxPooling2d.table>) {
    super('MaxPooling2D', maxPooling2d.read(given))
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return tf.maxPool(x as tf.Tensor4D, this.poolSize, this.strides, this.padding)
  }
}

const averagePooling2d = parameters('AveragePooling2D', {
  /** Size of the window: one number, or [height, width]. */
  poolSize: pair,
  ...stepParameters,
})

/** The mean of each window; padding does not count. Source: keras.layers.AveragePooling2D. */
export class AveragePooling2D extends Pooling2D {
  constructor(...given: Given<typeof averagePooling2d.table>) {
    super('AveragePooling2D', averagePooling2d.read(given))
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const { poolSize: size, strides } = this
    const [, height = 0, width = 0] = x.shape
    const same = [samePadding(height, size[0], strides[0]), samePadding(width, size[1], strides[1])] as const
    const padding = this.padding === 'same' ? same : ([[0, 0], [0, 0]] as const) // prettier-ignore
    return averagePool(x, { size, strides, padding }, false)
  }
}

const globalParameters = {
  /** Channels are last. */
  dataFormat: channelsLast,
  /** True keeps the pooled axes with size 1. */
  keepdims: flag.or(false),
  ...plainLayerParameters,
}

interface GlobalOptions extends LayerValues {
  readonly keepdims: boolean
}

type Reduce = (x: tf.Tensor, axes: number[], keepdims: boolean) => tf.Tensor

abstract class GlobalPooling extends Layer {
  constructor(
    readonly className: string,
    private readonly options: GlobalOptions,
    private readonly reduce: Reduce,
  ) {
    super(className, null, options)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const axes = x.shape.slice(1, -1).map((_, axis) => axis + 1)
    return this.reduce(x, axes, this.options.keepdims)
  }

  protected override buildFor(inputShape: Shape): Shape {
    if (this.className.endsWith('1D')) this.assertRank(inputShape, 2, '[steps, channels]')
    else this.assertRank(inputShape, 3, '[height, width, channels]')
    const channels = last(inputShape)
    return this.options.keepdims ? [...inputShape.slice(0, -1).map(() => 1), channels] : [channels]
  }
}

const globalAveragePooling1d = parameters('GlobalAveragePooling1D', globalParameters)

/** [batch, steps, c] -> [batch, c]: means over the steps. Source: keras.layers.GlobalAveragePooling1D. */
export class GlobalAveragePooling1D extends GlobalPooling {
  constructor(...given: Given<typeof globalAveragePooling1d.table>) {
    super('GlobalAveragePooling1D', globalAveragePooling1d.read(given), tf.mean)
  }
}

const globalAveragePooling2d = parameters('GlobalAveragePooling2D', globalParameters)

/** [batch, h, w, c] -> [batch, c]: means over the positions. Source: keras.layers.GlobalAveragePooling2D. */
export class GlobalAveragePooling2D extends GlobalPooling {
  constructor(...given: Given<typeof globalAveragePooling2d.table>) {
    super('GlobalAveragePooling2D', globalAveragePooling2d.read(given), tf.mean)
  }
}

const globalMaxPooling2d = parameters('GlobalMaxPooling2D', globalParameters)

/** [batch, h, w, c] -> [batch, c]: the largest value over the positions. Source: keras.layers.GlobalMaxPooling2D. */
export class GlobalMaxPooling2D extends GlobalPooling {
  constructor(...given: Given<typeof globalMaxPooling2d.table>) {
    super('GlobalMaxPooling2D', globalMaxPooling2d.read(given), tf.max)
  }
}
