/** Modules that arrange other modules or their axes. */
import { anything, integer, integerList, taking, text } from '../../util/kinds'
import { guard } from '../../eager/tracing'
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../../util/parameters'
import { isPlainObject } from '../../util/plainObject'
import type { Shape } from '../../util/shapes'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { oneInput, type OneInput } from './forward'
import { isIterable } from './kinds'
import { addedModule, Module, module, type AddedModule, type ModuleInput } from './module'

/** Modules by name, in order. */
type Named = Readonly<Record<string, Module<unknown>>>

const isListOf = (value: unknown, accepts: (each: unknown) => boolean): boolean =>
  Array.isArray(value) ? value.every(accepts) : isIterable(value)

const modules = taking<Iterable<Module<unknown>>>(
  'a list of modules',
  (value) => isListOf(value, (each) => each instanceof Module),
  'Write new nn.ModuleList([new nn.Linear(2, 8), new nn.Tanh()]).',
)

const namedModules = taking<Named>(
  'modules by name',
  (value) => isPlainObject(value) && Object.values(value).every((each) => each instanceof Module),
  'Write new nn.ModuleDict({ first: new nn.Linear(2, 8) }).',
)

const learned = taking<Iterable<Parameter>>(
  'a list of parameters',
  (value) => isListOf(value, (each) => each instanceof Parameter),
  'Write new nn.ParameterList([new nn.Parameter(x)]).',
)

const parametersOf = {
  sequentialForward: parameters('Sequential.forward', { input: anything<ModuleInput>() }),
  append: parameters('Sequential.append', { module }),
  list: parameters('ModuleList', { modules: modules.or(null) }),
  listAppend: parameters('ModuleList.append', { module }),
  listExtend: parameters('ModuleList.extend', { modules }),
  dict: parameters('ModuleDict', { modules: namedModules.or(null) }),
  get: parameters('ModuleDict.get', { name: text }),
  set: parameters('ModuleDict.set', { name: text, module }),
  parameterList: parameters('ParameterList', { values: learned.or(null) }),
  parameterAppend: parameters('ParameterList.append', {
    value: taking<Parameter>(
      'a parameter',
      (value) => value instanceof Parameter,
      'Pass new nn.Parameter(x).',
    ),
  }),
  flatten: parameters('Flatten', {
    /** The first dim to join. */
    startDim: integer.or(1),
    /** The last dim to join. */
    endDim: integer.or(-1),
  }),
  flattenForward: oneInput('Flatten'),
  unflatten: parameters('Unflatten', {
    /** The dim to split. */
    dim: integer,
    /** The sizes that it becomes; one may be −1. */
    unflattenedSize: integerList,
  }),
  unflattenForward: oneInput('Unflatten'),
}

type Reads<Name extends keyof typeof parametersOf> = Given<(typeof parametersOf)[Name]['table']>

/** What holds other modules by name or position: `list[0]`, `list.length`, `for (const module of list)`. */
abstract class Container<Output = Tensor> extends Module<Output> {
  readonly [position: number]: Module<unknown>
  readonly #modules = new Map<string, Module<unknown>>()

  /** Number of modules. */
  get length(): number {
    return this.#modules.size
  }

  override guardFields(): void {
    super.guardFields()
    guard(`the number of modules of ${this.constructor.name}`, () => this.length)
  }

  /** Puts a module at the end, under a name. Source: torch.nn.Module.add_module. */
  override addModule(...given: AddedModule): void {
    const { name, module: added } = addedModule.read(given)
    this.#modules.set(name, added)
    // Not enumerable: what a module finds among its fields, a container lists itself.
    const { length } = this
    for (const key of new Set([name, String(length - 1), String(-1)]))
      Object.defineProperty(this, key, { value: added, configurable: true })
    added.place(name)
  }

  protected override childrenByName(): [string, Module<unknown>][] {
    return [...this.#modules]
  }

  [Symbol.iterator](): Iterator<Module<unknown>> {
    return this.#modules.values()
  }
}

/**
 * Runs its modules one after the other; they are named by position: `0`, `1` … or as the keys of one object say.
 * Source: torch.nn.Sequential.
 */
export class Sequential extends Container {
  constructor(...modules: readonly (Module<unknown> | Named)[]) {
    super()
    for (const [name, each] of entriesOf(modules)) this.addModule(name, each)
  }

  /** Puts a module at the end. */
  append(...given: Reads<'append'>): this {
    const added = parametersOf.append.read(given)
    this.addModule(String(this.length), added.module)
    return this
  }

  /** What a module returns is what the next one is given. */
  forward(...given: Reads<'sequentialForward'>): Tensor {
    const { input } = parametersOf.sequentialForward.read(given)
    return this.children().reduce((x, each) => each.forward(x) as Tensor, input as Tensor)
  }
}

/** A list whose modules belong to the module that has it: `for (const layer of this.layers)`. Source: torch.nn.ModuleList. */
export class ModuleList extends Container<never> {
  constructor(...given: Reads<'list'>) {
    const list = parametersOf.list.read(given)
    super()
    this.extend(list.modules ?? [])
  }

