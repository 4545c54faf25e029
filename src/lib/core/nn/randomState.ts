/** The seed that initial weights, dropout masks and batch order are drawn from; both styles share it. */
import { randomStream, type RandomSource } from '../util/random'

/** A seed and the counters that give every draw a stream of its own. */
export class RandomState {
  #seed = 0
  #initialisers = 0
  #dropouts = 0

  /** The seed last set; 0 before any. */
  get currentSeed(): number {
    return this.#seed
  }

  /** Sets the seed and restarts all counters, so that the same program draws the same numbers again. */
  seed(seed: number): void {
    this.#seed = seed
    this.#initialisers = 0
    this.#dropouts = 0
  }

  /** Uniform numbers for the next weight tensor: stream ('init', k). */
  nextInitialiser(): RandomSource {
    return randomStream(this.#seed, 'init', this.#initialisers++)
  }

  /** Index of the next dropout layer, counted in construction order. */
  nextDropout(): number {
    return this.#dropouts++
  }

  /** Uniform numbers for the mask of one call of one dropout layer: stream ('dropout', layer, call). */
  dropoutStream(layer: number, call: number): RandomSource {
    return randomStream(this.#seed, 'dropout', layer, call)
  }
}

/** The state behind `setRandomSeed` and `manualSeed`: one per worker, as in both frameworks. */
export const randomState = new RandomState()
