/** Makes tensors out of host values, constants and random numbers. */
import type { NdArray } from '../data/types'
import { hostTensor } from '../eager/tracing'
import { generator as generatorKind, type Generator } from './generator'
import { madeFrom } from '../eager/hostValues'
import { tf } from '../eager/tfjs'
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'
import { anything, flag, integer, number, taking } from '../util/kinds'
import type { Given } from '../util/parameters'
import { isPlainObject } from '../util/plainObject'
import { normal as standardNormal, permutation, type RandomSource } from '../util/random'
import { isSameShape, sizeOf, type Shape } from '../util/shapes'
import { assertDevice } from './device'
import { dtype, sizes, tensor as tensorKind, type DType } from './kinds'
import { Tensor } from './tensorBase'
import { torchFunction } from './tensorOp'

/** Nested arrays of equal lengths, or a number. */
export type Nested = number | boolean | readonly Nested[]

/** What a tensor can be made of. */
export type TensorData = Nested | NdArray | Tensor

const typed = {
  /** The type of the elements. */
  dtype: dtype.named.or(null),
  /** All tensors are on the lane's backend. */
  device: anything<unknown>('a device').named.or(null),
}

const made = {
  ...typed,
  /** Collect gradients with respect to this tensor. */
  requiresGrad: flag.named.or(false),
  layout: anything<unknown>().named.or(null).unused('all tensors are dense'),
  pinMemory: flag.named.or(false).unused('there is no memory to pin'),
}

const drawnTable = {
  /** What the numbers are drawn from; torch.manualSeed when left out. */
  generator: generatorKind.named.or(null),
  ...made,
}

interface Made {
  readonly dtype: DType | null
  readonly device: unknown
  readonly requiresGrad?: boolean
  readonly generator?: Generator | null
}

const data = taking<TensorData>('a number, nested arrays of numbers, or a tensor', isTensorData)

/**
 * A tensor of the given values: nested arrays, a number, or a host array. Numbers become float32, since JavaScript cannot
 * tell 1 from 1.0; true and false become bool.
 */
export const tensor = torchFunction('tensor', { data, ...made }, (values): Tensor =>
  tensorOf('tensor', values.data, values),
)

/** A tensor of the given values, as `tensor` makes it; a tensor of the type as it is. */
export const asTensor = torchFunction('asTensor', { data, ...typed }, (values): Tensor => {
  const { data: given, dtype } = values
  if (given instanceof Tensor && (dtype === null || dtype === given.dtype)) return given
  return tensorOf('asTensor', given, values)
})

const sized = (name: string, make: (shape: number[], type: DType | undefined) => tf.Tensor) =>
  torchFunction(name, { size: sizes, ...made }, (values): Tensor => {
    return withOptions(name, make(shapeOf(name, values.size), values.dtype ?? undefined), values)
  })

/** All zeros. */
export const zeros = sized('zeros', (shape, type) => tf.zeros(shape, type))

/** All ones. */
export const ones = sized('ones', (shape, type) => tf.ones(shape, type))

/** Of the given sizes; its values are to be set: here they are zeros. */
export const empty = sized('empty', (shape, type) => tf.zeros(shape, type))

const fillValue = taking<number | boolean>(
  'a number',
  (value) => typeof value === 'number' || typeof value === 'boolean',
)

/** All `fillValue`. */
export const full = torchFunction('full', { size: sizes, fillValue, ...made }, (values): Tensor => {
  const type = values.dtype ?? (typeof values.fillValue === 'boolean' ? 'bool' : 'float32')
  return withOptions('full', filled(shapeOf('full', values.size), values.fillValue, type), values)
})

const likeTable = { input: tensorKind, ...made }

/** Zeros of the shape and dtype of `input`. */
export const zerosLike = torchFunction('zerosLike', likeTable, ({ input, ...values }): Tensor => {
  return withOptions('zerosLike', tf.zeros([...input.shape], values.dtype ?? input.dtype), values)
})

/** Ones of the shape and dtype of `input`. */
export const onesLike = torchFunction('onesLike', likeTable, ({ input, ...values }): Tensor => {
  return withOptions('onesLike', tf.ones([...input.shape], values.dtype ?? input.dtype), values)
})

/** Of the shape and dtype of `input`; its values are to be set: here they are zeros. */
export const emptyLike = torchFunction('emptyLike', likeTable, ({ input, ...values }): Tensor => {
  return withOptions('emptyLike', tf.zeros([...input.shape], values.dtype ?? input.dtype), values)
})

/** All `fillValue`, in the shape and dtype of `input`. */
export const fullLike = torchFunction(
  'fullLike',
  { input: tensorKind, fillValue, ...made },
  ({ input, fillValue: value, ...values }): Tensor => {
    const type = values.dtype ?? (input.dtype as DType)
    return withOptions('fullLike', filled([...input.shape], value, type), values)
  },
)

const drawn = (name: string, draw: (random: RandomSource) => number) =>
  torchFunction(name, { size: sizes, ...drawnTable }, ({ size, ...values }): Tensor => {
    assertFloat(name, values)
    return withOptions(name, randomTensor(shapeOf(name, size), draw, values.generator), values)
  })