  /** Puts a module at the end. */
  append(...given: Reads<'listAppend'>): this {
    const added = parametersOf.listAppend.read(given)
    return this.extend([added.module])
  }

  /** Puts modules at the end. */
  extend(...given: Reads<'listExtend'>): this {
    const added = parametersOf.listExtend.read(given)
    for (const each of added.modules) this.addModule(String(this.length), each)
    return this
  }

  forward(): never {
    throw notCalled('ModuleList', 'for (const layer of list)')
  }
}

/** Modules by name that belong to the module that has it: `this.heads.first.forward(x)`. Source: torch.nn.ModuleDict. */
export class ModuleDict extends Container<never> {
  readonly [name: string]: unknown

  constructor(...given: Reads<'dict'>) {
    const dict = parametersOf.dict.read(given)
    super()
    for (const [name, each] of Object.entries(dict.modules ?? {})) this.addModule(name, each)
  }

  /** The module of that name. Throws ArgumentError where there is none. */
  get(...given: Reads<'get'>): Module<unknown> {
    const { name } = parametersOf.get.read(given)
    const found = this.childrenByName().find(([key]) => key === name)
    if (found) return found[1]
    throw new ArgumentError(
      `ModuleDict: expected one of ${this.keys().join(', ') || 'no names'}, got ${name}. Add it with set(name, module).`,
    )
  }

  /** Puts a module under a name. */
  set(...given: Reads<'set'>): this {
    const added = parametersOf.set.read(given)
    this.addModule(added.name, added.module)
    return this
  }

  /** Names of the modules. */
  keys(...given: NoArguments): string[] {
    assertNoArguments('ModuleDict.keys', given)
    return this.childrenByName().map(([name]) => name)
  }

  /** The modules. */
  values(...given: NoArguments): Module<unknown>[] {
    assertNoArguments('ModuleDict.values', given)
    return this.children()
  }

  /** Names with their modules. */
  items(...given: NoArguments): [string, Module<unknown>][] {
    assertNoArguments('ModuleDict.items', given)
    return this.childrenByName()
  }

  forward(): never {
    throw notCalled('ModuleDict', 'this.heads.get(name).forward(x)')
  }
}

/** Parameters that belong to the module that has the list. Source: torch.nn.ParameterList. */
export class ParameterList extends Module<never> {
  readonly [position: number]: Parameter
  #length = 0

  constructor(...given: Reads<'parameterList'>) {
    const { values } = parametersOf.parameterList.read(given)
    super()
    for (const parameter of values ?? []) this.append(parameter)
  }

  /** Number of parameters. */
  get length(): number {
    return this.#length
  }

  /** Puts a parameter at the end. */
  append(...given: Reads<'parameterAppend'>): this {
    const { value } = parametersOf.parameterAppend.read(given)
    this.registerParameter(String(this.#length++), value)
    return this
  }

  *[Symbol.iterator](): Iterator<Parameter> {
    yield* this.parameters()
  }

  forward(): never {
    throw notCalled('ParameterList', 'for (const parameter of list)')
  }
}

function notCalled(where: string, instead: string): ArgumentError {
  return new ArgumentError(
    `${where}: expected a call of one of its modules, got a call of the list. Write ${instead}.`,
  )
}

/** Joins the axes from `startDim` (1) to `endDim` (−1): [n, …] to [n, features]; an image in channel-height-width order. */
export class Flatten extends Module {
  readonly startDim: number
  readonly endDim: number

  constructor(...given: Reads<'flatten'>) {
    super()
    const { startDim, endDim } = parametersOf.flatten.read(given)
    this.startDim = startDim
    this.endDim = endDim
  }

  forward(...given: OneInput): Tensor {
    const { input } = parametersOf.flattenForward.read(given)
    return this.inLayer('Flatten', () => input.flatten(this.startDim, this.endDim))
  }
}

/** Splits the axis `dim` into several of the given sizes. Source: torch.nn.Unflatten. */
export class Unflatten extends Module {
  readonly dim: number
  readonly unflattenedSize: Shape

  constructor(...given: Reads<'unflatten'>) {
    super()
    const { dim, unflattenedSize } = parametersOf.unflatten.read(given)
    this.dim = dim
    this.unflattenedSize = unflattenedSize
  }

  forward(...given: OneInput): Tensor {
    const { input } = parametersOf.unflattenForward.read(given)
    return this.inLayer('Unflatten', () => input.unflatten(this.dim, this.unflattenedSize))
  }
}

function entriesOf(given: readonly (Module<unknown> | Named)[]): [string, Module<unknown>][] {
  const [first] = given
  const isNamed = given.length === 1 && !(first instanceof Module) && isPlainObject(first)
  const entries = isNamed ? Object.entries(first) : given.map((each, index) => [String(index), each] as const)
  return entries.map(([name, each]) => {
    if (each instanceof Module) return [name, each]
    throw new ArgumentError(
      `Sequential: expected modules as arguments, got ${describe(each)} at position ${name}. ` +
        'Write new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh()).',
    )
  })
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'function' ? 'a class' : describeValue(value, 60)
}
