/** Calls of a program that take a while, such as `fit`, and have not ended: the program should await each of them. */
import { ArgumentError } from '../util/errors'
import { LocatedError } from './evaluate'

/** The calls of one run that are under way. */
export class UnfinishedCalls {
  readonly #calls = new Set<{ readonly name: string; readonly line: number }>()

  /** The work itself; the call is under way until it settles. */
  add<T>(name: string, line: number, work: Promise<T>): Promise<T> {
    const call = { name, line }
    this.#calls.add(call)
    const end = () => void this.#calls.delete(call)
    work.then(end, end)
    return work
  }

  /** After the last statement: throws for the first call that nobody waited for, at its line. */
  assertNone(): void {
    const [first] = this.#calls
    if (!first) return
    const { name, line } = first
    throw new LocatedError(
      new ArgumentError(
        `${name}: expected to be awaited, but the program ended while it ran. Write await model.${name}(…).`,
      ),
      line,
    )
  }
}
