/** Methods that take a while: the run knows while one is under way, and says so if nobody waited for it. */
import { currentRun } from '../events/currentRun'

type Method = (this: object, ...given: readonly unknown[]) => Promise<unknown>

/** Has the run told of each call of these methods of a class. */
export function trackCalls(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    const method = Reflect.get(prototype, name) as Method
    const tracked: Method = function (...given) {
      const work = method.apply(this, [...given])
      return currentRun().track?.(name, work) ?? work
    }
    Object.defineProperty(prototype, name, { value: tracked, configurable: true, writable: true })
  }
}
