/** Makes tensors out of host values, constants and random numbers. */
import type { NdArray } from '../data/types'
import { hostTensor } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'
import { normal as standardNormal, permutation, type RandomSource } from '../util/random'
import { sizeOf, type Shape } from '../util/shapes'
import { sizesOf } from './axes'
import { assertDevice } from './device'
import { madeFrom } from './hostValues'
import { assertOptions } from './options'
import { Tensor } from './tensor'

/** Nested arrays of equal lengths, or a number. */
export type Nested = number | boolean | readonly Nested[]

/** The types of elements: `torch.float32`, `torch.long`, which is int32 here, and `torch.bool`. */
export type DType = 'float32' | 'int32' | 'bool'

export interface TensorOptions {
  readonly dtype?: DType
  /** All tensors are on the lane's backend. */
  readonly device?: unknown
  /** Collect gradients with respect to this tensor. */
  readonly requiresGrad?: boolean
}

/**
 * A tensor of the given values: nested arrays, a number, or a host array. Numbers become float32, since JavaScript cannot
 * tell 1 from 1.0; true and false become bool.
 */
export function tensor(data: Nested | NdArray | Tensor, options: TensorOptions = {}): Tensor {
  assertOptions('tensor', options, tensorOptions)
  if (data instanceof Tensor) return withOptions(tf.cast(data.value, options.dtype ?? data.dtype), options)
  if (typeof data === 'object' && 'values' in data && 'shape' in data) {
    const made = tf.tensor(data.values, [...data.shape], options.dtype ?? data.dtype)
    return withOptions(madeFrom(data.values, made), options)
  }
  const dtype = options.dtype ?? (typeof innermost(data) === 'boolean' ? 'bool' : 'float32')
  const made = tf.tensor(data as tf.TensorLike, undefined, dtype)
  return withOptions(madeFrom(numbersIn(data), made), options)
}

function numbersIn(data: Nested): number[] {
  return typeof data === 'object' ? data.flatMap(numbersIn) : [Number(data)]
}

/** Another name of `tensor`. */
export const asTensor = tensor

function innermost(data: Nested): Nested | undefined {
  return Array.isArray(data) ? innermost((data as readonly Nested[])[0] ?? 0) : data
}

const tensorOptions = ['dtype', 'device', 'requiresGrad'] as const

/** Of the given sizes; its values are to be set: here they are zeros. */
export function empty(...sizes: SizesAndOptions): Tensor {
  return zeros(...sizes)
}

/** All `value`, in the shape and dtype of `other`. */
export function fullLike(other: Tensor, value: number, options: TensorOptions = {}): Tensor {
  return full(other.shape, value, { dtype: other.dtype as DType, ...options })
}

/** Normal numbers from the seed: `normal(0, 1, [2, 3])`. */
export function normal(mean: number, std: number, shape: Shape, options: TensorOptions = {}): Tensor {
  assertFloat('normal', options)
  return withOptions(
    randomTensor(shape, (random) => mean + std * standardNormal(random)),
    options,
  )
}

/** Sizes one by one or as one array, then options. */
type SizesAndOptions = readonly (number | Shape | TensorOptions)[]

/** All zeros. */
export function zeros(...sizes: SizesAndOptions): Tensor {
  const { shape, options } = parsed('zeros', sizes)
  return withOptions(tf.zeros(shape, options.dtype), options)
}

/** All ones. */
export function ones(...sizes: SizesAndOptions): Tensor {
  const { shape, options } = parsed('ones', sizes)
  return withOptions(tf.ones(shape, options.dtype), options)
}

/** All `value`. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  return withOptions(tf.fill([...shape], value, options.dtype ?? 'float32'), options)
}

/** Zeros of the shape and dtype of `other`. */
export function zerosLike(other: Tensor, options: TensorOptions = {}): Tensor {
  return withOptions(tf.zeros([...other.shape], options.dtype ?? other.dtype), options)
}

/** Ones of the shape and dtype of `other`. */
export function onesLike(other: Tensor, options: TensorOptions = {}): Tensor {
  return withOptions(tf.ones([...other.shape], options.dtype ?? other.dtype), options)
}

/** Standard normal numbers from the seed. */
export function randn(...sizes: SizesAndOptions): Tensor {
  return drawn('randn', sizes, standardNormal)
}

/** Uniform numbers in [0, 1) from the seed. */
export function rand(...sizes: SizesAndOptions): Tensor {
  return drawn('rand', sizes, (random) => random())
}

/** Standard normal numbers in the shape of `other`. */
export function randnLike(other: Tensor, options: TensorOptions = {}): Tensor {
  return randn(other.shape, options)
}

