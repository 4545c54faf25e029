/** Settings of our modules as conditions of traced graphs: a changed one, such as `p` of Dropout, has a graph of its own. */
import { activeTrace } from '../../eager/tracing'
import { Module } from './module'

/** Has the modules of these classes, which are ours, guard their fields whenever their forward is traced. */
export function guardFieldsOf(classes: readonly unknown[]): void {
  for (const each of classes) {
    if (typeof each !== 'function' || !(each.prototype instanceof Module)) continue
    const prototype: Module<unknown> = each.prototype
    const forward = Reflect.get(prototype, 'forward') as (this: unknown, ...inputs: unknown[]) => unknown
    const guarded = function (this: Module<unknown>, ...inputs: unknown[]): unknown {
      if (activeTrace()) this.guardFields()
      return forward.apply(this, inputs)
    }
    Object.defineProperty(prototype, 'forward', { value: guarded, configurable: true, writable: true })
  }
}
