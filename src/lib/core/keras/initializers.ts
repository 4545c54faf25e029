/** Initial weights as Keras draws them, from our own random numbers. Classes, and their names as strings. */
import { at, last } from '../util/at'
import { uniform } from '../nn/initialisers'
import { orthonormal } from '../nn/orthonormal'
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'
import { normal, randomStream, type RandomSource } from '../util/random'
import { printShape, sizeOf, type Shape } from '../util/shapes'
import { integer, integerList, number, only } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'
import { spelt } from './kinds'
import { madeByName, spelling, type Spelling } from './names'

/** The same seed draws the same numbers each time; the program's stream when left out. */
const seed = integer.or(null)

const initializerParameters = parameters('Initializer', {
  /** The seed of its numbers; null for the program's. */
  seed,
})

const valueParameters = parameters('initializer.values', { shape: integerList })

/** Draws the values of a weight. Source: keras.initializers. */
export abstract class Initializer {
  readonly #seed: number | null

  constructor(...given: Given<typeof initializerParameters.table>) {
    this.#seed = initializerParameters.read(given).seed
  }

  /** Row-major values of a weight of that shape. */
  values(...given: Given<typeof valueParameters.table>): Float32Array {
    const { shape } = valueParameters.read(given)
    return this.drawn(shape)
  }

  /** The same for a shape that was read. */
  protected abstract drawn(shape: Shape): Float32Array

  /** Uniform numbers: a stream of the program's seed, one for each weight, or the initializer's own. */
  protected random(): RandomSource {
    return this.#seed === null ? randomState.nextInitialiser() : randomStream(this.#seed, 'initializer', 0)
  }
}

const constantParameters = parameters('Constant', { value: number.or(0) })

/** The same value everywhere. */
export class Constant extends Initializer {
  readonly #value: number

  constructor(...given: Given<typeof constantParameters.table>) {
    const { value } = constantParameters.read(given)
    super()
    this.#value = value
  }

  protected override drawn(shape: Shape): Float32Array {
    return new Float32Array(sizeOf(shape)).fill(this.#value)
  }
}

/** 0 everywhere. */
export class Zeros extends Constant {
  constructor(...given: NoArguments) {
    assertNoArguments('Zeros', given)
    super(0)
  }
}

/** 1 everywhere. */
export class Ones extends Constant {
  constructor(...given: NoArguments) {
    assertNoArguments('Ones', given)
    super(1)
  }
}

const normalParameters = { mean: number.or(0), stddev: number.or(0.05), seed }
const randomNormal = parameters('RandomNormal', normalParameters)
const truncated = parameters('TruncatedNormal', normalParameters)

/** Normal numbers. */
abstract class Normal extends Initializer {
  constructor(
    private readonly options: {
      readonly mean: number
      readonly stddev: number
      readonly seed: number | null
    },
    private readonly draw: (random: RandomSource) => number,
  ) {
    super(options.seed)
  }

  protected override drawn(shape: Shape): Float32Array {
    const { mean, stddev } = this.options
    const random = this.random()
    return Float32Array.from({ length: sizeOf(shape) }, () => mean + stddev * this.draw(random))
  }
}

/** Normal with mean 0 and standard deviation 0.05 unless told otherwise. */
export class RandomNormal extends Normal {
  constructor(...given: Given<typeof randomNormal.table>) {
    super(randomNormal.read(given), normal)
  }
}

/** The same, but drawn again beyond two standard deviations. */
export class TruncatedNormal extends Normal {
  constructor(...given: Given<typeof truncated.table>) {
    super(truncated.read(given), truncatedNormal)
  }
}

const randomUniform = parameters('RandomUniform', { minval: number.or(-0.05), maxval: number.or(0.05), seed })

/** Uniform from −0.05 to 0.05 unless told otherwise. */
export class RandomUniform extends Initializer {
  readonly #minval: number
  readonly #maxval: number

  constructor(...given: Given<typeof randomUniform.table>) {
    const { minval, maxval, seed } = randomUniform.read(given)
    super(seed)
    this.#minval = minval
    this.#maxval = maxval
  }

