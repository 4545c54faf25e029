/** Functions that a module calls before and after its `forward`. */
import type { RemovableHandle, Tensor } from '../tensor'
import type { Module, ModuleInput } from './module'

/** Called after `forward`; what it returns, if anything, takes the place of the output. */
export type ForwardHook<Output = Tensor> = (
  module: Module<Output>,
  inputs: readonly ModuleInput[],
  output: Output,
) => Output | undefined

/** Called before `forward`; what it returns, if anything, takes the place of the inputs. */
export type ForwardPreHook<Output = Tensor> = (
  module: Module<Output>,
  inputs: readonly ModuleInput[],
) => ModuleInput

/** The hooks of one module. */
export interface Hooks {
  readonly before: ForwardPreHook<unknown>[]
  readonly after: ForwardHook<unknown>[]
}

/** Adds a hook; what it gives takes it away again. */
export function addHook<Hook>(hooks: Hook[], hook: Hook, isFirst: boolean): RemovableHandle {
  if (isFirst) hooks.unshift(hook)
  else hooks.push(hook)
  return {
    remove() {
      const index = hooks.indexOf(hook)
      if (index >= 0) hooks.splice(index, 1)
    },
  }
}
