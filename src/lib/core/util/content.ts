/** What a value held at some time, to be compared with what it holds later. */
import { isPlainObject } from './plainObject'

/** Containers are compared by what is in them, everything else by which it is. */
export interface Content {
  /** Of a typed array a copy. */
  readonly value: unknown
  /** Keys and contents of a container. */
  readonly entries?: readonly (readonly [key: unknown, content: Content])[]
}

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array

/** Containers deeper than this in others are compared by which they are. */
const mostDepth = 20

/** Remembers what a value holds now: of arrays, plain objects, maps, sets and typed arrays all of it. */
export function contentOf(value: unknown, depth = 0): Content {
  if (isNumbers(value)) return { value: value.slice() }
  const entries = depth < mostDepth ? entriesOf(value) : null
  if (!entries) return { value }
  return { value, entries: entries.map(([key, each]) => [key, contentOf(each, depth + 1)]) }
}

/** Whether it is a list, a map, a set or a typed array, whose entries may change. */
export function isBuiltIn(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)
}

/** Whether a function that is handed the value may read of it what is in it. */
export function isContainer(value: unknown): boolean {
  return isBuiltIn(value) || isPlainObject(value)
}

/** The fields of an object that are numbers, texts or containers. */
export function fieldsOf(object: object): Readonly<Record<string, unknown>> {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(object)).map(([name, field]) => {
    return [name, field.value as unknown] as const
  })
  return Object.fromEntries(fields.filter(([, field]) => typeof field !== 'object' || isContainer(field)))
}

/** Whether it is that of no container: what has it is the value itself. */
export function isSimple({ value, entries }: Content): boolean {
  return !entries && !isNumbers(value)
}

/** Whether a value holds what another one held. */
export function hasContent(value: unknown, { value: before, entries }: Content): boolean {
  if (isNumbers(before)) return isNumbers(value) && areEqual(value, before)
  if (!entries) return Object.is(value, before)
  const now = entriesOf(value)
  if (now?.length !== entries.length) return false
  return entries.every(([key, each], index) => {
    const [keyNow, valueNow] = now[index] ?? []
    return Object.is(key, keyNow) && hasContent(valueNow, each)
  })
}

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

function areEqual(now: Numbers, before: Numbers): boolean {
  if (now.length !== before.length) return false
  for (let index = 0; index < now.length; index++) if (!Object.is(now[index], before[index])) return false
  return true
}

/** Null for what is no container. Getters are not called. */
function entriesOf(value: unknown): readonly (readonly [key: unknown, value: unknown])[] | null {
  if (Array.isArray(value)) return value.map((each: unknown, index) => [index, each] as const)
  if (value instanceof Map || value instanceof Set) return [...value.entries()]
  if (!isPlainObject(value)) return null
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value))
  return descriptors.flatMap(([key, property]) =>
    'value' in property ? [[key, property.value as unknown] as const] : [],
  )
}
