/** What somebody at the page asks for to provoke a retrace: the next training step gets it. */
import type { RetraceCause } from './types'

/** What the next step is to be given. */
export class Provocations {
  #wantsSmallBatch = false
  #smallBatches = 0
  #numbers = 0

  /** Gives the number to pass to the next compiled training step; null where the cause is a smaller batch. */
  ask(cause: RetraceCause): number | null {
    if (cause === 'numberArgument') return ++this.#numbers
    this.#wantsSmallBatch = true
    return null
  }

  /** How many of the `rows` examples of the next batch to use: about half, and each time another number of them. */
  takeRows(rows: number): number {
    if (!this.#wantsSmallBatch) return rows
    this.#wantsSmallBatch = false
    return Math.max(1, Math.floor(rows / 2) - this.#smallBatches++)
  }
}
