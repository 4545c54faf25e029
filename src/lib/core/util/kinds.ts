/** The kinds of values that parameters of both styles take. */
import { Parameter, type Kind } from './parameters'

/**
 * A parameter that takes what `accepts` says; `expected` completes "expected x to be …". `advice` is what to do instead of giving
 * another value.
 */
export function taking<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  advice?: string,
): Parameter<T> {
  return new Parameter<T>({ kind: { expected, accepts: accepts as Kind<T>['accepts'], advice } })
}

/**
 * A parameter that takes its default alone, or what means the `same`, one for all or as a list: `advice` says what there is
 * instead of other values.
 */
export function only<T>(value: T, advice: string, ...same: readonly unknown[]): Parameter<T> {
  const isValue = (given: unknown) =>
    Array.isArray(given) ? given.length > 0 && given.every(isValue) : given === value || same.includes(given)
  return taking<T>(value === null ? 'left out' : String(value), isValue, advice).or(value as never)
}

/** Any number, NaN and the infinities included. */
export const number = taking<number>('a number', (value) => typeof value === 'number')

/** A whole number, negative ones included. */
export const integer = taking<number>('a whole number', Number.isInteger)

/** True or false. */
export const flag = taking<boolean>('true or false', (value) => typeof value === 'boolean')

/** A text. */
export const text = taking<string>('a text', (value) => typeof value === 'string')

/** A function. */
export function callable<F extends (...given: never[]) => unknown>(): Parameter<F> {
  return taking<F>('a function', (value) => typeof value === 'function')
}

/** An object literal. */
export function dictionary<T extends object>(expected = 'an object'): Parameter<T> {
  return taking<T>(expected, (value) => typeof value === 'object' && value !== null && !Array.isArray(value))
}

/** One of a few texts. */
export function oneOf<const T extends readonly string[]>(...texts: T): Parameter<T[number]> {
  const list = texts.map((each) => `'${each}'`)
  const expected = [list.slice(0, -1).join(', '), list.at(-1)].filter((part) => part !== '').join(' or ')
  return taking<T[number]>(expected, (value) => typeof value === 'string' && texts.includes(value))
}

/** Whole numbers, one or a list. */
export const integers = taking<number | readonly number[]>(
  'a whole number or a list of them',
  (value) => Number.isInteger(value) || isIntegerList(value),
)

/** A list of whole numbers. */
export const integerList = taking<readonly number[]>('a list of whole numbers', isIntegerList)

/** A list of numbers. */
export const numberList = taking<readonly number[]>(
  'a list of numbers',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'number'),
)

/** Whatever is given; the function itself says what it cannot use. */
export function anything<T>(expected = 'a value'): Parameter<T> {
  return taking<T>(expected, () => true)
}

function isIntegerList(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isInteger)
}
