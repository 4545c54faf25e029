/** Dropout with our own masks: a tf.layers Dropout with a seed repeats one mask. */
import { tf } from '../../eager/tfjs'
import { hostTensor } from '../../eager/tracing'
import { assertDropoutRate, dropoutMask } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import type { Shape } from '../../util/shapes'
import { assertOptions } from '../names'
import { Layer, layerOptions, type LayerOptions } from './layer'

/** Drops the share `rate` of its inputs while training and scales the rest by 1/(1−rate). Source: keras.layers.Dropout. */
export class Dropout extends Layer {
  readonly className = 'Dropout'
  readonly #index = randomState.nextDropout()

  constructor(
    readonly rate: number,
    options: LayerOptions = {},
  ) {
    assertOptions('Dropout', options, layerOptions)
    super('Dropout', undefined, options)
    assertDropoutRate('Dropout', rate)
  }

  protected override call(x: tf.Tensor, training: boolean): tf.Tensor {
    if (!training || this.rate === 0) return x
    const { shape } = x
    const draw = () => dropoutMask(shape, this.rate, randomState.nextDropoutMask(this.#index))
    return tf.mul(
      x,
      hostTensor('dropoutMask', shape, draw, (mask) => tf.tensor(mask, shape)),
    )
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}
