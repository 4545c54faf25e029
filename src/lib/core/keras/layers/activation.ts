/** Activations as layers of their own. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { Layer } from './layer'

/** Applies an activation by name. Source: keras.layers.Activation. */
export class Activation extends Layer {
  readonly className = 'Activation'

  constructor(activation: string) {
    super('Activation', activation)
  }

  override beforeActivation(x: tf.Tensor): tf.Tensor {
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

  constructor({ negativeSlope = 0.3 }: { negativeSlope?: number } = {}) {
    super('LeakyReLU')
    this.negativeSlope = negativeSlope
  }

  override beforeActivation(x: tf.Tensor): tf.Tensor {
    return tf.leakyRelu(x, this.negativeSlope)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