/** Uniform numbers in [0, 1) in the shape of `other`. */
export function randLike(other: Tensor, options: TensorOptions = {}): Tensor {
  return rand(other.shape, options)
}

/** Whole numbers from `low` (0 when left out) to below `high`, int32: `randint(10, [3])`, `randint(1, 7, [3])`. */
export function randint(...given: readonly [number, Shape] | readonly [number, number, Shape]): Tensor {
  const [low, high, shape] = given.length === 2 ? ([0, ...given] as const) : given
  if (!(high > low)) {
    throw new ArgumentError(
      `randint: expected high above low, got ${low} and ${high}. Write randint(10, [3]).`,
    )
  }
  return new Tensor(randomTensor(shape, (random) => low + Math.floor(random() * (high - low)), 'int32'))
}

/** 0 … n − 1 in a random order, int32. */
export function randperm(n: number): Tensor {
  const draw = () => Float32Array.from(permutation(n, randomState.nextDraw()))
  return new Tensor(
    tf.tidy(() =>
      tf.cast(
        hostTensor('permutation', [n], draw, (values) => tf.tensor(values)),
        'int32',
      ),
    ),
  )
}

/**
 * From `start` (0 when left out) to below `end`: `arange(5)`, `arange(1, 5)`, `arange(0, 1, 0.25)`. int32 where all
 * of them are whole numbers.
 */
export function arange(...given: (number | TensorOptions)[]): Tensor {
  const numbers = given.filter((each) => typeof each === 'number')
  const options = given.find((each) => typeof each === 'object') ?? {}
  const [start = 0, end = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers
  if (numbers.length === 0 || step === 0 || (end - start) / step < 0) {
    throw new ArgumentError(
      `arange: expected an end that steps of ${step} lead to, got ${start} to ${end}. Write arange(0, 10, 2).`,
    )
  }
  const dtype = [start, end, step].every(Number.isInteger) ? 'int32' : 'float32'
  const values = Array.from({ length: Math.ceil((end - start) / step) }, (_, index) => start + index * step)
  return withOptions(tf.tensor(values, [values.length], options.dtype ?? dtype), options)
}

/** `steps` numbers at equal distances from `start` to `end`, both included. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  return withOptions(tf.cast(tf.linspace(start, end, steps), options.dtype ?? 'float32'), options)
}

/** Ones on the diagonal of [n, m], zeros elsewhere; m is n when left out. */
export function eye(n: number, m: number = n, options: TensorOptions = {}): Tensor {
  return withOptions(
    tf.eye(n, m, undefined, options.dtype === 'bool' ? 'bool' : (options.dtype ?? 'float32')),
    options,
  )
}

function drawn(where: string, sizes: SizesAndOptions, draw: (random: RandomSource) => number): Tensor {
  const { shape, options } = parsed(where, sizes)
  assertFloat(where, options)
  return withOptions(randomTensor(shape, draw), options)
}

/** Throws ArgumentError where random numbers are to be of a type that has no fractions. */
function assertFloat(where: string, { dtype = 'float32' }: TensorOptions): void {
  if (dtype === 'float32') return
  throw new ArgumentError(
    `${where}: expected dtype float32, got ${dtype}. Use randint, or write .to(dtype) behind it.`,
  )
}

/** Drawn anew at every step, also where the step is a graph. */
function randomTensor(shape: Shape, draw: (random: RandomSource) => number, dtype?: 'int32'): tf.Tensor {
  const values = () => {
    const random = randomState.nextDraw()
    return Float32Array.from({ length: sizeOf(shape) }, () => draw(random))
  }
  return tf.tidy(() => {
    const numbers = hostTensor('random', shape, values, (drawnNow) => tf.tensor(drawnNow, [...shape]))
    return dtype ? tf.cast(numbers, dtype) : numbers
  })
}

function parsed(where: string, given: SizesAndOptions): { shape: number[]; options: TensorOptions } {
  const isOptions = (each: unknown): each is TensorOptions => typeof each === 'object' && !Array.isArray(each)
  const options = given.find(isOptions) ?? {}
  assertOptions(where, options, [...tensorOptions, 'size'])
  const shape = sizesOf(given.filter((each): each is number | Shape => !isOptions(each)))
  const wrong = shape.find((size) => !Number.isInteger(size) || size < 0)
  if (wrong === undefined) return { shape, options }
  throw new ArgumentError(
    `${where}: expected sizes that are whole numbers of 0 or more, got ${wrong}. Write ${where}(2, 3).`,
  )
}

function withOptions(value: tf.Tensor, { requiresGrad = false, device }: TensorOptions): Tensor {
  if (device !== undefined) assertDevice('tensor', [device])
  return new Tensor(value, requiresGrad ? 'leaf' : 'constant')
}
