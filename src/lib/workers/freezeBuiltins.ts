/**
 * Makes the built-ins of this realm unchangeable, so that code which runs beside a program is called with what it asks for: a
 * patched `TypedArray.prototype.set` or event getter would be handed the objects it is called on.
 */

/**
 * Inherited properties that ordinary code assigns on its own objects, as in `error.name = …`. Below a frozen prototype such an
 * assignment throws, so these become accessors whose setter gives the object a property of its own.
 */
const assignable: readonly (readonly [holder: object, keys?: readonly string[]])[] = [
  [Object.prototype],
  ...[Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    ({ prototype }) => [prototype] as const,
  ),
  [Function.prototype, ['constructor', 'toString']],
  [Array.prototype, ['toString']],
]

/** Built-ins that no global leads to: only syntax does. */
function hiddenIntrinsics(): readonly unknown[] {
  return [
    async () => {
      await Promise.resolve()
    },
    function* () {},
    async function* () {},
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ''[Symbol.iterator](),
    ''.matchAll(/./g),
  ]
}

/** What is frozen. */
export interface FreezeOptions {
  /** Where the walk over properties, accessors and prototypes starts; what only syntax leads to is frozen too. */
  readonly roots: readonly unknown[]
  /** What stays as it is, with all that only it leads to. */
  readonly spared: ReadonlySet<unknown>
  /**
   * Also the constructor and the iterator of arrays, which slows them down: for a realm with something in it that a program must
   * not get hold of.
   */
  readonly isComplete: boolean
}

/** Makes the built-ins of this realm unchangeable. */
export function freezeBuiltins({ roots, spared, isComplete }: FreezeOptions): void {
  for (const [holder, keys] of assignable) {
    for (const key of keys ?? Object.getOwnPropertyNames(holder)) allowAssignment(holder, key)
  }
  for (const found of reachable([...roots, ...hiddenIntrinsics()], spared)) {
    if (isInheritedByElements(found)) lockProperties(found, isComplete)
    // The elements of a typed array cannot be frozen.
    else if (!ArrayBuffer.isView(found)) Object.freeze(found)
  }
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object

/** Whether objects with elements inherit from it: engines store elements much more slowly below a frozen prototype. */
function isInheritedByElements(object: object): boolean {
  const holders: readonly unknown[] = [Object.prototype, Array.prototype, typedArray]
  return holders.includes(object) || Object.getPrototypeOf(object) === typedArray
}

/** Read-only properties that cannot be redefined: what freezing does, by a way that keeps elements fast. */
function lockProperties(holder: object, isComplete: boolean): void {
  if (isComplete && holder === Array.prototype) {
    Object.freeze(holder)
    return
  }
  const locked: PropertyDescriptorMap = {}
  for (const key of Reflect.ownKeys(holder)) {
    const property = Reflect.getOwnPropertyDescriptor(holder, key)
    // To touch these two makes every `map`, `slice` and spread of an array slow.
    const isAssumed = holder === Array.prototype && (key === 'constructor' || key === Symbol.iterator)
    if (!property || isAssumed) continue
    const isAccessor = property.get !== undefined || property.set !== undefined
    Reflect.set(locked, key, { ...property, configurable: false, ...(isAccessor ? {} : { writable: false }) })
  }
  Object.defineProperties(holder, locked)
  Object.preventExtensions(holder)
  // What is a prototype is stored as one: redefining properties undid that.
  Object.create(holder)
}

/**
 * Keeps the classes that `modules` give, and those they extend, what they are: with another parent put under it, a class would hand
 * over what its constructor is given. Their methods can still be replaced.
 */
export function fixClasses(modules: Readonly<Record<string, object>>): void {
  const given: readonly object[] = Object.values(modules)
  const groups = [
    ...given,
    ...given.flatMap((module) => (Object.values(module) as unknown[]).filter(isPlain)),
  ]
  const members = groups.flatMap((group) => Object.values(group) as unknown[])
  for (const member of members) {
    if (typeof member !== 'function') continue
    for (const part of [member, member.prototype as unknown])
      for (const link of chainOf(part)) Object.preventExtensions(link)
  }
}

function isPlain(value: unknown): value is object {
  if (!isObject(value) || typeof value === 'function') return false
  const parent: unknown = Object.getPrototypeOf(value)
  return parent === Object.prototype || parent === null
}

/** An object and all that it inherits from. */
function chainOf(start: unknown): readonly object[] {
  return isObject(start) ? [start, ...chainOf(Object.getPrototypeOf(start))] : []
}

function reachable(roots: readonly unknown[], spared: ReadonlySet<unknown>): ReadonlySet<object> {
  const seen = new Set<object>()
  const waiting = [...roots]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isObject(next) || seen.has(next) || spared.has(next)) continue
    seen.add(next)
    waiting.push(Object.getPrototypeOf(next))
    for (const key of Reflect.ownKeys(next)) {
      const property = Reflect.getOwnPropertyDescriptor(next, key)
      waiting.push(property?.value, property?.get, property?.set)
    }
  }
  return seen
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function allowAssignment(holder: object, key: string): void {
  const property = Object.getOwnPropertyDescriptor(holder, key)
  // An accessor already says what an assignment means.
  if (property?.value === undefined || !property.configurable) return
  const inherited: unknown = property.value
  Object.defineProperty(holder, key, {
    get: () => inherited,
    set(this: object, own: unknown) {
      if (this === holder) throw new TypeError(`Cannot assign to read only property '${key}' of a built-in.`)
      Object.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true })
    },
    enumerable: property.enumerable ?? false,
    configurable: false,
  })
}
