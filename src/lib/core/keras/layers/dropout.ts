/** Dropout with our own masks: a tf.layers Dropout with a seed repeats one mask. */
import { tf } from '../../eager/tfjs'
import { hostTensor } from '../../eager/tracing'
import { assertDropoutRate, dropoutMask } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import type { Shape } from '../../util/shapes'
import { integer, number, only } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { Layer } from './layer'
import { plainLayerParameters } from './layerParameters'

const dropout = parameters('Dropout', {
  /** Share of the inputs that is dropped. */
  rate: number,
  /** Every value is dropped or kept for itself. */
  noiseShape: only(null, 'Leave it out: every value is dropped or kept for itself.'),
  /** Has no effect: setRandomSeed fixes the masks. */
  seed: integer.or(null).unused('setRandomSeed fixes the masks'),
  ...plainLayerParameters,
})

/** Drops the share `rate` of its inputs while training and scales the rest by 1/(1−rate). Source: keras.layers.Dropout. */
export class Dropout extends Layer {
  readonly className = 'Dropout'
  readonly rate: number
  readonly #index = randomState.nextDropout()

  constructor(...given: Given<typeof dropout.table>) {
    const { rate, ...options } = dropout.read(given)
    assertDropoutRate('Dropout', rate)
    super('Dropout', null, options)
    this.rate = rate
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
