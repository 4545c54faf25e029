/** Dropout with our own masks: a tf.layers Dropout with a seed repeats one mask. */
import { tf } from '../../eager/tfjs'
import { assertDropoutRate, dropoutMask } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import type { Shape } from '../../util/shapes'
import { Layer } from './layer'

/** Drops the share `rate` of its inputs while training and scales the rest by 1/(1−rate). Source: keras.layers.Dropout. */
export class Dropout extends Layer {
  readonly className = 'Dropout'
  readonly #index = randomState.nextDropout()
  #calls = 0

  constructor(readonly rate: number) {
    super('Dropout')
    assertDropoutRate('Dropout', rate)
  }

  override beforeActivation(x: tf.Tensor, training: boolean): tf.Tensor {
    if (!training || this.rate === 0) return x
    const random = randomState.dropoutStream(this.#index, this.#calls++)
    return tf.mul(x, tf.tensor(dropoutMask(x.shape, this.rate, random), x.shape))
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
