/** Functions that a module calls before and after its `forward`. */
import type { RemovableHandle } from '../tensor'

/** The hooks of one module; each is called with the module first. */
export interface Hooks {
  /** What one returns, if anything, takes the place of the inputs. */
  readonly before: ((module: unknown, inputs: readonly unknown[]) => unknown)[]
  /** What one returns, if anything, takes the place of the output. */
  readonly after: ((module: unknown, inputs: readonly unknown[], output: unknown) => unknown)[]
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

/** A module's `forward` with its hooks around it: those that are there when it is called. */
export function withHooks(
  module: unknown,
  forward: (...inputs: never[]) => unknown,
  hooks: Hooks,
): (...inputs: unknown[]) => unknown {
  return (...given) => {
    let inputs: unknown[] = given
    for (const hook of [...hooks.before]) {
      const changed = hook(module, inputs)
      if (changed === undefined) continue
      inputs = Array.isArray(changed) ? changed : [changed]
    }
    let output = forward(...(inputs as never[]))
    for (const hook of [...hooks.after]) output = hook(module, inputs, output) ?? output
    return output
  }
}
