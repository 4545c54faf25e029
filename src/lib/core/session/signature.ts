/** Signatures: what tells two calls of a compiled function apart. */
import type { TensorType } from '../graph/types'
import { cutText } from '../util/cutText'
import { ArgumentError } from '../util/errors'
import { limits } from '../util/laneLimits'

/**
 * `float32[32, 2], float32[32, 1]`, then the arguments that are no tensors: numbers, texts, arrays and plain objects by
 * what they hold, other objects and functions by which they are.
 */
export function signatureOf(types: readonly TensorType[], others: readonly unknown[] = []): string {
  const tensors = types.map(({ dtype, shape }) => `${dtype}[${shape.join(', ')}]`)
  const signature = [...tensors, ...others.map(describe)].join(', ')
  if (signature.length <= limits.signature) return signature
  throw new ArgumentError(
    `compile: expected arguments that take at most ${limits.signature} characters to tell apart, got ${signature.length}. ` +
      'Pass long lists as tensors.',
  )
}

/** Whether it is an object such as `{ x, y }`, made of its entries alone. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
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
