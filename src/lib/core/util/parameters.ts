/**
 * The parameters of functions, stated once: names in the framework's order, what values they take, their defaults. One reader
 * takes arguments by position, by name in one object at the end, or first one and then the other, and refuses all others.
 */
import { describeValue } from './describeValue'
import { ArgumentError } from './errors'
import { isPlainObject } from './plainObject'
import { knownName } from './spelling'
import { nearestName } from './nearestName'

/** What values a parameter takes. */
export interface Kind<T> {
  /** Completes "expected x to be …". */
  readonly expected: string
  readonly accepts: (value: unknown) => value is T
  /** What to do instead of giving what is refused, in a sentence; "Correct x." when left out. */
  readonly advice?: string | undefined
}

interface Facts {
  readonly kind: Kind<unknown>
  /** Absent where an argument must be given. */
  readonly fallback?: { readonly value: unknown }
  readonly isNamed?: boolean
  readonly isGathered?: boolean
  readonly aliases?: readonly string[]
  readonly unused?: string
}

/** One parameter. What its methods give is another one. */
export class Parameter<out T> {
  declare readonly type: T

  constructor(readonly facts: Facts) {}

  /** With a default; null stands for Python's None, and can then be given too. */
  or<const D>(fallback: D): Parameter<T | D> {
    return new Parameter({ ...this.facts, fallback: { value: fallback } })
  }

  /** May be left out; undefined then. */
  get optional(): Parameter<T | undefined> {
    return this.or(undefined)
  }

  /** Given by name only. */
  get named(): Parameter<T> {
    return new Parameter({ ...this.facts, isNamed: true })
  }

  /** Takes one array, or the rest of the arguments one by one: `view([2, 3])` and `view(2, 3)`. */
  get gathered(): Parameter<T> {
    return new Parameter({ ...this.facts, isGathered: true })
  }

  /** Other names by which the framework takes it. */
  also(...aliases: readonly string[]): Parameter<T> {
    return new Parameter({ ...this.facts, aliases })
  }

  /** Accepted, with no effect here, for the reason given. */
  unused(reason: string): Parameter<T> {
    return new Parameter({ ...this.facts, unused: reason })
  }
}

/** Where the value of a parameter may come from. */
interface Sources {
  readonly byPosition: unknown
  readonly byName: ReadonlyMap<string, unknown> | undefined
  /** The whole call. */
  readonly given: readonly unknown[]
}

/** Parameters by name, in the framework's order. */
export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>

/** The values that are read, by name. */
export type Values<Table extends ParameterTable> = {
  readonly [Name in keyof Table]: Table[Name]['type']
}

/** What may be given by name. */
export type Named<Table extends ParameterTable> = Partial<Values<Table>>

/** Arguments by position, and those by name in one object at the end. */
export type Given<Table extends ParameterTable> = readonly (
  Table[keyof Table]['type'] | ElementOf<Table[keyof Table]['type']> | Named<Table> | undefined
)[]

/** Gathered parameters take the elements one by one. */
type ElementOf<T> = T extends readonly (infer Element)[] ? Element : never

/** The parameters of a function, and how its arguments are read. */
export class ParameterList<Table extends ParameterTable> {
  readonly #entries: readonly (readonly [string, Facts])[]
  readonly #names: readonly string[]
  readonly #positional: readonly string[]

  constructor(
    readonly where: string,
    readonly table: Table,
  ) {
    this.#entries = Object.entries(table).map(([name, { facts }]) => [name, facts])
    this.#names = Object.keys(table)
    this.#positional = this.#entries.flatMap(([name, facts]) => (facts.isNamed ? [] : [name]))
  }

  /** The arguments by name, defaults included. Throws ArgumentError that names the first one that it cannot take. */
  read(given: readonly unknown[]): Values<Table> {
    const options = this.#optionsOf(given)
    const byName = options && this.#byName(options)
    const byPosition = this.#byPosition(given, options ? given.length - 1 : given.length)
    const values: Record<string, unknown> = {}
    for (const [index, [name, facts]] of this.#entries.entries()) {
      values[name] = this.#valueOf(name, facts, { byPosition: byPosition[index], byName, given })
    }
    return values as Values<Table>
  }

