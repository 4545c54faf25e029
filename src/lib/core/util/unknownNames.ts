/** Objects that say what to write where a program asks for a name that they do not have. */
import { cutText } from './cutText'
import { descriptorsOf } from './descriptors'
import { ArgumentError } from './errors'
import { isSlip, nearestName } from './nearestName'
import { inCamelCase, knownName } from './spelling'

/** What languages and tools ask of any object. */
export const asked: ReadonlySet<string> = new Set([
  ...['then', 'default', 'inspect', 'nodeType', 'tagName', 'asymmetricMatch', 'toJSON', 'throwIfDisposed'],
])

/** tfjs asks whether an object has it to tell its own tensors. */
const probedFirst = 'data'

/** What tfjs asks for after it: refused where it is called. */
const probed = 'dataSync'

/** How the objects of one class answer. */
export interface Answers {
  /** What messages call such an object. */
  readonly called: string
  /** What to write instead of names that are known from elsewhere. */
  readonly instead: Readonly<Record<string, string>>
  /** What to write instead of assigning to names, `[0]` for positions; to all that are refused when left out. */
  readonly insteadOfSetting?: Readonly<Record<string, string>>
  /** Which other names are refused: all, or only slips of the pen, where programs add fields of their own. */
  readonly refused: 'all' | 'slips'
  /** Names that are for our own use. */
  readonly hidden?: readonly string[]
  /** What a position in brackets gives. */
  readonly at?: (object: object, position: number) => unknown
  /** Sets what is at a position. */
  readonly setAt?: (object: object, position: number, value: unknown) => void
}

const position = /^-?\d+$/

/**
 * Has all objects with this prototype answer so, by way of what JavaScript asks when nothing else knows a property: they pay
 * nothing for the properties that they have.
 */
export function answerUnknown(prototype: object, answers: Answers): void {
  const fallback = new Proxy(Object.create(Object.prototype) as object, {
    get(target, name, receiver: object): unknown {
      if (typeof name === 'symbol' || name in target) return Reflect.get(target, name, receiver)
      if (answers.at && position.test(name)) return answers.at(receiver, Number(name))
      const problem = readProblem(name, receiver, answers)
      if (name === probed) return () => throwAny(problem)
      throwAny(problem)
      return undefined
    },
    set(_, name, value: unknown, receiver: object): boolean {
      if (answers.setAt && typeof name === 'string' && position.test(name)) {
        answers.setAt(receiver, Number(name), value)
        return true
      }
      if (typeof name === 'string') throwAny(writeProblem(name, receiver, answers))
      return Reflect.defineProperty(receiver, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      })
    },
  })
  Object.setPrototypeOf(prototype, fallback)
}

function throwAny(problem: string | null): void {
  if (problem !== null) throw new ArgumentError(problem)
}

/** What is wrong with a name that the object does not have; null where the program may mean a field of its own. */
function readProblem(name: string, object: object, answers: Answers): string | null {
  const isAsked = (asked.has(name) || name === probedFirst) && !Object.hasOwn(answers.instead, name)
  if (isAsked || !/^[a-z]/i.test(name)) return null
  const known = knownProblem(name, object, answers)
  if (known !== null || answers.refused === 'slips') return known
  return `${expected(name, answers)} It has ${namesOf(object, answers).toSorted().join(', ')}.`
}

/** The same where the program sets it, which may give the object a field of that name. */
function writeProblem(name: string, object: object, answers: Answers): string | null {
  const { called, insteadOfSetting = {}, refused } = answers
  const key = position.test(name) ? '[0]' : name
  if (Object.hasOwn(insteadOfSetting, key)) {
    return `${called}: expected no assignment to ${cutText(name, 60)}, got one. ${insteadOfSetting[key] ?? ''}`
  }
  return refused === 'all' ? knownProblem(name, object, answers) : null
}

/** What to write, where it is known what a name means. */
function knownProblem(name: string, object: object, answers: Answers): string | null {
  const { called, instead, refused } = answers
  if (Object.hasOwn(instead, name)) return `${expected(name, answers)} ${instead[name] ?? ''}`
  if (name.endsWith('_') && name.slice(0, -1) in object) {
    return `${expected(name, answers)} Write x = x.${name.slice(0, -1)}(…).`
  }
  const renamed = inCamelCase(name)
  if (renamed !== name && renamed in object) {
    return `${called}.${cutText(name, 60)}: expected the name in JavaScript's spelling, got Python's. Write ${renamed}.`
  }
  const names = namesOf(object, answers)
  const meant =
    refused === 'all'
      ? nearestName(name, names)
      : (knownName(name, names) ?? names.find((known) => isSlip(name, known)))
  return meant === undefined ? null : `${expected(name, answers)} Write ${meant}.`
}

function expected(name: string, { called }: Answers): string {
  return `${called}: expected a name that it has, got ${cutText(name, 60)}.`
}

/** The names that an object has, its own and those of its class. */
function namesOf(object: object, { hidden = [] }: Answers): readonly string[] {
  return Array.from(descriptorsOf(object), ([name]) => name).filter(
    (name) => name !== 'constructor' && /^[a-z]/i.test(name) && !hidden.includes(name),
  )
}
