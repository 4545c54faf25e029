/** Fills the weights of a layer that was just built. */
import { assignValues } from '../arrays'
import { toInitializer, type Initializer, type InitializerLike } from '../initializers'
import { toRegularizer, type RegularizerLike, type Regularizers } from '../regularizers'
import type { LayerWeight } from './layer'

/** Overwrites each weight with what the initializer at its position draws. */
export function initialise(weights: readonly LayerWeight[], initializers: readonly Initializer[]): void {
  for (const [index, { variable }] of weights.entries()) {
    const values = initializers[index]?.values(variable.shape)
    if (values) assignValues(variable, values)
  }
}

interface KernelOptions {
  readonly kernelInitializer: InitializerLike
  readonly biasInitializer: InitializerLike
  readonly kernelRegularizer: RegularizerLike
  readonly biasRegularizer: RegularizerLike
}

/** How a kernel and a bias begin, and what they add to the loss. */
export interface KernelStart {
  readonly initializers: readonly [kernel: Initializer, bias: Initializer]
  readonly regularizers: Regularizers
}

/** What the options say. Throws ArgumentError for an unknown name. */
export function kernelStart(where: string, options: KernelOptions): KernelStart {
  return {
    initializers: [
      toInitializer(`${where} kernelInitializer`, options.kernelInitializer),
      toInitializer(`${where} biasInitializer`, options.biasInitializer),
    ],
    regularizers: {
      kernel: toRegularizer(`${where} kernelRegularizer`, options.kernelRegularizer),
      bias: toRegularizer(`${where} biasRegularizer`, options.biasRegularizer),
    },
  }
}