  /** What an object gives by name, without defaults. Throws ArgumentError that names the first that it cannot take. */
  readNamed(options: object): Named<Table> {
    const given = [...this.#byName(options)]
    for (const [name, value] of given) this.#check(name, value, [options])
    return Object.fromEntries(given) as Named<Table>
  }

  /** The first `count` arguments at the places of their parameters. */
  #byPosition(given: readonly unknown[], count: number): readonly unknown[] {
    let position = 0
    const placed = this.#entries.map(([, { isNamed, isGathered }]): unknown => {
      if (isNamed || position >= count) return undefined
      const isRest = isGathered === true && !Array.isArray(given[position])
      const value = isRest ? given.slice(position, count) : given[position]
      position = isRest ? count : position + 1
      return value
    })
    if (position < count) throw this.#surplus(given, position)
    return placed
  }

  /** The object at the end with arguments by name; undefined where the last argument is a value. */
  #optionsOf(given: readonly unknown[]): object | undefined {
    const last = given.at(-1)
    if (!isPlainObject(last)) return undefined
    const place = this.#positional[given.length - 1]
    const isValue = place !== undefined && this.table[place]?.facts.kind.accepts(last) === true
    if (!isValue) return last
    const names = Object.keys(last)
    const isByName = names.length > 0 && names.every((name) => this.#nameOf(name) !== undefined)
    return isByName ? last : undefined
  }

  #byName(options: object): ReadonlyMap<string, unknown> {
    const byName = new Map<string, unknown>()
    for (const [spelling, value] of Object.entries(options)) {
      const name = this.#nameOf(spelling)
      if (name === undefined) throw this.#unknown(spelling)
      if (byName.has(name)) throw this.#twice(name, 'by two names')
      if (value !== undefined) byName.set(name, value)
    }
    return byName
  }

  /** The parameter of that name: also as Python spells it, or under another name that the framework takes. */
  #nameOf(spelling: string): string | undefined {
    if (Object.hasOwn(this.table, spelling)) return spelling
    const alias = this.#entries.find(([, { aliases }]) => aliases?.includes(spelling))
    return alias?.[0] ?? (spelling.includes('_') ? knownName(spelling, this.#names) : undefined)
  }

  #valueOf(name: string, { kind, fallback }: Facts, { byPosition, byName, given }: Sources): unknown {
    const isNamed = byName?.has(name) === true
    if (isNamed && byPosition !== undefined) throw this.#twice(name, 'by position and by name')
    const value = isNamed ? byName.get(name) : byPosition
    if (value === undefined) {
      if (fallback) return fallback.value
      throw this.#missing(name, kind)
    }
    this.#check(name, value, given)
    return value
  }

  #check(name: string, value: unknown, given: readonly unknown[]): void {
    const facts = this.table[name]?.facts
    if (!facts || (value === null && facts.fallback?.value === null) || facts.kind.accepts(value)) return
    const { expected, advice = `Correct ${name}.` } = facts.kind
    throw new ArgumentError(
      `${this.where}: expected ${name} to be ${expected}, got ${shown(value)}. ${this.#mapAdvice(given) ?? advice}`,
    )
  }

  /** What to write where `map` calls the function with an element, its index and the array; undefined for other calls. */
  #mapAdvice([element, index, array]: readonly unknown[]): string | undefined {
    const isMapCall = Array.isArray(array) && typeof index === 'number' && array[index] === element
    return isMapCall ? `map() gives the index too: write xs.map((x) => ${this.where}(x)).` : undefined
  }

  #missing(name: string, { expected }: Kind<unknown>): ArgumentError {
    return new ArgumentError(`${this.where}: expected ${name}, got nothing. Pass ${expected}.`)
  }

  #twice(name: string, how: string): ArgumentError {
    return new ArgumentError(`${this.where}: expected ${name} once, got it ${how}. Leave out one of them.`)
  }

  #unknown(spelling: string): ArgumentError {
    const meant = nearestName(spelling, this.#names)
    if (meant !== undefined) {
      return new ArgumentError(
        `${this.where}: expected the option ${meant}, got ${shown(spelling)}. Write ${meant}.`,
      )
    }
    const known = this.#names.length > 0 ? `the options ${this.#names.join(', ')}` : 'no options'
    return new ArgumentError(`${this.where}: expected ${known}, got ${shown(spelling)}. Leave it out.`)
  }

  #surplus(given: readonly unknown[], position: number): ArgumentError {
    const names = this.#positional
    const most =
      names.length === 0 ? 'no arguments' : `${countOf(names.length)} (${names.join(', ')}) at most`
    const isByName = names.length < this.#names.length
    const advice = isByName ? 'Give the others by name, in one object at the end.' : 'Leave it out.'
    return new ArgumentError(
      `${this.where}: expected ${most}, got also ${shown(given[position])}. ${this.#mapAdvice(given) ?? advice}`,
    )
  }
}

/** States the parameters of the function that errors call `where`. */
export function parameters<Table extends ParameterTable>(where: string, table: Table): ParameterList<Table> {
  return new ParameterList(where, table)
}

/** What a function takes that takes nothing; it hands them to `assertNoArguments`. */
export type NoArguments = readonly never[]

/** Throws ArgumentError where a function without parameters is given any. */
export function assertNoArguments(where: string, given: readonly unknown[]): void {
  if (given.length > 0) new ParameterList(where, {}).read(given)
}

function countOf(count: number): string {
  return count === 1 ? 'one argument' : `${count} arguments`
}

function shown(value: unknown): string {
  return describeValue(value, 60)
}
