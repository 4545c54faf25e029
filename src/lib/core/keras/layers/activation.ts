/** Activations as layers of their own. */
import { tf } from '../../eager/tfjs'
import { alongLast } from '../../nn/alongLast'
import type { Shape } from '../../util/shapes'
import { integer } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { bendParameters, bentRelu, type ActivationLike, type Bends } from '../activations'
import { notNegative } from '../kinds'
import { Layer, type LayerValues } from './layer'
import { activation } from './layerKinds'
import { plainLayerParameters } from './layerParameters'

/** A function of each value, or of an axis: the shape stays. */
abstract class Elementwise extends Layer {
  constructor(
    readonly className: string,
    options: LayerValues,
    activation: ActivationLike,
    private readonly compute: (x: tf.Tensor) => tf.Tensor = (x) => x,
  ) {
    super(className, activation, options)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return this.compute(x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }
}

const activationList = parameters('Activation', { activation, ...plainLayerParameters })

/** Applies an activation by name. Source: keras.layers.Activation. */
export class Activation extends Elementwise {
  constructor(...given: Given<typeof activationList.table>) {
    const { activation, ...options } = activationList.read(given)
    super('Activation', options, activation)
  }
}

const leakyReLU = parameters('LeakyReLU', {
  /** Slope below 0. */
  negativeSlope: notNegative.or(0.3),
  ...plainLayerParameters,
})

/** max(x, 0) + negativeSlope · min(x, 0). Source: keras.layers.LeakyReLU, slope 0.3. */
export class LeakyReLU extends Elementwise {
  readonly negativeSlope: number

  constructor(...given: Given<typeof leakyReLU.table>) {
    const { negativeSlope, ...options } = leakyReLU.read(given)
    super('LeakyReLU', options, null, (x) => tf.leakyRelu(x, negativeSlope))
    this.negativeSlope = negativeSlope
  }
}

const reLU = parameters('ReLU', { ...bendParameters, ...plainLayerParameters })

/** max(x, 0), or another line below a threshold. Source: keras.layers.ReLU. */
export class ReLU extends Elementwise {
  constructor(...given: Given<typeof reLU.table>) {
    const { maxValue, negativeSlope, threshold, ...options } = reLU.read(given)
    const bends: Bends = { maxValue, negativeSlope, threshold }
    const isPlain = maxValue === null && negativeSlope === 0 && threshold === 0
    if (isPlain) super('ReLU', options, 'relu')
    else super('ReLU', options, null, (x) => bentRelu(x, bends))
  }
}

const softmax = parameters('Softmax', {
  /** Along which probabilities sum to 1; counted with the batch axis. */
  axis: integer.or(-1),
  ...plainLayerParameters,
})

/** Probabilities along an axis, the last when left out. Source: keras.layers.Softmax. */
export class Softmax extends Elementwise {
  constructor(...given: Given<typeof softmax.table>) {
    const { axis, ...options } = softmax.read(given)
    if (axis === -1) super('Softmax', options, 'softmax')
    else super('Softmax', options, null, (x) => alongLast(x, axis, tf.softmax))
  }
}
