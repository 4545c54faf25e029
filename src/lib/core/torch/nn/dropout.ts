/** Dropout with the masks that both styles share. */
import { assertDropoutRate } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import { number } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import type { Tensor } from '../tensor'
import { oneInput, type OneInput } from './forward'
import { dropped } from './functional/layers'
import { inplace } from './kinds'
import { Module } from './module'

const dropoutParameters = parameters('Dropout', {
  /** Share of the values to drop. */
  p: number.or(0.5),
  inplace,
})
const dropoutForward = oneInput('Dropout')

/** Drops values with probability `p` while training and scales the rest by 1/(1−p). Source: torch.nn.Dropout. */
export class Dropout extends Module {
  /** Share of values to drop; may be set. */
  p: number
  readonly #index = randomState.nextDropout()

  constructor(...given: Given<typeof dropoutParameters.table>) {
    super()
    const { p } = dropoutParameters.read(given)
    assertDropoutRate('Dropout', p)
    this.p = p
  }

  forward(...given: OneInput): Tensor {
    const { input } = dropoutForward.read(given)
    if (!this.training) return input
    return this.inLayer('Dropout', () =>
      dropped(input, this.p, () => randomState.nextDropoutMask(this.#index)),
    )
  }
}
