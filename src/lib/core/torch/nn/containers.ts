/** Modules that arrange other modules or their axes. */
import { ArgumentError } from '../../util/errors'
import type { Tensor } from '../tensor'
import { Module } from './module'

/** Runs its modules one after the other; they are named by position: `0`, `1` … */
export class Sequential extends Module {
  readonly modules: readonly Module[]

  constructor(...modules: Module[]) {
    super()
    const wrong = modules.findIndex((module: unknown) => !(module instanceof Module))
    if (wrong >= 0) {
      throw new ArgumentError(
        `Sequential: expected modules as arguments, got ${describe(modules[wrong])} at position ${wrong}. ` +
          'Write new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh()).',
      )
    }
    this.modules = modules
    for (const [name, module] of this.namedChildren()) module.place(name)
  }

  override namedChildren(): [string, Module][] {
    return this.modules.map((module, index) => [String(index), module])
  }

  forward(x: Tensor): Tensor {
    return this.modules.reduce((input, module) => module.forward(input), x)
  }
}

/** [n, …] to [n, features]; an image in channel-height-width order. */
export class Flatten extends Module {
  forward(x: Tensor): Tensor {
    return this.inLayer('Flatten', () => x.flatten(1))
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'function' ? 'a class' : typeof value
}
