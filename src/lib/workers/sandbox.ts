/** Seals a lane's worker before its program is read: what it has no business with is gone, and built-ins cannot be changed. */
import { fixClasses, freezeBuiltins } from './freezeBuiltins'
import { isKeptGlobal, isKeptOfNavigator, isLibraryGlobal } from './platform'

/**
 * Takes away all that the lists in `platform.ts` do not keep, and freezes the rest. For good: engines, their threads and what
 * the harness calls have to be there by now. `hasThreads` says that they are in this realm, where a program must not reach
 * them; `modules` are those that it imports. Throws if something cannot be removed.
 */
export function sealWorker(hasThreads: boolean, modules: Readonly<Record<string, object>> = {}): void {
  fixClasses(modules)
  const removed = removeGlobals()
  for (const name of propertyNames(navigator)) if (!isKeptOfNavigator(name)) remove(navigator, name)
  // An instance that turns up somewhere must not lead back to what makes others.
  for (const { prototype } of removed.filter(isInterface)) Reflect.deleteProperty(prototype, 'constructor')
  const kept = propertyNames(globalThis).filter(isKeptGlobal)
  const values = kept.map((name) => Reflect.get(globalThis, name) as unknown)
  freezeBuiltins({
    roots: [...values, ...prototypesOf(globalThis), ...removed],
    spared: new Set<unknown>([globalThis, console]),
    isComplete: hasThreads,
  })
  for (const name of kept) fixGlobal(name)
}

/** Gives back the interfaces and functions that are gone. */
function removeGlobals(): readonly unknown[] {
  const ofEveryTarget = new Set(Object.getOwnPropertyNames(EventTarget.prototype))
  const names = propertyNames(globalThis).filter(
    (name) => !isKeptGlobal(name) && !isLibraryGlobal(name) && !ofEveryTarget.has(name),
  )
  return names.flatMap((name) => remove(globalThis, name))
}

function isInterface(value: unknown): value is { readonly prototype: object } {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null
}

/** Names of all properties that are the object's own or of its interfaces, except those that every object has. */
function propertyNames(object: object): readonly string[] {
  const names = [object, ...prototypesOf(object)].flatMap((holder) => Object.getOwnPropertyNames(holder))
  return [...new Set(names)]
}

function prototypesOf(object: object): readonly object[] {
  const parent = Object.getPrototypeOf(object) as object | null
  return parent === null || parent === Object.prototype ? [] : [parent, ...prototypesOf(parent)]
}

/** Removes a property from the object and its interfaces; gives back its values, unless they have to be computed. */
function remove(object: object, name: string): readonly unknown[] {
  return [object, ...prototypesOf(object)].flatMap((holder) => {
    const property = Object.getOwnPropertyDescriptor(holder, name)
    // Constants cannot be removed, and need not be.
    if (!property || typeof property.value === 'number') return []
    if (!Reflect.deleteProperty(holder, name)) {
      throw new Error(`internal: '${name}' cannot be removed from the worker`)
    }
    return [property.value as unknown]
  })
}

/** The harness finds under the name what it found there before. */
function fixGlobal(name: string): void {
  const { configurable = true } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {}
  if (!configurable) return
  const value: unknown = Reflect.get(globalThis, name)
  Object.defineProperty(globalThis, name, { value, writable: false, configurable: false })
}
