/** Signatures: what tells two calls of a compiled function apart. */
import type { TensorType } from '../graph/types'
import { cutText } from '../util/cutText'
import { ArgumentError } from '../util/errors'
import { limits } from '../util/laneLimits'
import { isPlainObject } from '../util/plainObject'
import type { Difference } from '../util/retrace'

/** Of a call: the types of its tensors, and its other arguments as texts. */
export interface CallKind {
  readonly types: readonly TensorType[]
  readonly others: readonly string[]
}

/** What is passed beside the arguments where no gradients are recorded. */
export const withoutGradients = 'noGrad'

/**
 * The kind of a call. Arguments that are no tensors: numbers, texts, arrays and plain objects by what they hold, other
 * objects and functions by which they are.
 */
export function kindOf(types: readonly TensorType[], others: readonly unknown[] = []): CallKind {
  return { types: types.map(({ dtype, shape }) => ({ dtype, shape })), others: others.map(describe) }
}

/** `float32[32, 2], float32[32, 1]`, then the arguments that are no tensors. */
export function signatureOf({ types, others }: CallKind): string {
  const signature = [...types.map(typeText), ...others].join(', ')
  if (signature.length <= limits.signature) return signature
  throw new ArgumentError(
    `compile: expected arguments that take at most ${limits.signature} characters to tell apart, got ${signature.length}. ` +
      'Pass long lists as tensors.',
  )
}

/** What tells a call from an earlier one, as far as its arguments do. */
export function differencesOf(was: CallKind, now: CallKind): Difference[] {
  const tensors = indices(was.types, now.types).flatMap((index): Difference[] => {
    const [before, after] = [was.types[index], now.types[index]]
    const [from, to] = [before ? typeText(before) : 'nothing', after ? typeText(after) : 'nothing']
    const kind = before?.dtype === after?.dtype ? 'shape' : 'dtype'
    return from === to ? [] : [{ kind, name: `tensor ${index + 1}`, line: 0, was: from, now: to }]
  })
  const others = indices(was.others, now.others).flatMap((index): Difference[] => {
    const [before = 'nothing', after = 'nothing'] = [was.others[index], now.others[index]]
    const gradients = JSON.stringify(withoutGradients)
    if (before === after) return []
    if (before === gradients || after === gradients) {
      const isOff = after === gradients
      const [from, to] = isOff ? ['recorded', 'off'] : ['off', 'recorded']
      return [{ kind: 'argument', name: 'gradients', line: 0, was: from, now: to }]
    }
    const texts = { was: cutText(before, limits.name), now: cutText(after, limits.name) }
    return [{ kind: 'argument', name: `argument ${index + 1}`, line: 0, ...texts }]
  })
  return [...tensors, ...others]
}

function indices(one: readonly unknown[], other: readonly unknown[]): number[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index)
}

function typeText({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(', ')}]`
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`
  if (isPlainObject(value)) {
    const entries = Object.entries(value).map(([key, entry]) => `${key}: ${describe(entry)}`)
    return `{${entries.join(', ')}}`
  }
  if (typeof value === 'function') return `${value.name || 'function'}#${numberOf(value)}`
  if (typeof value === 'object' && value !== null) return `${classOf(value)}#${numberOf(value)}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  return Object.is(value, -0) ? '-0' : String(value)
}

/** Of an object without a prototype too. */
function classOf(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown }
  return typeof constructor === 'function' ? cutText(constructor.name, limits.name) : 'object'
}

const numbers = new WeakMap<object, number>()
let numbered = 0

/** A number of the object's own. */
function numberOf(object: object): number {
  const number = numbers.get(object) ?? ++numbered
  numbers.set(object, number)
  return number
}
