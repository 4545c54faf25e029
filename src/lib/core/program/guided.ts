/** Our modules as programs get them: wrong names, and classes without `new`, are answered by what to write. */
import { cutText } from '../util/cutText'
import { ArgumentError } from '../util/errors'
import { nearestName } from '../util/nearestName'
import { asked } from '../util/unknownNames'

type Group = Readonly<Record<string, unknown>>

/** The same module, with groups such as `layers` that know their names, and classes that ask for `new`. */
export function guided(module: object): Group {
  return Object.fromEntries(Object.entries(module).map(([name, value]) => [name, guidedValue(name, value)]))
}

/** A group under its own name that throws ArgumentError for names that it does not have. */
export function guidedGroup(path: string, group: object): Group {
  return asking(path, Object.fromEntries(membersOf(path, group)))
}

function membersOf(path: string, group: object): [string, unknown][] {
  return Object.entries(group).map(([name, value]) => [name, guidedValue(`${path}.${name}`, value)])
}

function guidedValue(path: string, value: unknown): unknown {
  if (isClass(value)) return asksForNew(path, value)
  return isGroup(value) ? guidedGroup(path, value) : value
}

function asking(path: string, members: Group): Group {
  return new Proxy(members, {
    get(target, name, receiver): unknown {
      if (typeof name === 'symbol' || name in target || asked.has(name) || !/^[a-z]/i.test(name))
        return Reflect.get(target, name, receiver)
      throw unknownMember(path, target, name)
    },
  })
}

function unknownMember(path: string, members: Group, name: string): ArgumentError {
  const names = Object.keys(members)
  const meant = nearestName(name, names)
  const fix =
    meant === undefined
      ? `It has ${names.join(', ')}.`
      : isClass(members[meant])
        ? `Write new ${path}.${meant}(…).`
        : `Write ${path}.${meant}.`
  return new ArgumentError(`${path}: expected a name that it has, got ${cutText(name, 60)}. ${fix}`)
}

function asksForNew<T extends object>(path: string, made: T): T {
  return new Proxy(made, {
    apply() {
      throw new ArgumentError(`${path}: expected new before it, got a call. Write new ${path}(…).`)
    },
  })
}

/** Classes are the functions whose prototype cannot be replaced. */
function isClass(value: unknown): value is object {
  return (
    typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  )
}

/** An object or module of functions and of other groups. */
function isGroup(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return false
  const members = Object.values(value)
  return members.length > 0 && members.every((each) => typeof each === 'function' || isGroup(each))
}
