/** The kinds of values that only Keras' parameters take. */
import { only, oneOf, taking } from '../util/kinds'
import type { Parameter } from '../util/parameters'
import { knownName } from '../util/spelling'
import type { ArrayData } from './arrays'
import { isTensorLike, type TensorLike } from './tensorLike'

/** A number of units, steps, examples. */
export const count = taking<number>('a positive whole number', isCount)

/** 0 or more. */
export const notNegative = taking<number>(
  'a number of at least 0',
  (value) => typeof value === 'number' && value >= 0,
)

/** Above 0. */
export const positive = taking<number>('a number above 0', (value) => typeof value === 'number' && value > 0)

/** From 0 to 1. */
export const share = taking<number>(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
)

/** Positive whole numbers for both axes of an image, or one for both. */
export type Pair = number | readonly [height: number, width: number]

/** One positive whole number for both axes of an image, or two. */
export const pair = taking<Pair>(
  'a positive whole number or a list of two',
  (value) => isCount(value) || (Array.isArray(value) && value.length === 2 && value.every(isCount)),
)

/** One positive whole number; a list of one is Keras' other way to write it. */
export const single = taking<number | readonly [number]>(
  'a positive whole number',
  (value) => isCount(value) || (Array.isArray(value) && value.length === 1 && value.every(isCount)),
)

/** One of a few texts, in either spelling: `'channels_last'` is `'channelsLast'`. */
export function spelt<const T extends readonly string[]>(...texts: T): Parameter<T[number]> {
  const { expected } = oneOf(...texts).facts.kind
  return taking<T[number]>(expected, (value) => knownName(value, texts) !== undefined)
}

/** `dtype` where values are float32. */
export const float32Only = only<string | null>(
  null,
  'Leave it out: everything is computed in float32.',
  'float32',
)

/** The order of axes in images and sequences. */
export const channelsLast = only<string | null>(
  null,
  'Leave it out: channels are last here.',
  'channelsLast',
  'channels_last',
)

/** A tensor, a variable, an array or numbers. */
export const tensor = taking<TensorLike>('a tensor, a variable, an array or numbers', isTensorLike)

/** A list of tensors. */
export const tensorList = taking<readonly TensorLike[]>(
  'a list of tensors',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isTensorLike),
)

/** A type of values. */
export const dtype = oneOf('float32', 'int32', 'bool')

/** Sizes of axes, null for an open one. */
export const openShape = taking<readonly (number | null)[]>(
  'a list of whole numbers, null for an open size',
  (value) => Array.isArray(value) && value.every((size) => size === null || Number.isInteger(size)),
)

/** A list; the function itself says what it cannot use in it. */
export function list<T extends readonly unknown[]>(expected: string): Parameter<T> {
  return taking<T>(expected, Array.isArray)
}

/** Numbers for examples or weights: an array, or lists of numbers. */
export const arrayData = taking<ArrayData>(
  'an array or lists of numbers',
  (value) => isTensorLike(value) && !hasMethod(value, 'dataSync'),
)

/** How much is printed: 0 for nothing. */
export const verbosity = taking<number | boolean | 'auto'>(
  "0, 1, 2 or 'auto'",
  (value) => value === 'auto' || typeof value === 'boolean' || [0, 1, 2].includes(value as number),
)

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0
}

/** Whether a value is an object with a method of that name. */
export function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}