/** Standard normal numbers from the seed. */
export const randn = drawn('randn', standardNormal)

/** Uniform numbers in [0, 1) from the seed. */
export const rand = drawn('rand', (random) => random())

const drawnLike = (name: string, draw: (random: RandomSource) => number) =>
  torchFunction(name, { input: tensorKind, ...drawnTable }, ({ input, ...values }): Tensor => {
    assertFloat(name, values)
    return withOptions(name, randomTensor(input.shape, draw, values.generator), values)
  })

/** Standard normal numbers in the shape of `input`. */
export const randnLike = drawnLike('randnLike', standardNormal)

/** Uniform numbers in [0, 1) in the shape of `input`. */
export const randLike = drawnLike('randLike', (random) => random())

/** Uniform numbers in [0, 1) of a shape. */
export function uniform(shape: Shape, source: Generator | null): Tensor {
  return new Tensor(randomTensor(shape, (random) => random(), source))
}

/** Normal numbers from the seed: `normal(0, 1, [2, 3])`. */
export const normal = torchFunction(
  'normal',
  { mean: number.or(0), std: number.or(1), size: sizes, ...drawnTable },
  ({ mean, std, size, ...values }): Tensor => {
    assertFloat('normal', values)
    return withOptions(
      'normal',
      randomTensor(
        shapeOf('normal', size),
        (random) => mean + std * standardNormal(random),
        values.generator,
      ),
      values,
    )
  },
)

const intervalTable = { low: integer.or(0), high: integer, size: sizes, ...drawnTable }
const readInterval = torchFunction('randint', intervalTable, (values): Tensor => {
  const { low, high } = values
  if (!(high > low)) {
    throw new ArgumentError(
      `randint: expected high above low, got ${low} and ${high}. Write randint(10, [3]).`,
    )
  }
  const whole = randomTensor(
    shapeOf('randint', values.size),
    (random) => low + Math.floor(random() * (high - low)),
    values.generator,
  )
  return withOptions('randint', tf.cast(whole, values.dtype ?? 'int32'), values)
})

/** Whole numbers from `low` (0 when left out) to below `high`, int32: `randint(10, [3])`, `randint(1, 7, [3])`. */
export const randint = Object.assign(
  (...given: Given<typeof intervalTable>): Tensor =>
    // As in PyTorch, the first of two positions is high where a size follows it.
    Array.isArray(given[1]) || given.length === 1 ? readInterval(0, ...given) : readInterval(...given),
  { parameters: readInterval.parameters },
)

/** 0 … n − 1 in a random order, int32. */
export const randperm = torchFunction(
  'randperm',
  { n: integer, ...drawnTable },
  ({ n, ...values }): Tensor => {
    if (n < 0) {
      throw new ArgumentError(`randperm: expected n of 0 or more, got ${n}. Write randperm(10).`)
    }
    const draw = () => Float32Array.from(permutation(n, values.generator?.random ?? randomState.nextDraw()))
    return withOptions(
      'randperm',
      tf.tidy(() =>
        tf.cast(
          hostTensor('permutation', [n], draw, (order) => tf.tensor(order)),
          values.dtype ?? 'int32',
        ),
      ),
      values,
    )
  },
)

const rangeTable = { start: number.or(0), end: number, step: number.or(1), ...made }
const readRange = torchFunction('arange', rangeTable, (values): Tensor => {
  const { start, end, step } = values
  if (step === 0 || !((end - start) / step >= 0) || !Number.isFinite((end - start) / step)) {
    throw new ArgumentError(
      `arange: expected an end that steps of ${step} lead to, got ${start} to ${end}. Write arange(0, 10, 2).`,
    )
  }
  const type = [start, end, step].every(Number.isInteger) ? 'int32' : 'float32'
  const numbers = Array.from({ length: Math.ceil((end - start) / step) }, (_, index) => start + index * step)
  return withOptions('arange', tf.tensor(numbers, [numbers.length], values.dtype ?? type), values)
})

/**
 * From `start` (0 when left out) to below `end`: `arange(5)`, `arange(1, 5)`, `arange(0, 1, 0.25)`. int32 where all
 * of them are whole numbers.
 */
export const arange = Object.assign(
  (...given: Given<typeof rangeTable>): Tensor => {
    // As in PyTorch, a single number is the end.
    const isEnd = typeof given[0] === 'number' && typeof given[1] !== 'number' && !hasEnd(given[1])
    return isEnd ? readRange(0, ...given) : readRange(...given)
  },
  { parameters: readRange.parameters },
)

/** `steps` numbers at equal distances from `start` to `end`, both included. */
export const linspace = torchFunction(
  'linspace',
  { start: number, end: number, steps: integer, ...made },
  ({ start, end, steps, ...values }): Tensor => {
    if (steps < 0) {
      throw new ArgumentError(`linspace: expected steps of 0 or more, got ${steps}. Write linspace(0, 1, 5).`)
    }
    const numbers = Float32Array.from({ length: steps }, (_, index) =>
      steps === 1 ? start : start + ((end - start) * index) / (steps - 1),
    )
    return withOptions('linspace', tf.cast(tf.tensor(numbers), values.dtype ?? 'float32'), values)
  },
)

