/** Initial weights as Keras draws them, from our own random numbers. Classes, and their names as strings. */
import { uniform } from '../nn/initialisers'
import { orthonormal } from '../nn/orthonormal'
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'
import { normal, randomStream, type RandomSource } from '../util/random'
import { printShape, sizeOf, type Shape } from '../util/shapes'
import { assertOptions, madeByName, type Spelling } from './names'

export interface SeedOptions {
  /** The same seed draws the same numbers each time; the program's stream when left out. */
  readonly seed?: number
}

/** Draws the values of a weight. Source: keras.initializers. */
export abstract class Initializer {
  readonly #seed: number | undefined

  constructor({ seed }: SeedOptions = {}) {
    this.#seed = seed
  }

  /** Row-major values of a weight of that shape. */
  abstract values(shape: Shape): Float32Array

  /** Uniform numbers: a stream of the program's seed, one for each weight, or the initializer's own. */
  protected random(): RandomSource {
    return this.#seed === undefined
      ? randomState.nextInitialiser()
      : randomStream(this.#seed, 'initializer', 0)
  }
}

/** The same value everywhere. */
export class Constant extends Initializer {
  readonly #value: number

  constructor(options: { value?: number } = {}) {
    assertOptions('Constant', options, ['value'])
    super()
    this.#value = options.value ?? 0
  }

  override values(shape: Shape): Float32Array {
    return new Float32Array(sizeOf(shape)).fill(this.#value)
  }
}

export class Zeros extends Constant {
  constructor() {
    super({ value: 0 })
  }
}

export class Ones extends Constant {
  constructor() {
    super({ value: 1 })
  }
}

export interface RandomNormalOptions extends SeedOptions {
  readonly mean?: number
  readonly stddev?: number
}

/** Normal with mean 0 and standard deviation 0.05 unless told otherwise. */
export class RandomNormal extends Initializer {
  protected readonly mean: number
  protected readonly stddev: number

  constructor(options: RandomNormalOptions = {}) {
    assertOptions('RandomNormal', options, ['mean', 'stddev', 'seed'])
    super(options)
    this.mean = options.mean ?? 0
    this.stddev = options.stddev ?? 0.05
  }

  override values(shape: Shape): Float32Array {
    const random = this.random()
    return Float32Array.from({ length: sizeOf(shape) }, () => this.mean + this.stddev * this.draw(random))
  }

  protected draw(random: RandomSource): number {
    return normal(random)
  }
}

/** The same, but drawn again beyond two standard deviations. */
export class TruncatedNormal extends RandomNormal {
  protected override draw(random: RandomSource): number {
    return truncatedNormal(random)
  }
}

export interface RandomUniformOptions extends SeedOptions {
  readonly minval?: number
  readonly maxval?: number
}

/** Uniform from −0.05 to 0.05 unless told otherwise. */
export class RandomUniform extends Initializer {
  readonly #minval: number
  readonly #maxval: number

  constructor(options: RandomUniformOptions = {}) {
    assertOptions('RandomUniform', options, ['minval', 'maxval', 'seed'])
    super(options)
    this.#minval = options.minval ?? -0.05
    this.#maxval = options.maxval ?? 0.05
  }

