/** Methods that a class of the program writes: one that is spelt in another way would never be called, without a word. */
import { ArgumentError } from '../util/errors'
import { nearestName } from '../util/nearestName'
import { knownName } from '../util/spelling'

/** What is called of such a class. */
export interface Called {
  /** The base class, from which on names are ours. */
  readonly base: abstract new (...given: never[]) => object
  readonly names: readonly string[]
  /** Names that Keras calls and we do not, and what to do instead. */
  readonly absent?: Readonly<Record<string, string>>
}

/** Names that only a method of an event has: onEpochEnd, on_epoch_end. */
const event = /^on(?:[A-Z]|_)/

/** Throws ArgumentError for a method of the object that is nearly one of those that are called. */
export function assertOverrides(object: object, called: Called): void {
  const where = object.constructor.name
  for (const { name, isField } of methodsOf(object, called.base)) {
    if (called.names.includes(name)) continue
    // Functions in fields are the program's own business, unless they have the name of a method.
    const isNear = event.test(name) && !isField
    const meant = isNear ? nearEvent(name, called.names) : knownName(name, called.names)
    if (meant !== undefined) {
      throw new ArgumentError(`${where}: expected the method ${meant}, got ${name}. Write ${meant}(…).`)
    }
    assertCalled(where, name, called)
  }
}

function assertCalled(where: string, name: string, { names, absent = {} }: Called): void {
  const unknown = knownName(name, Object.keys(absent))
  if (unknown === undefined) return
  throw new ArgumentError(
    `${where}: expected methods ${names.join(', ')}, got ${name}, which nothing calls here. ${absent[unknown]}`,
  )
}

/** A name with much less in it, such as onBatch, is the program's own. */
function nearEvent(name: string, names: readonly string[]): string | undefined {
  const near = nearestName(name, names)
  return near !== undefined && Math.abs(near.length - name.length) <= 2 ? near : undefined
}

/** The methods of the object and of its classes below the base. */
function methodsOf(object: object, { prototype }: Called['base']): { name: string; isField: boolean }[] {
  const methods: { name: string; isField: boolean }[] = []
  for (let owner = object; owner !== prototype; owner = Object.getPrototypeOf(owner) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (name !== 'constructor' && typeof value === 'function')
        methods.push({ name, isField: owner === object })
    }
  }
  return methods
}
