/** A stream of random numbers of its own, for what is drawn with it, such as a split. Source: torch.Generator. */
import { integer, taking, text } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'
import { randomStream, type RandomSource } from '../util/random'

const generatorParameters = parameters('Generator', {
  device: text.or('cpu').unused('all numbers are drawn on the host'),
})
const seedParameters = parameters('Generator.manualSeed', { seed: integer })

/** Draws the same numbers after the same seed, apart from those of manualSeed(). */
export class Generator {
  #seed = 0
  #random: RandomSource | null = null

  constructor(...given: Given<typeof generatorParameters.table>) {
    generatorParameters.read(given)
  }

  /** Begins again, from this seed. */
  manualSeed(...given: Given<typeof seedParameters.table>): this {
    const { seed } = seedParameters.read(given)
    this.#seed = seed
    this.#random = null
    return this
  }

  /** The seed that was set last; 0 before. */
  initialSeed(...given: NoArguments): number {
    assertNoArguments('Generator.initialSeed', given)
    return this.#seed
  }

  /** Its numbers in [0, 1), which go on from one use to the next. Not in PyTorch. */
  get random(): RandomSource {
    return (this.#random ??= randomStream(this.#seed, 'generator'))
  }
}

/** A generator. */
export const generator = taking<Generator>(
  'a generator',
  (value) => value instanceof Generator,
  'Pass new Generator().manualSeed(42).',
)
