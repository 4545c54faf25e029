/** The seed that initial weights, dropout masks and batch order are drawn from; both styles share it. */
import { randomStream, type RandomSource } from '../util/random'

/** What has been drawn so far: enough to go on drawing from there. */
export interface RandomCounters {
  readonly seed: number
  readonly initialisers: number
  readonly dropouts: number
  /** Masks drawn so far, by dropout layer. */
  readonly dropoutCalls: readonly number[]
  /** Random tensors drawn so far; none when left out. */
  readonly draws?: number
}

/** A seed and the counters that give every draw a stream of its own. */
export class RandomState {
  #seed = 0
  #initialisers = 0
  #dropouts = 0
  #dropoutCalls: number[] = []
  #draws = 0

  /** The seed last set; 0 before any. */
  get currentSeed(): number {
    return this.#seed
  }

  /** Sets the seed and restarts all counters, so that the same program draws the same numbers again. */
  seed(seed: number): void {
    this.#seed = seed
    this.#initialisers = 0
    this.#dropouts = 0
    this.#dropoutCalls = []
    this.#draws = 0
  }

  /** A copy of seed and counters, for a checkpoint. */
  counters(): RandomCounters {
    return {
      seed: this.#seed,
      initialisers: this.#initialisers,
      dropouts: this.#dropouts,
      dropoutCalls: [...this.#dropoutCalls],
      draws: this.#draws,
    }
  }

  /** Goes on from copied counters. */
  restoreCounters({ seed, initialisers, dropouts, dropoutCalls, draws = 0 }: RandomCounters): void {
    this.#seed = seed
    this.#initialisers = initialisers
    this.#dropouts = dropouts
    this.#dropoutCalls = [...dropoutCalls]
    this.#draws = draws
  }

  /** Uniform numbers for the next weight tensor: stream ('init', k). */
  nextInitialiser(): RandomSource {
    return randomStream(this.#seed, 'init', this.#initialisers++)
  }

  /** Uniform numbers for the next random tensor that a program asks for: stream ('draw', k). */
  nextDraw(): RandomSource {
    return randomStream(this.#seed, 'draw', this.#draws++)
  }

  /** Index of the next dropout layer, counted in construction order. */
  nextDropout(): number {
    return this.#dropouts++
  }

  /** Index of the next mask of one dropout layer. */
  nextDropoutCall(layer: number): number {
    const call = this.#dropoutCalls[layer] ?? 0
    this.#dropoutCalls[layer] = call + 1
    return call
  }

  /** Uniform numbers for the next mask of one dropout layer. */
  nextDropoutMask(layer: number): RandomSource {
    return this.dropoutStream(layer, this.nextDropoutCall(layer))
  }

  /** Uniform numbers for the mask of one call of one dropout layer: stream ('dropout', layer, call). */
  dropoutStream(layer: number, call: number): RandomSource {
    return randomStream(this.#seed, 'dropout', layer, call)
  }
}

/** The state behind `setRandomSeed` and `manualSeed`: one per worker, as in both frameworks. */
export const randomState = new RandomState()
