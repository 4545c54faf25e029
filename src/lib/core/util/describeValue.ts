/** Any value of a program as short text. Calls no getters, ends in cycles, and does bounded work. */
import { cutText } from './cutText'
import { TandemError } from './errors'

const mostEntries = 100
const deepest = 4
const separator = ', '
/** What a value is whose getters or traps throw. */
export const unreadable = '[an object that cannot be read]'
/** Room for the ends of objects, which say how much is left out. */
const roomForEnds = 40

/** What is left to write, and the objects around the one that is written. */
interface Description {
  charactersLeft: number
  readonly around: object[]
}

/** Text of at most `limit` characters; a string stands for itself. Throws a TandemError of the value's own `toString`. */
export function describeValue(value: unknown, limit: number): string {
  if (typeof value === 'string') return cutText(value, limit)
  return cutText(describe(value, { charactersLeft: Math.max(1, limit - roomForEnds), around: [] }), limit)
}

/** What `read` gives of a program's object; `otherwise` where that throws, as a getter or a proxy may. */
export function readSafely<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** Whether the value is of the class; false for an object that cannot be asked. */
export function isInstance<T>(value: unknown, ofClass: { readonly prototype: T }): value is T {
  return readSafely(() => value instanceof (ofClass as unknown as abstract new () => unknown), false)
}

/** Whether the value is an Error; false for an object that cannot be asked. */
export function isError(value: unknown): value is Error {
  return isInstance(value, Error)
}

function describe(value: unknown, description: Description): string {
  if (description.charactersLeft <= 0) return '…'
  const before = description.charactersLeft
  const text = textOf(value, description)
  // What an object holds was counted already.
  description.charactersLeft = Math.min(description.charactersLeft, before - text.length - separator.length)
  return text
}

function textOf(value: unknown, description: Description): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(cutText(value, Math.max(0, description.charactersLeft)))
    case 'bigint':
      return describeBigInt(value)
    case 'function':
      return describeFunction(value)
    case 'object':
      return value === null ? 'null' : describeObject(value, description)
    default:
      return Object.is(value, -0) ? '-0' : String(value)
  }
}

/** Writing a number of a million digits takes seconds. */
function describeBigInt(value: bigint): string {
  const largest = 2n ** 1024n
  return value > -largest && value < largest ? `${value}n` : 'BigInt of more than 300 digits'
}

function describeFunction(value: object): string {
  const name = readSafely(() => ownValue(value, 'name'), '')
  const isClass = readSafely(() => /^class\b/.test(Function.prototype.toString.call(value)), false)
  const label = typeof name === 'string' && name !== '' ? cutText(name, 100) : '(anonymous)'
  return `${isClass ? 'class' : 'function'} ${label}`
}

function describeObject(value: object, description: Description): string {
  if (description.around.includes(value)) return '[circular]'
  if (description.around.length >= deepest)
    return readSafely(() => Array.isArray(value), false) ? '[…]' : '{…}'
  description.around.push(value)
  try {
    return describeReadable(value, description)
  } catch (error) {
    if (isInstance(error, TandemError)) throw error
    return unreadable
  } finally {
    description.around.pop()
  }
}

function describeReadable(value: object, description: Description): string {
  if (isError(value)) return describeError(value)
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return describeArray(value, description)
  if (Array.isArray(value)) return describeArray(value, description)
  if (value instanceof Map || value instanceof Set) return describeCollection(value, description)
  if (value instanceof Promise) return 'a promise (await gives its value)'
  // Tensors and the like say best themselves what they are.
  return ownText(value) ?? describeEntries(value, description)
}

/** `TypeError: x is not a function`. */
function describeError(error: Error): string {
  const [name, message] = [error.name, error.message].map((part: unknown) =>
    typeof part === 'string' ? part : '',
  )
  return [name === '' ? 'Error' : name, message].filter((part) => part !== '').join(': ')
}

function describeArray(value: object, description: Description): string {
  const array = value as ArrayLike<unknown>
  const label = Array.isArray(value) ? '' : `${className(value)}(${array.length}) `
  const first = Math.min(array.length, mostEntries)
  const parts: string[] = []
  for (let index = 0; index < first && description.charactersLeft > 0; index++) {
    parts.push(index in array ? describe(array[index], description) : 'empty')
  }
  return `${label}[${withRest(parts, array.length)}]`
}

function describeCollection(
  value: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>,
  description: Description,
): string {
  const parts: string[] = []
  for (const entry of value instanceof Map ? value.entries() : value.values()) {
    if (parts.length >= mostEntries || description.charactersLeft <= 0) break
    const pair = value instanceof Map ? (entry as readonly [unknown, unknown]) : [entry]
    parts.push(pair.map((one) => describe(one, description)).join(' => '))
  }
  return `${className(value)}(${value.size}) {${withRest(parts, value.size)}}`
}

function describeEntries(value: object, description: Description): string {
  const keys = Object.keys(value)
  const parts: string[] = []
  for (const key of keys.slice(0, mostEntries)) {
    if (description.charactersLeft <= 0) break
    const property = Object.getOwnPropertyDescriptor(value, key)
    const isRead = property !== undefined && 'value' in property
    parts.push(`${cutText(key, 100)}: ${isRead ? describe(property.value, description) : '[getter]'}`)
  }
  const name = className(value)
  const label = name === 'Object' || name === '' ? '' : `${name} `
  return `${label}{${withRest(parts, keys.length)}}`
}

/** What an object's own or its class' `toString` says; null where it has only the language's. */
function ownText(value: object): string | null {
  const method: unknown = Reflect.get(value, 'toString')
  if (typeof method !== 'function' || method === Object.prototype.toString) return null
  const text: unknown = Reflect.apply(method, value, [])
  return typeof text === 'string' ? text : null
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype !== 'object' || prototype === null) return ''
  const maker = ownValue(prototype, 'constructor')
  const name = typeof maker === 'function' ? ownValue(maker, 'name') : ''
  return typeof name === 'string' ? cutText(name, 100) : ''
}

function ownValue(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}

function withRest(parts: readonly string[], count: number): string {
  const left = count - parts.length
  return [...parts, ...(left > 0 ? [`… ${left} more`] : [])].join(separator)
}
