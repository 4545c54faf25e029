/** The seed of a Keras-style program. */
import { randomState } from '../nn/randomState'
import { integer } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'

const setRandomSeedParameters = parameters('setRandomSeed', {
  /** Such as 42. */
  seed: integer,
})

/** Fixes initial weights, dropout masks and batch order. Source: keras.utils.set_random_seed. */
export function setRandomSeed(...given: Given<typeof setRandomSeedParameters.table>): void {
  const { seed } = setRandomSeedParameters.read(given)
  randomState.seed(seed)
}
