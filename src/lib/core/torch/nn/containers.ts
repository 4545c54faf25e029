/** Modules that arrange other modules or their axes. */
import { ArgumentError } from '../../util/errors'
import { guard } from '../../eager/tracing'
import { isPlainObject } from '../../util/plainObject'
import { assertOptions } from '../options'
import { type Parameter } from '../parameter'
import type { Shape } from '../../util/shapes'
import type { Tensor } from '../tensor'
import { Module } from './module'

/** Modules by name, in order. */
type Named = Readonly<Record<string, Module<unknown>>>

/** What holds other modules by name or position: `list[0]`, `list.length`, `for (const module of list)`. */
abstract class Container<Output = Tensor> extends Module<Output> {
  readonly [position: number]: Module<unknown>
  readonly #modules = new Map<string, Module<unknown>>()

  constructor(protected readonly className: string) {
    super()
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.size
  }

  override guardFields(): void {
    super.guardFields()
    guard(`the number of modules of ${this.className}`, () => this.length)
  }

  /** Puts a module at the end, under a name. Source: torch.nn.Module.add_module. */
  override addModule(name: string, module: Module<unknown>): void {
    assertModule(this.className, module, this.length)
    this.#modules.set(name, module)
    // Not enumerable: what a module finds among its fields, a container lists itself.
    const { length } = this
    for (const key of new Set([name, String(length - 1), String(-1)]))
      Object.defineProperty(this, key, { value: module, configurable: true })
    module.place(name)
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
    super('Sequential')
    for (const [name, module] of entriesOf(modules)) this.addModule(name, module)
  }

  /** Puts a module at the end. */
  append(module: Module<unknown>): this {
    this.addModule(String(this.length), module)
    return this
  }

  /** What a module returns is what the next one is given. */
  forward(x: Tensor): Tensor {
    return this.children().reduce<Tensor>((input, module) => module.forward(input) as Tensor, x)
  }
}

/** A list whose modules belong to the module that has it: `for (const layer of this.layers)`. Source: torch.nn.ModuleList. */
export class ModuleList extends Container<never> {
  constructor(modules: Iterable<Module<unknown>> = []) {
    super('ModuleList')
    this.extend(modules)
  }

  /** Puts a module at the end. */
  append(module: Module<unknown>): this {
    return this.extend([module])
  }

  /** Puts modules at the end. */
  extend(modules: Iterable<Module<unknown>>): this {
    for (const module of modules) this.addModule(String(this.length), module)
    return this
  }

  forward(): never {
    throw notCalled('ModuleList', 'for (const layer of list)')
  }
}

/** Modules by name that belong to the module that has it: `this.heads.first.forward(x)`. Source: torch.nn.ModuleDict. */
export class ModuleDict extends Container<never> {
  readonly [name: string]: unknown

  constructor(modules: Named = {}) {
    super('ModuleDict')
    for (const [name, module] of Object.entries(modules)) this.addModule(name, module)
  }

  /** The module of that name. Throws ArgumentError where there is none. */
  get(name: string): Module<unknown> {
    const found = this.childrenByName().find(([key]) => key === name)
    if (found) return found[1]
    throw new ArgumentError(
      `ModuleDict: expected one of ${this.keys().join(', ') || 'no names'}, got ${name}. Add it with set(name, module).`,
    )
  }

  /** Puts a module under a name. */
  set(name: string, module: Module<unknown>): this {
    this.addModule(name, module)
    return this
  }

  keys(): string[] {
    return this.childrenByName().map(([name]) => name)
  }

  values(): Module<unknown>[] {
    return this.children()
  }

  /** Names with their modules. */
  items(): [string, Module<unknown>][] {
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

  constructor(parameters: Iterable<Parameter> = []) {
    super()
    for (const parameter of parameters) this.append(parameter)
  }

  /** Number of parameters. */
  get length(): number {
    return this.#length
  }

  append(parameter: Parameter): this {
    this.registerParameter(String(this.#length++), parameter)
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

export interface FlattenOptions {
  readonly startDim?: number
  readonly endDim?: number
}

/** Joins the axes from `startDim` (1) to `endDim` (−1): [n, …] to [n, features]; an image in channel-height-width order. */
export class Flatten extends Module {
  readonly startDim: number
  readonly endDim: number

  /** Takes the dims by position, as PyTorch does, or by name. */
  constructor(startDim: number | FlattenOptions = {}, endDim = -1) {
    super()
    if (typeof startDim === 'object') assertOptions('Flatten', startDim, ['startDim', 'endDim'])
    const named = typeof startDim === 'object' ? startDim : { startDim, endDim }
    this.startDim = named.startDim ?? 1
    this.endDim = named.endDim ?? -1
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('Flatten', () => x.flatten(this.startDim, this.endDim))
  }
}

function entriesOf(modules: readonly (Module<unknown> | Named)[]): [string, Module<unknown>][] {
  const [first] = modules
  const isNamed = modules.length === 1 && !(first instanceof Module) && isPlainObject(first)
  return isNamed
    ? Object.entries(first)
    : (modules as readonly Module<unknown>[]).map((module, index) => [String(index), module])
}

function assertModule(where: string, module: unknown, position: number): void {
  if (module instanceof Module) return
  throw new ArgumentError(
    `${where}: expected modules as arguments, got ${describe(module)} at position ${position}. ` +
      'Write new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh()).',
  )
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'function' ? 'a class' : typeof value
}

/** Splits the axis `dim` into several of the given sizes. Source: torch.nn.Unflatten. */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: Shape,
  ) {
    super()
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('Unflatten', () => x.unflatten(this.dim, this.unflattenedSize))
  }
}
