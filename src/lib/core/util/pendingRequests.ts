/** Requests that wait for their answers, told apart by number. Who carries them is not known here. */

/** An answer as a message carries it, or why there is none. */
export type Outcome<T> = T | { readonly unavailable: string }

/** The answer, or the error to reject with. */
export function answerOf<T extends object>(outcome: Outcome<T>): T | Error {
  return 'unavailable' in outcome ? new Error(outcome.unavailable) : outcome
}

interface Waiting<Answer, Message> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: Error) => void
  readonly onMessage: ((message: Message) => void) | undefined
}

/** `Message` is what may come before the answer. */
export class PendingRequests<Answer, Message = never> {
  #count = 0
  readonly #waiting = new Map<number, Waiting<Answer, Message>>()

  /** Sends a request by its number. Settles with the answer; rejects with why there is none. */
  ask(send: (id: number) => void, onMessage?: (message: Message) => void): Promise<Answer> {
    const id = this.#count++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onMessage })
      send(id)
    })
  }

  /** Hands on what came before the answer to request `id`. */
  tell(id: number, message: Message): void {
    this.#waiting.get(id)?.onMessage?.(message)
  }

  /** The answer to request `id`; one that nobody waits for any more is dropped. */
  settle(id: number, answer: Answer | Error): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (answer instanceof Error) waiting?.reject(answer)
    else waiting?.resolve(answer)
  }

  /** No answer will come: everything that waits is rejected with `reason`. */
  giveUp(reason: Error): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(reason)
  }
}
