/** Activations as layers of their own. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { assertOptions } from '../names'
import { Layer } from './layer'

/** Applies an activation by name. Source: keras.layers.Activation. */
export class Activation extends Layer {
  readonly className = 'Activation'

  constructor(activation: string) {
    super('Activation', activation)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return x
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}

/** max(x, 0) + negativeSlope · min(x, 0). Source: keras.layers.LeakyReLU, slope 0.3. */
export class LeakyReLU extends Layer {
  readonly className = 'LeakyReLU'
  readonly negativeSlope: number

  constructor(options: { negativeSlope?: number } = {}) {
    assertOptions('LeakyReLU', options, ['negativeSlope'])
    super('LeakyReLU')
    this.negativeSlope = options.negativeSlope ?? 0.3
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return tf.leakyRelu(x, this.negativeSlope)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
