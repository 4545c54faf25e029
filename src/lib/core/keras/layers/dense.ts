/** The fully connected layer. */
import * as tfl from '@tensorflow/tfjs-layers'
import type { tf } from '../../eager/tfjs'
import { glorotUniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { assignValues } from '../arrays'
import type { Shape } from '../../util/shapes'
import { assertOptions } from '../names'
import {
  assertPositiveInteger,
  buildTfLayer,
  callTfLayer,
  Layer,
  weightsOf,
  type LayerWeight,
  type TfLayer,
} from './layer'

export interface DenseOptions {
  readonly activation?: string
  readonly useBias?: boolean
}

/**
 * activation(x · kernel + bias) over the last axis; kernel [in, units] Glorot uniform, bias zeros.
 * Source: keras.layers.Dense.
 */
export class Dense extends Layer {
  readonly className = 'Dense'
  readonly #layer: TfLayer

  constructor(
    readonly units: number,
    options: DenseOptions = {},
  ) {
    assertOptions('Dense', options, ['activation', 'useBias'])
    const { activation, useBias = true } = options
    super('Dense', activation)
    assertPositiveInteger('Dense', 'units', units)
    this.#layer = tfl.layers.dense({ units, useBias, kernelInitializer: 'zeros' })
  }

  override get weights(): readonly LayerWeight[] {
    return weightsOf(this.#layer)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    const inputs = inputShape.at(-1) ?? 0
    if (inputs < 1) this.assertRank(inputShape, 1, '[features]')
    const outputShape = buildTfLayer(this.#layer, inputShape)
    const values = glorotUniform([inputs, this.units], inputs, this.units, randomState.nextInitialiser())
    const kernel = this.weights[0]
    if (kernel) assignValues(kernel.variable, values)
    return outputShape
  }
}
