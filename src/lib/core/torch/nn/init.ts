/** `nn.init`: new values for a parameter, in place, from the seed. Source: torch.nn.init. */
import { tf } from '../../eager/tfjs'
import { kaimingUniform, uniform } from '../../nn/initialisers'
import { orthonormal } from '../../nn/orthonormal'
import { randomState } from '../../nn/randomState'
import { number, taking } from '../../util/kinds'
import { ArgumentError } from '../../util/errors'
import { parameters, type Given, type ParameterTable, type Values } from '../../util/parameters'
import { normal, type RandomSource } from '../../util/random'
import { printShape, sizeOf, type Shape } from '../../util/shapes'
import { knownName } from '../../util/spelling'
import { noGrad } from '../autograd'
import { generator as generatorKind, type Generator } from '../generator'
import { Tensor } from '../tensor'
import { tensor } from '../kinds'

/** What has values that can be replaced: a parameter, a buffer, or a tensor that was made. */
type Target = Tensor

/** What every initialiser takes first. */
const target = {
  /** What has values that can be replaced. */
  tensor,
}

/** What those take last that draw numbers. */
const drawn = {
  /** Where the numbers come from; the seed of manualSeed() when left out. */
  generator: generatorKind.or(null),
}

/** The initialiser `name`, which gives the tensor that it changed. */
function initialiser<Table extends ParameterTable>(
  name: string,
  table: Table,
  change: (tensor: Target, values: Values<Table>) => Target,
): (...given: Given<typeof target & Table>) => Target {
  const list = parameters(name, { ...target, ...table })
  return (...given) => {
    const values = list.read(given)
    return change(values.tensor, values)
  }
}

interface Source {
  readonly generator: Generator | null
}

function fill(
  tensor: Target,
  source: Source,
  values: (shape: Shape, random: RandomSource) => Float32Array,
): Target {
  return assign(tensor, values(tensor.shape, source.generator?.random ?? randomState.nextInitialiser()))
}

function assign(tensor: Target, values: Float32Array): Target {
  const given = tf.tensor(values, [...tensor.shape])
  noGrad(() => tensor.copy_(new Tensor(given)))
  given.dispose()
  return tensor
}

/** Each value on its own. */
const each = (draw: (random: RandomSource) => number) => (shape: Shape, random: RandomSource) =>
  Float32Array.from({ length: sizeOf(shape) }, () => draw(random))

const normally = (mean: number, std: number) => each((random) => mean + std * normal(random))

/** Uniform in [a, b). */
export const uniform_ = initialiser(
  'uniform_',
  {
    /** Least value. */
    a: number.or(0),
    /** Where the values end. */
    b: number.or(1),
    ...drawn,
  },
  (tensor, { a, b, ...source }) =>
    fill(
      tensor,
      source,
      each((random) => a + (b - a) * random()),
    ),
)

const normalTable = {
  /** Mean of the values. */
  mean: number.or(0),
  /** Their standard deviation. */
  std: number.or(1),
}

/** Normal numbers. */
export const normal_ = initialiser(
  'normal_',
  { ...normalTable, ...drawn },
  (tensor, { mean, std, ...source }) => fill(tensor, source, normally(mean, std)),
)

/** Normal numbers, each drawn again until it lies within [a, b]. */
export const truncNormal_ = initialiser(
  'truncNormal_',
  {
    ...normalTable,
    /** Least value. */
    a: number.or(-2),
    /** Largest value. */
    b: number.or(2),
    ...drawn,
  },
  (tensor, { mean, std, a, b, ...source }) => {
    if (!(a < b) || mean < a - 2 * std || mean > b + 2 * std) {
      throw new ArgumentError(
        `truncNormal_: expected a below b, with the mean within two standard deviations of them, got ${a}, ${b} and ${mean}. ` +
          'Leave them out for −2 and 2.',
      )
    }
    const within = (random: RandomSource): number => {
      for (;;) {
        const value = mean + std * normal(random)
        if (value >= a && value <= b) return value
      }
    }
    return fill(tensor, source, each(within))
  },
)

/** All values the same. */
export const constant_ = initialiser(
  'constant_',
  {
    /** The value. */
    val: number,
  },
  (tensor, { val }) => all(tensor, val),
)

/** All ones. */
export const ones_ = initialiser('ones_', {}, (tensor) => all(tensor, 1))

/** All zeros. */
export const zeros_ = initialiser('zeros_', {}, (tensor) => all(tensor, 0))

function all(tensor: Target, value: number): Target {
  return assign(tensor, new Float32Array(sizeOf(tensor.shape)).fill(value))
}

/** Ones on the diagonal of a matrix. */
export const eye_ = initialiser('eye_', {}, (tensor) => {
  const [, columns] = matrixOf('eye_', tensor.shape)
  const values = Float32Array.from({ length: tensor.numel() }, (_, index) =>
    Math.floor(index / columns) === index % columns ? 1 : 0,
  )
  return assign(tensor, values)
})

const gain = {
  /** Factor of the values. */
  gain: number.or(1),
}

/** Uniform within ±gain·√(6 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010. */
export const xavierUniform_ = initialiser(
  'xavierUniform_',
  { ...gain, ...drawn },
  (tensor, { gain: factor, ...source }) => {
    const std = xavierDeviation('xavierUniform_', tensor, factor)
    return fill(tensor, source, (shape, random) => uniform(shape, Math.sqrt(3) * std, random))
  },
)

