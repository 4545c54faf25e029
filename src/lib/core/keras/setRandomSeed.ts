/** The seed of a Keras-style program. */
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'

/** Fixes initial weights, dropout masks and batch order. An integer; throws ArgumentError otherwise. Source: keras.utils.set_random_seed. */
export function setRandomSeed(seed: number): void {
  if (!Number.isInteger(seed)) {
    throw new ArgumentError(`setRandomSeed: expected an integer, got ${seed}. Use one such as 42.`)
  }
  randomState.seed(seed)
}