  protected override drawn(shape: Shape): Float32Array {
    const half = (this.#maxval - this.#minval) / 2
    const middle = (this.#maxval + this.#minval) / 2
    const values = uniform(shape, half, this.random())
    return middle === 0 ? values : values.map((value) => middle + value)
  }
}

const modes = ['fanIn', 'fanOut', 'fanAvg'] as const
const distributions = ['truncatedNormal', 'untruncatedNormal', 'uniform'] as const

/** Keras 3.15 can be told which axes of a weight are inputs and outputs. */
const fanAxes = {
  /** The last but one axis of a weight holds its inputs. */
  inputAxes: only(null, 'Leave it out: the last but one axis of a weight holds its inputs.'),
  /** The last axis of a weight holds its outputs. */
  outputAxes: only(null, 'Leave it out: the last axis of a weight holds its outputs.'),
}
const varianceScaling = parameters('VarianceScaling', {
  /** Above 0. */
  scale: number.or(1),
  /** Whether n counts the inputs of a unit, its outputs, or is the mean of both. */
  mode: spelt(...modes).or('fanIn'),
  distribution: spelt(...distributions).or('truncatedNormal'),
  seed,
  ...fanAxes,
})

/** Standard deviation of a standard normal that is drawn again beyond 2. */
const truncatedDeviation = 0.87962566103423978

/**
 * Variance scale / n, where n is the number of inputs of a unit, of its outputs, or the mean of both.
 * Source: keras.initializers.VarianceScaling.
 */
export class VarianceScaling extends Initializer {
  readonly #scale: number
  readonly #mode: (typeof modes)[number]
  readonly #distribution: (typeof distributions)[number]

  constructor(...given: Given<typeof varianceScaling.table>) {
    const { scale, mode, distribution, seed } = varianceScaling.read(given)
    if (!(scale > 0)) {
      throw new ArgumentError(
        `VarianceScaling: expected scale above 0, got ${scale}. Leave it out for 1, or use 2 before relu.`,
      )
    }
    super(seed)
    this.#scale = scale
    this.#mode = spelling('VarianceScaling mode', mode, modes)
    this.#distribution = spelling('VarianceScaling distribution', distribution, distributions)
  }

  protected override drawn(shape: Shape): Float32Array {
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

const scaledParameters = { seed, ...fanAxes }
const glorotUniform = parameters('GlorotUniform', scaledParameters)
const glorotNormal = parameters('GlorotNormal', scaledParameters)
const heUniform = parameters('HeUniform', scaledParameters)
const heNormal = parameters('HeNormal', scaledParameters)
const lecunUniform = parameters('LecunUniform', scaledParameters)
const lecunNormal = parameters('LecunNormal', scaledParameters)

/** Uniform within √(6 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010; keras.initializers.GlorotUniform. */
export class GlorotUniform extends VarianceScaling {
  constructor(...given: Given<typeof glorotUniform.table>) {
    super({ mode: 'fanAvg', distribution: 'uniform', ...glorotUniform.read(given) })
  }
}

/** Normal with variance 2 / (fanIn + fanOut). Source: Glorot and Bengio, 2010; keras.initializers.GlorotNormal. */
export class GlorotNormal extends VarianceScaling {
  constructor(...given: Given<typeof glorotNormal.table>) {
    super({ mode: 'fanAvg', ...glorotNormal.read(given) })
  }
}

/** Uniform within √(6 / fanIn). Source: He et al., 2015; keras.initializers.HeUniform. */
export class HeUniform extends VarianceScaling {
  constructor(...given: Given<typeof heUniform.table>) {
    super({ scale: 2, distribution: 'uniform', ...heUniform.read(given) })
  }
}

/** Normal with variance 2 / fanIn. Source: He et al., 2015; keras.initializers.HeNormal. */
export class HeNormal extends VarianceScaling {
  constructor(...given: Given<typeof heNormal.table>) {
    super({ scale: 2, ...heNormal.read(given) })
  }
}

/** Uniform within √(3 / fanIn). Source: keras.initializers.LecunUniform. */
export class LecunUniform extends VarianceScaling {
  constructor(...given: Given<typeof lecunUniform.table>) {
    super({ distribution: 'uniform', ...lecunUniform.read(given) })
  }
}

/** Normal with variance 1 / fanIn. Source: keras.initializers.LecunNormal. */
export class LecunNormal extends VarianceScaling {
  constructor(...given: Given<typeof lecunNormal.table>) {
    super(lecunNormal.read(given))
  }
}

const orthogonal = parameters('Orthogonal', { gain: number.or(1), seed })

/**
 * Orthonormal rows or columns, whichever are fewer, of a normal matrix; all axes but the last are rows.
 * Source: Saxe et al., 2014; keras.initializers.Orthogonal.
 */
export class Orthogonal extends Initializer {
  readonly #gain: number

  constructor(...given: Given<typeof orthogonal.table>) {
    const { gain, seed } = orthogonal.read(given)
    super(seed)
    this.#gain = gain
  }

  protected override drawn(shape: Shape): Float32Array {
    if (shape.length < 2) {
      throw new ArgumentError(
        `Orthogonal: expected a weight of two axes or more, got ${printShape(shape)}. Use 'zeros' for a bias.`,
      )
    }
    const columns = last(shape)
    const rows = sizeOf(shape) / columns
    const random = this.random()
    const vectors = orthonormal(Math.min(rows, columns), Math.max(rows, columns), random)
    const element = (row: number, column: number) =>
      rows < columns ? at(at(vectors, row), column) : at(at(vectors, column), row)
    return Float32Array.from(
      { length: rows * columns },
      (_, index) => this.#gain * element(Math.floor(index / columns), index % columns),
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

/** An initializer, or its name. */
export type InitializerLike = Initializer | Spelling<InitializerName>

/** An initializer from its name or as it is; throws ArgumentError for an unknown name. */
export function toInitializer(where: string, initializer: InitializerLike): Initializer {
  return initializer instanceof Initializer
    ? initializer
    : madeByName<Initializer>(where, initializer, byName)
}
