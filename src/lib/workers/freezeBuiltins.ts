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
    async () => undefined,
    function* () {},
    async function* () {},
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ''[Symbol.iterator](),
    ''.matchAll(/./g),
  ]
}

/** Freezes what `roots` and syntax lead to, by properties, accessors and prototypes, but for `spared`. */
export function freezeBuiltins(roots: readonly unknown[], spared: ReadonlySet<unknown>): void {
  for (const [holder, keys] of assignable) {
    for (const key of keys ?? Object.getOwnPropertyNames(holder)) allowAssignment(holder, key)
  }
  for (const found of reachable([...roots, ...hiddenIntrinsics()], spared)) {
    // The elements of a typed array cannot be frozen.
    if (!ArrayBuffer.isView(found)) Object.freeze(found)
  }
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
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(next, key) ?? {}
      waiting.push(value, get, set)
    }
  }
  return seen
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function allowAssignment(holder: object, key: string): void {
  const { value, enumerable, configurable } = Object.getOwnPropertyDescriptor(holder, key) ?? {}
  // An accessor already says what an assignment means.
  if (value === undefined || !configurable) return
  Object.defineProperty(holder, key, {
    get: () => value as unknown,
    set(this: object, own: unknown) {
      if (this === holder) throw new TypeError(`Cannot assign to read only property '${key}' of a built-in.`)
      Object.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true })
    },
    enumerable: enumerable ?? false,
    configurable: false,
  })
}
