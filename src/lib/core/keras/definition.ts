/** What a model is made of that is not given as inputs and outputs. */
import type { Network } from './layerGraph'

/** A network of our own kinds, such as the stack of a Sequential. */
export class Definition {
  constructor(
    readonly network: Network,
    readonly name: string,
    readonly trainable: boolean,
  ) {}
}
