/** Dropout with the masks that both styles share. */
import { assertDropoutRate } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import { assertOptions } from '../options'
import type { Tensor } from '../tensor'
import { dropped } from './functional/layers'
import { Module } from './module'

export interface DropoutOptions {
  readonly p?: number
  /** Makes no difference here. */
  readonly inplace?: boolean
}

/** Drops values with probability `p` while training and scales the rest by 1/(1−p). Source: torch.nn.Dropout. */
export class Dropout extends Module {
  /** Share of values to drop; may be set. */
  p: number
  readonly #index = randomState.nextDropout()

  /** Takes the probability by position, as PyTorch does, or by name; 0.5 when left out. */
  constructor(p: number | DropoutOptions = {}) {
    super()
    if (typeof p === 'object') assertOptions('Dropout', p, ['p', 'inplace'])
    this.p = typeof p === 'number' ? p : (p.p ?? 0.5)
    assertDropoutRate('Dropout', this.p)
  }

  forward(x: Tensor): Tensor {
    if (!this.training) return x
    return this.inLayer('Dropout', () => dropped(x, this.p, () => randomState.nextDropoutMask(this.#index)))
  }
}
