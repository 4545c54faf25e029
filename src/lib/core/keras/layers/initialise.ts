/** Fills the weights of a layer that was just built. */
import type { Spelling } from '../names'
import { assignValues } from '../arrays'
import type { Initializer, InitializerName } from '../initializers'
import type { RegularizerLike } from '../regularizers'
import type { LayerOptions, LayerWeight } from './layer'

/** Options of layers with a kernel and a bias. */
export interface WeightOptions extends LayerOptions {
  readonly kernelInitializer?: Initializer | Spelling<InitializerName>
  readonly biasInitializer?: Initializer | Spelling<InitializerName>
  /** Adds to the loss: `regularizers.l2(0.01)`. */
  readonly kernelRegularizer?: RegularizerLike
  readonly biasRegularizer?: RegularizerLike
}

export const initializerOptions = ['kernelInitializer', 'biasInitializer'] as const

/** Overwrites each weight with what the initializer at its position draws. */
export function initialise(weights: readonly LayerWeight[], initializers: readonly Initializer[]): void {
  for (const [index, { variable }] of weights.entries()) {
    const values = initializers[index]?.values(variable.shape)
    if (values) assignValues(variable, values)
  }
}
