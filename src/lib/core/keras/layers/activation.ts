/** Activations as layers of their own. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import type { ActivationLike } from '../activations'
import { argumentsOf, type Arguments } from '../arguments'
import { assertOptions } from '../names'
import { Layer, layerOptions, type LayerOptions } from './layer'

/** Applies an activation by name. Source: keras.layers.Activation. */
export class Activation extends Layer {
  readonly className = 'Activation'

  constructor(activation: ActivationLike, options: LayerOptions = {}) {
    assertOptions('Activation', options, layerOptions)
    super('Activation', activation, options)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return x
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}

export interface LeakyReLUOptions extends LayerOptions {
  readonly negativeSlope?: number
}

/** max(x, 0) + negativeSlope · min(x, 0). Source: keras.layers.LeakyReLU, slope 0.3. */
export class LeakyReLU extends Layer {
  readonly className = 'LeakyReLU'
  readonly negativeSlope: number

  /** Takes the slope by position, as Keras does, or by name. */
  constructor(...given: Arguments<LeakyReLUOptions>) {
    const options = argumentsOf<LeakyReLUOptions>('LeakyReLU', given, ['negativeSlope'], layerOptions)
    super('LeakyReLU', undefined, options)
    this.negativeSlope = options.negativeSlope ?? 0.3
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return tf.leakyRelu(x, this.negativeSlope)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}

/** max(x, 0). Source: keras.layers.ReLU. */
export class ReLU extends Layer {
  readonly className = 'ReLU'

  constructor(options: LayerOptions = {}) {
    assertOptions('ReLU', options, layerOptions)
    super('ReLU', 'relu', options)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return x
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}

/** Probabilities over the last axis. Source: keras.layers.Softmax. */
export class Softmax extends Layer {
  readonly className = 'Softmax'

  constructor(options: LayerOptions = {}) {
    assertOptions('Softmax', options, layerOptions)
    super('Softmax', 'softmax', options)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return x
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
