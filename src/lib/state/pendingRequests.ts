/** What the page asked a worker for and was not answered yet. */

/** An answer, or why there is none. */
export type Outcome<T> = T | { readonly unavailable: string }

interface Waiting<T> {
  readonly resolve: (answer: T) => void
  readonly reject: (reason: Error) => void
}

export class PendingRequests<T extends object> {
  #count = 0
  readonly #waiting = new Map<number, Waiting<T>>()

  /** Sends a request by its number. Settles with the answer; rejects with why there is none. */
  ask(send: (id: number) => void): Promise<T> {
    const id = this.#count++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      send(id)
    })
  }

  /** The worker's answer to request `id`; one that nobody waits for any more is dropped. */
  settle(id: number, outcome: Outcome<T>): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if ('unavailable' in outcome) waiting?.reject(new Error(outcome.unavailable))
    else waiting?.resolve(outcome)
  }

  /** No answer will come: everything that waits is rejected with `reason`. */
  giveUp(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason))
    this.#waiting.clear()
  }
}
