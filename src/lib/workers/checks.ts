/** Checks of what another worker sent: each says what it expected and what it got, or null where all is well. */
import { describeValue } from '../core/util/describeValue'
import { limits } from '../core/util/laneLimits'

/** Where a message is not what it has to be. */
export interface Problem {
  /** Such as `.report.console[3].text`. */
  readonly at: string
  readonly expected: string
  readonly got: string
}

/** Looks at every part of a value at most once. */
export type Check = (value: unknown) => Problem | null

const shownValue = 60

/** A check of the value alone, not of its parts. */
export function that(expected: string, isRight: (value: unknown) => boolean): Check {
  return (value) => (isRight(value) ? null : { at: '', expected, got: describeValue(value, shownValue) })
}

/** Any number. */
export const anyNumber = that('a number', (value) => typeof value === 'number')
/** A finite number. */
export const finiteNumber = that('a finite number', Number.isFinite)
/** A whole number of 0 or more. */
export const count = that(
  'a whole number of 0 or more',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
)
/** True or false. */
export const truth = that('true or false', (value) => typeof value === 'boolean')
/** null. */
export const nothing = that('null', (value) => value === null)

/** A string of at most so many characters. */
export function text(most: number): Check {
  return that(
    `a text of at most ${most} characters`,
    (value) => typeof value === 'string' && value.length <= most,
  )
}

/** One of a few values. */
export function oneOf(...values: readonly (string | number)[]): Check {
  return that(values.join(' or '), (value) => values.some((one) => one === value))
}

type TypedArrayClass = typeof Float32Array | typeof Float64Array | typeof Int32Array | typeof Uint8Array

/** A typed array of one of the classes, on memory that nobody else can change. */
export function numbers(...classes: readonly TypedArrayClass[]): Check {
  const names = classes.map(({ name }) => name).join(' or ')
  return that(`a ${names} of at most ${limits.numbers} numbers`, (value) =>
    classes.some(
      (one) => value instanceof one && value.buffer instanceof ArrayBuffer && value.length <= limits.numbers,
    ),
  )
}

/** May be left out. */
export function optional(check: Check): Check {
  return (value) => (value === undefined ? null : check(value))
}

/** The first check whose kind of value it is decides. */
export function either(isFirst: (value: unknown) => boolean, first: Check, second: Check): Check {
  return (value) => (isFirst(value) ? first(value) : second(value))
}

/** What a check takes, or null. */
export function orNull(check: Check): Check {
  return either((value) => value === null, nothing, check)
}

/** An array of at most `most` entries. */
export function list(check: Check, most: number): Check {
  const isList = that(
    `a list of at most ${most} entries`,
    (value) => Array.isArray(value) && value.length <= most,
  )
  return (value) => {
    const problem = isList(value)
    if (problem) return problem
    for (const [index, entry] of (value as readonly unknown[]).entries()) {
      const inside = check(entry)
      if (inside) return { ...inside, at: `[${index}]${inside.at}` }
    }
    return null
  }
}

/** An object with values of one kind under names of its own. */
export function record(check: Check, most: number): Check {
  const isRecord = that(
    `at most ${most} values by name`,
    (value) => isPlain(value) && Object.keys(value).length <= most,
  )
  return (value) => {
    const problem = isRecord(value)
    if (problem) return problem
    for (const [key, entry] of Object.entries(value as object)) {
      const inside = text(limits.name)(key) ?? check(entry)
      if (inside) return { ...inside, at: `.${describeValue(key, shownValue)}${inside.at}` }
    }
    return null
  }
}

/** A check for each field that the type has, none more. */
export type Fields<T> = { readonly [Key in keyof Required<T>]: Check }

/** An object with these fields and no others; `agree` then sees whether they fit together. */
export function fields<T extends object>(checks: Fields<T>, agree?: (value: T) => Problem | null): Check {
  const names = Object.keys(checks) as (keyof T & string)[]
  const isObject = that(`an object of ${names.join(', ')}`, isPlain)
  return (value) => {
    const problem = isObject(value)
    if (problem) return problem
    const object = value as T
    for (const name of names) {
      const inside = checks[name](object[name])
      if (inside) return { ...inside, at: `.${name}${inside.at}` }
    }
    const other = Object.keys(object).find((key) => !Object.hasOwn(checks, key))
    if (other !== undefined) {
      return {
        at: '',
        expected: `no fields except ${names.join(', ')}`,
        got: describeValue(other, shownValue),
      }
    }
    return agree?.(object) ?? null
  }
}

/** Checks an object once that stands in several places of a message. */
export function once(check: Check): Check {
  const right = new WeakSet<object>()
  return (value) => {
    if (typeof value === 'object' && value !== null && right.has(value)) return null
    const problem = check(value)
    if (!problem && typeof value === 'object' && value !== null) right.add(value)
    return problem
  }
}

/** Says that a length is not what the other fields make it. */
export function lengthOf(at: string, got: number, expected: number): Problem | null {
  return got === expected ? null : { at, expected: `${expected} numbers`, got: String(got) }
}

/** The object that structured cloning makes of a literal. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
