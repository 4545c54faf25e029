/** Modules that arrange other modules or their axes. */
import { ArgumentError } from '../../util/errors'
import { assertOptions } from '../options'
import type { Tensor } from '../tensor'
import { Module } from './module'

/** Runs its modules one after the other; they are named by position: `0`, `1` … */
export class Sequential extends Module {
  readonly #modules: readonly Module<unknown>[]

  constructor(...modules: Module<unknown>[]) {
    super()
    this.#modules = assertModules('Sequential', modules)
    for (const [name, module] of this.namedChildren()) module.place(name)
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.length
  }

  override namedChildren(): [string, Module<unknown>][] {
    return byPosition(this.#modules)
  }

  /** What a module returns is what the next one is given. */
  forward(x: Tensor): Tensor {
    return this.#modules.reduce<Tensor>((input, module) => module.forward(input) as Tensor, x)
  }

  [Symbol.iterator](): Iterator<Module<unknown>> {
    return this.#modules[Symbol.iterator]()
  }
}

/** A list whose modules belong to the module that has it: `for (const layer of this.layers)`. Source: torch.nn.ModuleList. */
export class ModuleList extends Module<never> {
  readonly #modules: Module<unknown>[]

  constructor(modules: readonly Module<unknown>[] = []) {
    super()
    this.#modules = [...assertModules('ModuleList', modules)]
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.length
  }

  append(module: Module<unknown>): this {
    this.#modules.push(...assertModules('ModuleList', [module]))
    return this
  }

  override namedChildren(): [string, Module<unknown>][] {
    return byPosition(this.#modules)
  }

  forward(): never {
    throw new ArgumentError(
      'ModuleList: expected a call of one of its modules, got a call of the list. Write for (const layer of list).',
    )
  }

  [Symbol.iterator](): Iterator<Module<unknown>> {
    return this.#modules[Symbol.iterator]()
  }
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

function byPosition(modules: readonly Module<unknown>[]): [string, Module<unknown>][] {
  return modules.map((module, index) => [String(index), module])
}

function assertModules(where: string, modules: readonly Module<unknown>[]): readonly Module<unknown>[] {
  const wrong = modules.findIndex((module: unknown) => !(module instanceof Module))
  if (wrong < 0) return modules
  throw new ArgumentError(
    `${where}: expected modules as arguments, got ${describe(modules[wrong])} at position ${wrong}. ` +
      'Write new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh()).',
  )
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'function' ? 'a class' : typeof value
}
