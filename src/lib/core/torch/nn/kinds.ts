/** The kinds of values that parameters of layers, losses and their functions take. */
import type { Formulation } from '../../optim/optimizer'
import { anything, flag, oneOf, only, taking } from '../../util/kinds'
import type { Parameter } from '../../util/parameters'
import { device } from '../kinds'
import { Tensor } from '../tensorBase'

/** Tensors: one, or several that can be gone through. */
export const tensors = taking<Tensor | Iterable<Tensor>>(
  'a tensor or a list of tensors',
  (value) =>
    value instanceof Tensor ||
    (Array.isArray(value) ? value.every((each) => each instanceof Tensor) : isIterable(value)),
  'Pass model.parameters().',
)

/** A tensor, or a list of them. */
export const oneOrMore = taking<Tensor | readonly Tensor[]>(
  'a tensor or a list of tensors',
  (value) =>
    value instanceof Tensor || (Array.isArray(value) && value.every((each) => each instanceof Tensor)),
)

/** Two states of a recurrent cell, in a list. */
export function statePair(names: string): Parameter<readonly [hidden: Tensor, cell: Tensor]> {
  return taking<readonly [hidden: Tensor, cell: Tensor]>(
    `the states ${names}`,
    (value) => isListOf(2, value, (each) => each instanceof Tensor),
    `Write ${names}.`,
  )
}

/** A whole number of at least `least`. */
function whole(least: number): Parameter<number> {
  return taking<number>(
    `a whole number of at least ${least}`,
    (value) => isWhole(value, least),
    `Pass a number such as ${Math.max(least, 8)}.`,
  )
}

/** How many there are: 1 or more. */
export const count = whole(1)

/** How many there are, or none. */
export const countOrNone = whole(0)

/** One number for both directions, or [height, width]. */
export type Pair = number | readonly [height: number, width: number]

/** Zeros on each side; 'same' keeps the size (with a stride: the size divided by it, rounded up); 'valid' is none. */
export type Padding = Pair | 'same' | 'valid'

/** One number for both directions, or [height, width], where null keeps a size. */
export type OutputSize = number | readonly [height: number | null, width: number | null]

const pairOf = (least: number, ...words: readonly string[]) => {
  const listed = words.map((word) => `'${word}', `).join('')
  return [
    `${listed}a whole number of at least ${least}, or two of them, [height, width]`,
    (value: unknown) =>
      isWhole(value, least) ||
      isListOf(2, value, (each) => isWhole(each, least)) ||
      words.includes(String(value)),
    `Pass a number such as ${Math.max(least, 3)}.`,
  ] as const
}

/** Sizes or strides of images. */
export const pair = taking<Pair>(...pairOf(1))

/** Zeros on each side of images. */
export const pairOrNone = taking<Pair>(...pairOf(0))

/** Zeros on each side of images, or a word for them. */
export const padding = taking<Padding>(...pairOf(0, 'same', 'valid'))

/** The size that pooling brings images to. */
export const outputSize = taking<OutputSize>(
  'a whole number of at least 1, or two of them, [height, width], where null keeps a size',
  (value) => isWhole(value, 1) || isListOf(2, value, (each) => each === null || isWhole(each, 1)),
  'Pass a number such as 1.',
)

/** A size along time, also as a list of one. */
export type Single = number | readonly [number]

const singleOf = (least: number, ...words: readonly string[]) => {
  const listed = words.map((word) => `'${word}' or `).join('')
  return [
    `${listed}a whole number of at least ${least}`,
    (value: unknown) =>
      isWhole(value, least) ||
      isListOf(1, value, (each) => isWhole(each, least)) ||
      words.includes(String(value)),
    `Pass a number such as ${Math.max(least, 3)}.`,
  ] as const
}

/** A size or stride of sequences. */
export const single = taking<Single>(...singleOf(1))

/** Zeros at both ends of sequences. */
export const singleOrNone = taking<Single>(...singleOf(0))

/** Zeros at both ends of sequences, or a word for them. */
export const singlePadding = taking<Single | 'same' | 'valid'>(...singleOf(0, 'same', 'valid'))

/** Sizes, one or a list of them. */
export const sizes = taking<number | readonly number[]>(
  'a whole number of at least 1 or a list of them',
  (value) =>
    isWhole(value, 1) ||
    (Array.isArray(value) && value.length > 0 && value.every((each) => isWhole(each, 1))),
  'Pass a number such as 8.',
)

/** A number of 0 or more. */
export const atLeastZero = taking<number>(
  'a number of at least 0',
  (value) => typeof value === 'number' && value >= 0,
  'Use a number such as 0.01.',
)

/** A number above 0. */
export const aboveZero = taking<number>(
  'a number above 0',
  (value) => typeof value === 'number' && value > 0,
  'Use a number such as 1.',
)

/** A share. */
export const share = taking<number>(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
  'Leave it out for the default.',
)

/** A share, or null for none. */
export const shareOrNone = taking<number | null>(
  'a number from 0 to 1, or null',
  (value) => value === null || (typeof value === 'number' && value >= 0 && value <= 1),
  'Leave it out for the default.',
)

/** PyTorch then changes its input. */
export const inplace = flag.or(false).unused('the input stays as it is')

/** 'mean', 'sum', or 'none' for the values before. */
export const reduction = oneOf('mean', 'sum', 'none').or('mean')

/** Two parameters of earlier versions, whose work `reduction` does. */
export const legacy = {
  /** Of earlier versions: use reduction. */
  sizeAverage: only(null as boolean | null, "Use reduction: 'mean', 'sum' or 'none'."),
  /** Of earlier versions: use reduction. */
  reduce: only(null as boolean | null, "Use reduction: 'mean', 'sum' or 'none'."),
}

/** Where parameters are made and what they hold: both are the lane's. */
export const placement = {
  /** All tensors are on the lane's backend. */
  device: device.or(null).unused("all tensors are on the lane's backend"),
  /** Parameters are float32. */
  dtype: taking<'float32'>('float32', (value) => value === 'float32', 'Leave it out.')
    .or(null)
    .unused('parameters are float32'),
}

/** Whose formulas are run. Not in PyTorch. */
export const formulation = oneOf('keras', 'torch').named.or('torch') satisfies Parameter<Formulation>

/** What a function returns is all there is: it has no tensor to write into. */
export const out = only(null as Tensor | null, 'Use what the function returns.')

/** Whatever PyTorch uses for speed, or to save memory, on its own backends. */
export const forSpeed = anything<unknown>().or(null).unused('results are the same')

function isWhole(value: unknown, least: number): boolean {
  return Number.isInteger(value) && Number(value) >= least
}

function isListOf(length: number, value: unknown, accepts: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === length && value.every(accepts)
}

/** Whether it can be gone through. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