  override values(shape: Shape): Float32Array {
    const half = (this.#maxval - this.#minval) / 2
    const middle = (this.#maxval + this.#minval) / 2
    const values = uniform(shape, half, this.random())
    return middle === 0 ? values : values.map((value) => middle + value)
  }
}

export interface VarianceScalingOptions extends SeedOptions {
  readonly scale?: number
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg'
  readonly distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform'
}

/** Standard deviation of a standard normal that is drawn again beyond 2. */
const truncatedDeviation = 0.87962566103423978

/**
 * Variance scale / n, where n is the number of inputs of a unit, of its outputs, or the mean of both.
 * Source: keras.initializers.VarianceScaling.
 */
export class VarianceScaling extends Initializer {
  readonly #scale: number
  readonly #mode: NonNullable<VarianceScalingOptions['mode']>
  readonly #distribution: NonNullable<VarianceScalingOptions['distribution']>

  constructor(options: VarianceScalingOptions = {}) {
    assertOptions('VarianceScaling', options, ['scale', 'mode', 'distribution', 'seed'])
    super(options)
    const { scale = 1, mode = 'fanIn', distribution = 'truncatedNormal' } = options
    if (!(scale > 0)) {
      throw new ArgumentError(
        `VarianceScaling: expected scale above 0, got ${scale}. Leave it out for 1, or use 2 before relu.`,
      )
    }
    this.#scale = scale
    this.#mode = mode
    this.#distribution = distribution
  }

  override values(shape: Shape): Float32Array {
    const { fanIn, fanOut } = fans(shape)
    const n = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[this.#mode]
    const variance = this.#scale / Math.max(1, n)
    if (this.#distribution === 'uniform') return uniform(shape, Math.sqrt(3 * variance), this.random())
    const random = this.random()
    const isTruncated = this.#distribution === 'truncatedNormal'
    const deviation = Math.sqrt(variance) / (isTruncated ? truncatedDeviation : 1)
    const draw = isTruncated ? truncatedNormal : normal
    return Float32Array.from({ length: sizeOf(shape) }, () => deviation * draw(random))
  }
}

/** Uniform within √(6 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010; keras.initializers.GlorotUniform. */
export class GlorotUniform extends VarianceScaling {
  constructor({ seed }: SeedOptions = {}) {
    super({ ...seeded(seed), mode: 'fanAvg', distribution: 'uniform' })
  }
}

export class GlorotNormal extends VarianceScaling {
  constructor({ seed }: SeedOptions = {}) {
    super({ ...seeded(seed), mode: 'fanAvg' })
  }
}

/** Uniform within √(6 / fanIn). Source: He et al., 2015; keras.initializers.HeUniform. */
export class HeUniform extends VarianceScaling {
  constructor({ seed }: SeedOptions = {}) {
    super({ ...seeded(seed), scale: 2, distribution: 'uniform' })
  }
}

export class HeNormal extends VarianceScaling {
  constructor({ seed }: SeedOptions = {}) {
    super({ ...seeded(seed), scale: 2 })
  }
}

/** Uniform within √(3 / fanIn). Source: keras.initializers.LecunUniform. */
export class LecunUniform extends VarianceScaling {
  constructor({ seed }: SeedOptions = {}) {
    super({ ...seeded(seed), distribution: 'uniform' })
  }
}

export class LecunNormal extends VarianceScaling {
  constructor({ seed }: SeedOptions = {}) {
    super(seeded(seed))
  }
}

export interface OrthogonalOptions extends SeedOptions {
  readonly gain?: number
}

/**
 * Orthonormal rows or columns, whichever are fewer, of a normal matrix; all axes but the last are rows.
 * Source: Saxe et al., 2014; keras.initializers.Orthogonal.
 */
export class Orthogonal extends Initializer {
  readonly #gain: number

  constructor(options: OrthogonalOptions = {}) {
    assertOptions('Orthogonal', options, ['gain', 'seed'])
    super(options)
    this.#gain = options.gain ?? 1
  }

  override values(shape: Shape): Float32Array {
    if (shape.length < 2) {
      throw new ArgumentError(
        `Orthogonal: expected a weight of two axes or more, got ${printShape(shape)}. Use 'zeros' for a bias.`,
      )
    }
    const columns = shape.at(-1) ?? 1
    const rows = sizeOf(shape) / columns
    const random = this.random()
    const vectors = orthonormal(Math.min(rows, columns), Math.max(rows, columns), random)
    const at = (row: number, column: number) =>
      (rows < columns ? vectors[row]?.[column] : vectors[column]?.[row]) ?? 0
    return Float32Array.from(
      { length: rows * columns },
      (_, index) => this.#gain * at(Math.floor(index / columns), index % columns),
    )
  }
}

function truncatedNormal(random: RandomSource): number {
  let value = normal(random)
  while (Math.abs(value) > 2) value = normal(random)
  return value
}

/** Inputs and outputs of a unit; a convolution kernel [..window, in, out] has a window of them. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const [first = 1] = shape
  if (shape.length < 2) return { fanIn: first, fanOut: first }
  const window = sizeOf(shape.slice(0, -2))
  return { fanIn: window * (shape.at(-2) ?? 1), fanOut: window * (shape.at(-1) ?? 1) }
}

function seeded(seed: number | undefined): SeedOptions {
  return seed === undefined ? {} : { seed }
}

const byName = {
  zeros: () => new Zeros(),
  ones: () => new Ones(),
  constant: () => new Constant(),
  randomNormal: () => new RandomNormal(),
  randomUniform: () => new RandomUniform(),
  uniform: () => new RandomUniform(),
  truncatedNormal: () => new TruncatedNormal(),
  varianceScaling: () => new VarianceScaling(),
  glorotUniform: () => new GlorotUniform(),
  glorotNormal: () => new GlorotNormal(),
  heUniform: () => new HeUniform(),
  heNormal: () => new HeNormal(),
  lecunUniform: () => new LecunUniform(),
  lecunNormal: () => new LecunNormal(),
  orthogonal: () => new Orthogonal(),
} satisfies Record<string, () => Initializer>

/** Name of an initializer as layers take it. */
export type InitializerName = keyof typeof byName

/** An initializer from its name or as it is; throws ArgumentError for an unknown name. */
export function toInitializer(
  where: string,
  initializer: Initializer | Spelling<InitializerName>,
): Initializer {
  return initializer instanceof Initializer
    ? initializer
    : madeByName<Initializer>(where, initializer, byName)
}