/** Normal with standard deviation gain·√(2 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010. */
export const xavierNormal_ = initialiser(
  'xavierNormal_',
  { ...gain, ...drawn },
  (tensor, { gain: factor, ...source }) =>
    fill(tensor, source, normally(0, xavierDeviation('xavierNormal_', tensor, factor))),
)

function xavierDeviation(where: string, { shape }: Target, factor: number): number {
  const { fanIn, fanOut } = fansOf(where, shape)
  return factor * Math.sqrt(2 / (fanIn + fanOut))
}

const one = () => 1

const gains = {
  linear: one,
  conv1d: one,
  conv2d: one,
  conv3d: one,
  convTranspose1d: one,
  convTranspose2d: one,
  convTranspose3d: one,
  sigmoid: one,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope: number) => Math.sqrt(2 / (1 + slope * slope)),
  selu: () => 3 / 4,
}

type Nonlinearity = keyof typeof gains

/** One of a few words, as JavaScript or as Python spells them. */
function word<const Words extends readonly string[]>(...words: Words) {
  const list = words.map((each) => `'${each}'`).join(', ')
  return taking<Words[number]>(`one of ${list}`, (value) => knownName(value, words) !== undefined)
}

const nonlinearities = Object.keys(gains) as Nonlinearity[]
const fans = ['fanIn', 'fanOut'] as const

const kaiming = {
  /** Slope of the leaky ReLU that follows. */
  a: number.or(0),
  /** Which fan keeps its variance. */
  mode: word(...fans).or('fanIn'),
  /** What follows the layer. */
  nonlinearity: word(...nonlinearities).or('leakyRelu'),
  ...drawn,
}

/** Uniform within ±gain·√(3 / fan). Source: He et al., 2015. */
export const kaimingUniform_ = initialiser('kaimingUniform_', kaiming, (tensor, options) => {
  const { fan, factor } = kaimingOf('kaimingUniform_', tensor, options)
  // The shared function has the limit √6/√((1 + a²)·fan) of a leaky ReLU, whose gain is √(2 / (1 + a²)).
  return fill(tensor, options, (shape, random) =>
    kaimingUniform(shape, fan / ((factor * factor) / 2), random, 0),
  )
})

/** Normal with standard deviation gain/√fan. Source: He et al., 2015. */
export const kaimingNormal_ = initialiser('kaimingNormal_', kaiming, (tensor, options) => {
  const { fan, factor } = kaimingOf('kaimingNormal_', tensor, options)
  return fill(tensor, options, normally(0, factor / Math.sqrt(fan)))
})

function kaimingOf(where: string, { shape }: Target, { a, mode, nonlinearity }: Values<typeof kaiming>) {
  const fan = fansOf(where, shape)[knownName(mode, fans) ?? 'fanIn']
  return { fan, factor: gainOf(nonlinearity, a) }
}

function gainOf(nonlinearity: Nonlinearity, slope: number): number {
  return gains[knownName(nonlinearity, nonlinearities) ?? 'linear'](slope)
}

const gainParameters = parameters('calculateGain', {
  /** What follows the layer. */
  nonlinearity: word(...nonlinearities),
  /** Slope of a leaky ReLU. */
  param: number.or(null),
})

/** By how much an activation shrinks the standard deviation. */
export function calculateGain(...given: Given<typeof gainParameters.table>): number {
  const { nonlinearity, param } = gainParameters.read(given)
  return gainOf(nonlinearity, param ?? 0.01)
}

/** gain·Q with orthonormal rows or columns, whichever are fewer. Source: Saxe, McClelland and Ganguli, 2013. */
export const orthogonal_ = initialiser(
  'orthogonal_',
  { ...gain, ...drawn },
  (tensor, { gain: factor, ...source }) => {
    const [rows, columns] = flattenedMatrix('orthogonal_', tensor.shape)
    return fill(tensor, source, (_, random) => {
      const [count, length] = rows <= columns ? [rows, columns] : [columns, rows]
      const basis = orthonormal(count, length, random)
      return Float32Array.from({ length: rows * columns }, (_value, index) => {
        const [row, column] = [Math.floor(index / columns), index % columns]
        return factor * ((rows <= columns ? basis[row]?.[column] : basis[column]?.[row]) ?? 0)
      })
    })
  },
)

/** Inputs and outputs of one unit: of a weight [out, in, ...kernel] the channels times the kernel's size. */
function fansOf(where: string, shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) throw tooFlat(where, shape)
  const [outputs = 1, inputs = 1, ...kernel] = shape
  const area = sizeOf(kernel)
  return { fanIn: inputs * area, fanOut: outputs * area }
}

function matrixOf(where: string, shape: Shape): readonly [number, number] {
  const [rows, columns] = shape
  if (shape.length === 2 && rows !== undefined && columns !== undefined) return [rows, columns]
  throw new ArgumentError(
    `${where}: expected a matrix, got shape ${printShape(shape)}. Pass a weight of two axes.`,
  )
}

function flattenedMatrix(where: string, shape: Shape): readonly [number, number] {
  if (shape.length < 2) throw tooFlat(where, shape)
  const [rows = 1, ...rest] = shape
  return [rows, sizeOf(rest)]
}

function tooFlat(where: string, shape: Shape): ArgumentError {
  return new ArgumentError(
    `${where}: expected a weight of two axes or more, got shape ${printShape(shape)}. Use zeros_ or uniform_ for a bias.`,
  )
}
