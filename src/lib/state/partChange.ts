/** The time between two parts of a run: the interruption that is awaited, and what is pressed until the next part begins. */
import type { LaneMessage, RunLimit } from '$lib/workers/protocol'

/** Where a run stood when it was interrupted. */
export type Interruption = Pick<Extract<LaneMessage, { type: 'interrupted' }>, 'checkpoint' | 'limit'>

/** The way of one lane from a part of its run to the next. */
export class PartChange {
  #resolve: ((interruption: Interruption | null) => void) | null = null
  /** Set until the next part begins: how far that may go, if somebody said so meanwhile. */
  #between: { limit: RunLimit | null } | null = null

  /** True while the worker was asked to interrupt the run and did not answer yet. */
  get isAwaited(): boolean {
    return this.#resolve !== null
  }

  /** The run is to be interrupted. Settles with where it stood; with null where it ended by itself. */
  awaitInterruption(): Promise<Interruption | null> {
    this.begin()
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** The run was interrupted. */
  settle(interruption: Interruption): void {
    this.#resolve?.(interruption)
    this.#resolve = null
  }

  /** Another part is to follow. */
  begin(): void {
    this.#between = { limit: null }
  }

  /** Keeps a limit for the next part; false where none is to follow, so that the run itself has to hear of it. */
  keepLimit(limit: RunLimit): boolean {
    if (this.#between) this.#between.limit = limit
    return this.#between !== null
  }

  /** The next part begins: how far it may go, by what was pressed last. */
  end(otherwise: RunLimit): RunLimit {
    const limit = this.#between?.limit ?? otherwise
    this.#between = null
    return limit
  }

  /** Nothing follows an interruption, or nothing came of it. */
  giveUp(): void {
    this.#resolve?.(null)
    this.#resolve = null
    this.#between = null
  }
}