/** Ones on the diagonal of [n, m], zeros elsewhere; m is n when left out. */
export const eye = torchFunction(
  'eye',
  { n: integer, m: integer.or(null), ...made },
  ({ n, m, ...values }): Tensor => {
    const [rows, columns] = shapeOf('eye', [n, m ?? n]) as [number, number]
    return withOptions('eye', tf.eye(rows, columns, undefined, values.dtype ?? 'float32'), values)
  },
)

function tensorOf(where: string, given: TensorData, options: Made): Tensor {
  if (given instanceof Tensor) {
    return withOptions(where, tf.cast(given.value, options.dtype ?? given.dtype), options)
  }
  const { values, shape, dtype: type } = hostArrayOf(where, given)
  const array = tf.tensor(values, [...shape], options.dtype ?? type)
  return withOptions(where, madeFrom(values, array), options)
}

function hostArrayOf(where: string, given: Nested | NdArray): NdArray | FlatArray {
  if (isHostArray(given)) return given
  return { values: numbersIn(given), shape: nestedShape(where, given), dtype: innermostType(given) }
}

function isHostArray(given: Nested | NdArray): given is NdArray {
  return isPlainObject(given)
}

interface FlatArray {
  readonly values: number[]
  readonly shape: Shape
  readonly dtype: DType
}

/** bool where all are true or false. */
function innermostType(given: Nested): DType {
  if (typeof given !== 'object') return typeof given === 'boolean' ? 'bool' : 'float32'
  if (ArrayBuffer.isView(given) || given.length === 0) return 'float32'
  return Array.from(given).every((each) => innermostType(each) === 'bool') ? 'bool' : 'float32'
}

function numbersIn(given: Nested): number[] {
  if (typeof given !== 'object') return [Number(given)]
  return Array.from(given).flatMap(numbersIn)
}

/** The shape of nested arrays. Throws ArgumentError where their lengths differ. */
function nestedShape(where: string, given: Nested): Shape {
  if (typeof given !== 'object') return []
  const shapes = Array.from(given, (each) => nestedShape(where, each))
  const [first = []] = shapes
  const different = shapes.find((shape) => !isSameShape(shape, first))
  if (!different) return [given.length, ...first]
  throw new ArgumentError(
    `${where}: expected nested arrays of one length, got [${first.join(', ')}] beside [${different.join(', ')}]. ` +
      'Fill the shorter one up.',
  )
}

function isTensorData(value: unknown): boolean {
  if (value instanceof Tensor || typeof value === 'number' || typeof value === 'boolean') return true
  if (isPlainObject(value)) {
    return ArrayBuffer.isView(value['values']) && Array.isArray(value['shape']) && 'dtype' in value
  }
  return isNumbers(value)
}

/** Nested arrays of numbers, or a typed array of them. */
function isNumbers(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true
  if (ArrayBuffer.isView(value))
    return !(value instanceof DataView) && typeof Reflect.get(value, 0) !== 'bigint'
  return Array.isArray(value) && value.every(isNumbers)
}

function filled(shape: number[], value: number | boolean, type: DType): tf.Tensor {
  return tf.cast(tf.fill(shape, Number(value)), type)
}

/** Throws ArgumentError where random numbers are to be of a type that has no fractions. */
function assertFloat(where: string, { dtype: type }: Made): void {
  if (type === null || type === 'float32') return
  throw new ArgumentError(
    `${where}: expected dtype float32, got ${type}. Use randint, or write .to(dtype) behind it.`,
  )
}

/** Drawn anew at every step, also where the step is a graph. */
function randomTensor(
  shape: Shape,
  draw: (random: RandomSource) => number,
  source: Generator | null,
): tf.Tensor {
  const values = () => {
    const random = source?.random ?? randomState.nextDraw()
    return Float32Array.from({ length: sizeOf(shape) }, () => draw(random))
  }
  return tf.tidy(() => hostTensor('random', shape, values, (drawnNow) => tf.tensor(drawnNow, [...shape])))
}

function shapeOf(where: string, size: Shape): number[] {
  const wrong = size.find((each) => each < 0)
  if (wrong === undefined) return [...size]
  throw new ArgumentError(
    `${where}: expected sizes that are whole numbers of 0 or more, got ${wrong}. Write ${where}(2, 3).`,
  )
}

function withOptions(where: string, value: tf.Tensor, { requiresGrad = false, device }: Made): Tensor {
  if (device !== null) assertDevice(where, [device])
  if (requiresGrad && value.dtype !== 'float32') {
    throw new ArgumentError(
      `${where}: expected dtype float32 with requiresGrad, got ${value.dtype}. Only real numbers have gradients.`,
    )
  }
  return new Tensor(value, requiresGrad ? 'leaf' : 'constant')
}

function hasEnd(options: unknown): boolean {
  return isPlainObject(options) && 'end' in options
}
