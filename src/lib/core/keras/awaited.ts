/** Promises of arrays that a program forgot to await. */
import { ArgumentError } from '../util/errors'

/** Throws ArgumentError for a promise, which `getWeights` gives. */
export function assertAwaited(where: string, given: unknown): void {
  if (!(given instanceof Promise)) return
  throw new ArgumentError(
    `${where}: expected arrays, got a promise of them. Write ${where.split('.').at(-1) ?? ''}(await other.getWeights()).`,
  )
}

/** A promise of arrays that says so where it is taken apart without being awaited. */
export function toBeAwaited<T>(where: string, promise: Promise<T>): Promise<T> {
  return Object.defineProperty(promise, Symbol.iterator, {
    get() {
      throw new ArgumentError(
        `${where}: expected the arrays, got a promise of them: reading back from the backend takes time. Write await model.${where}().`,
      )
    },
  })
}
