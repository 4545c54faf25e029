/** `nn.init`: new values for a parameter, in place, from the seed. Source: torch.nn.init. */
import { tf } from '../../eager/tfjs'
import { kaimingUniform, uniform } from '../../nn/initialisers'
import { orthonormal } from '../../nn/orthonormal'
import { randomState } from '../../nn/randomState'
import { ArgumentError } from '../../util/errors'
import { normal, type RandomSource } from '../../util/random'
import { printShape, sizeOf, type Shape } from '../../util/shapes'
import { assertOneOf, assertOptions } from '../options'
import { noGrad } from '../autograd'
import { Tensor } from '../tensor'

/** What has values that can be replaced: a parameter, a buffer, or a tensor that was made. */
type Target = Tensor

function fill(target: Target, values: (shape: Shape, random: RandomSource) => Float32Array): Target {
  return assign(target, values(target.shape, randomState.nextInitialiser()))
}

function assign(target: Target, values: Float32Array): Target {
  const given = tf.tensor(values, [...target.shape])
  noGrad(() => target.copy_(new Tensor(given)))
  given.dispose()
  return target
}

/** Each value on its own. */
const each = (draw: (random: RandomSource) => number) => (shape: Shape, random: RandomSource) =>
  Float32Array.from({ length: sizeOf(shape) }, () => draw(random))

/** Uniform in [a, b), 0 and 1 when left out. */
export function uniform_(
  target: Target,
  a: number | { readonly a?: number; readonly b?: number } = 0,
  b = 1,
): Target {
  const { a: low = 0, b: high = 1 } = typeof a === 'number' ? { a, b } : a
  return fill(
    target,
    each((random) => low + (high - low) * random()),
  )
}

export interface NormalOptions {
  readonly mean?: number
  readonly std?: number
}

/** Normal with mean 0 and standard deviation 1 when left out. */
export function normal_(target: Target, mean: number | NormalOptions = 0, std = 1): Target {
  const { mean: centre = 0, std: spread = 1 } = typeof mean === 'number' ? { mean, std } : mean
  return fill(
    target,
    each((random) => centre + spread * normal(random)),
  )
}

export interface TruncNormalOptions extends NormalOptions {
  readonly a?: number
  readonly b?: number
}

/** Normal, drawn anew until it lies within [a, b], −2 and 2 when left out. */
export function truncNormal_(target: Target, options: TruncNormalOptions = {}): Target {
  assertOptions('truncNormal_', options, ['mean', 'std', 'a', 'b'])
  const { mean = 0, std = 1, a = -2, b = 2 } = options
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
  return fill(target, each(within))
}

export function constant_(target: Target, value: number): Target {
  return assign(target, new Float32Array(sizeOf(target.shape)).fill(value))
}

export function ones_(target: Target): Target {
  return constant_(target, 1)
}

export function zeros_(target: Target): Target {
  return constant_(target, 0)
}

/** Ones on the diagonal of a matrix. */
export function eye_(target: Target): Target {
  const [, columns] = matrixOf('eye_', target.shape)
  const values = Float32Array.from({ length: target.numel() }, (_, index) =>
    index % (columns + 1) === 0 ? 1 : 0,
  )
  return assign(target, values)
}

export interface XavierOptions {
  readonly gain?: number
}

/** Uniform within ±gain·√(6 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010. */
export function xavierUniform_(target: Target, gain: number | XavierOptions = {}): Target {
  const std = xavierDeviation('xavierUniform_', target, gain)
  return fill(target, (shape, random) => uniform(shape, Math.sqrt(3) * std, random))
}

/** Normal with standard deviation gain·√(2 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010. */
export function xavierNormal_(target: Target, gain: number | XavierOptions = {}): Target {
  return normal_(target, 0, xavierDeviation('xavierNormal_', target, gain))
}

function xavierDeviation(where: string, { shape }: Target, given: number | XavierOptions): number {
  const gain = typeof given === 'number' ? given : (given.gain ?? 1)
  const { fanIn, fanOut } = fansOf(where, shape)
  return gain * Math.sqrt(2 / (fanIn + fanOut))
}

export interface KaimingOptions {
  /** Slope of the leaky ReLU that follows; 0 when left out. */
  readonly a?: number
  /** Which fan keeps its variance; 'fanIn' when left out. */
  readonly mode?: 'fanIn' | 'fanOut'
  /** 'leakyRelu' when left out. */
  readonly nonlinearity?: Nonlinearity
}

/** Uniform within ±gain·√(3 / fan). Source: He et al., 2015. */
export function kaimingUniform_(target: Target, options: KaimingOptions = {}): Target {
  const { fan, gain } = kaimingOf('kaimingUniform_', target, options)
  // The shared function has the limit √6/√((1 + a²)·fan) of a leaky ReLU, whose gain is √(2 / (1 + a²)).
  return fill(target, (shape, random) => kaimingUniform(shape, fan / ((gain * gain) / 2), random, 0))
}

/** Normal with standard deviation gain/√fan. Source: He et al., 2015. */
export function kaimingNormal_(target: Target, options: KaimingOptions = {}): Target {
  const { fan, gain } = kaimingOf('kaimingNormal_', target, options)
  return normal_(target, 0, gain / Math.sqrt(fan))
}

function kaimingOf(where: string, { shape }: Target, options: KaimingOptions): { fan: number; gain: number } {
  assertOptions(where, options, ['a', 'mode', 'nonlinearity'])
  const { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' } = options
  assertOneOf(where, 'mode', mode, ['fanIn', 'fanOut'])
  return { fan: fansOf(where, shape)[mode], gain: calculateGain(nonlinearity, a) }
}

const gains = {
  linear: () => 1,
  conv2d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope: number) => Math.sqrt(2 / (1 + slope * slope)),
  selu: () => 3 / 4,
}

/** A layer or activation whose gain is known. */
export type Nonlinearity = keyof typeof gains

/** By how much the activation shrinks the standard deviation; `parameter` is the slope of a leaky ReLU. */
export function calculateGain(nonlinearity: Nonlinearity, parameter = 0.01): number {
  assertOneOf('calculateGain', 'nonlinearity', nonlinearity, Object.keys(gains))
  return gains[nonlinearity](parameter)
}

/** gain·Q with orthonormal rows or columns, whichever are fewer. Source: Saxe, McClelland and Ganguli, 2013. */
export function orthogonal_(target: Target, gain: number | XavierOptions = {}): Target {
  const factor = typeof gain === 'number' ? gain : (gain.gain ?? 1)
  const [rows, columns] = flattenedMatrix('orthogonal_', target.shape)
  return fill(target, (_, random) => {
    const [count, length] = rows <= columns ? [rows, columns] : [columns, rows]
    const basis = orthonormal(count, length, random)
    return Float32Array.from({ length: rows * columns }, (_, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns]
      return factor * ((rows <= columns ? basis[row]?.[column] : basis[column]?.[row]) ?? 0)
    })
  })
}

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
