/** Words for names that an object of ours does not have: in Python's spelling, mistyped, or of another library. */
import { ArgumentError } from '../util/errors'
import { nearestName } from '../util/nearestName'
import { inCamelCase, knownName } from '../util/spelling'

/** How names are answered that objects of a class do not have. */
export interface Answering {
  /** Begins messages, such as 'tensor'. */
  readonly where: string
  /**
   * `all`: no such name is read; `near`: none that is nearly one of theirs, since programs may add fields; `python`: none
   * that is one of theirs in Python's spelling.
   */
  readonly refuses: 'all' | 'near' | 'python'
  /** What to write instead of names that nearness does not find. */
  readonly advice?: (name: string, receiver: object) => string | undefined
  /** What else there is, such as positions; undefined for nothing. */
  readonly other?: (name: string, receiver: object) => unknown
}

/** What languages and tools ask of any object. */
const asked = new Set(['then', 'toJSON', 'inspect', 'nodeType', 'asymmetricMatch', 'prototype', 'message'])

/**
 * Has the objects of a class answer for names that they do not have, by way of what JavaScript asks when nothing else knows a
 * property: they pay nothing for those that they have.
 */
export function answerWrongNames(prototype: object, answering: Answering): void {
  const parent = Object.getPrototypeOf(prototype) as object | null
  const fallback = new Proxy(Object.create(parent) as object, {
    get(target, name, receiver: object): unknown {
      if (typeof name === 'symbol' || Reflect.has(target, name)) return Reflect.get(target, name, receiver)
      const found = answering.other?.(name, receiver)
      if (found !== undefined || asked.has(name) || !/^[a-z]/i.test(name)) return found
      refuse(answering, name, receiver, answering.refuses)
      return undefined
    },
    set(target, name, value, receiver: object): boolean {
      if (typeof name === 'string' && !Reflect.has(target, name)) {
        refuse(answering, name, receiver, answering.refuses === 'python' ? 'python' : 'set')
      }
      return Reflect.set(target, name, value, receiver)
    },
  })
  Object.setPrototypeOf(prototype, fallback)
}

function refuse(
  { where, advice }: Answering,
  name: string,
  receiver: object,
  which: Answering['refuses'] | 'set',
): void {
  const camel = inCamelCase(name)
  if (camel !== name && camel in receiver) {
    throw new ArgumentError(
      `${where}.${name}: expected the name in JavaScript's spelling, got Python's. Write ${camel}.`,
    )
  }
  if (which === 'python') return
  const own = advice?.(name, receiver)
  const nearest = which === 'set' ? knownName : nearestName
  const near = own === undefined ? nearest(name, namesOf(receiver)) : undefined
  const fix = own ?? (near === undefined ? undefined : `Write ${near}.`)
  if (fix === undefined && which !== 'all') return
  throw new ArgumentError(
    `${where}: expected a name that it has, got ${name}. ${fix ?? 'The editor lists them after the point.'}`,
  )
}

/** What an object has, of its own and of its classes. */
function namesOf(object: object): string[] {
  const names = new Set<string>()
  for (let each: object | null = object; each && each !== Object.prototype;) {
    for (const name of Object.getOwnPropertyNames(each)) if (name !== 'constructor') names.add(name)
    each = Object.getPrototypeOf(each) as object | null
  }
  return [...names]
}
