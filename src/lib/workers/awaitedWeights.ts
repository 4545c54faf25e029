/** The initial weights of the other lane, for which a program waits: asked for once, however often it does. */
import type { ModelWeights } from '../core/nn/weights'
import type { LaneId } from '../core/program/types'
import type { Outcome } from '../core/util/pendingRequests'

/** Weights that the page was asked for. */
export class AwaitedWeights {
  #of: LaneId | null = null
  #weights: Promise<ModelWeights> | null = null
  #settle: { resolve(weights: ModelWeights): void; reject(reason: Error): void } | null = null

  /** The weights of lane `of`; `send` asks the page for them where that was not done yet. */
  request(of: LaneId, send: () => void): Promise<ModelWeights> {
    if (this.#weights !== null && this.#of === of) return this.#weights
    send()
    this.#of = of
    this.#weights = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    return this.#weights
  }

  /** What the page answered. */
  receive(weights: Outcome<ModelWeights>): void {
    if ('unavailable' in weights) this.giveUp(new Error(weights.unavailable))
    else this.#settle?.resolve(weights)
  }

  /** Who waits gets `reason` instead. */
  giveUp(reason: Error): void {
    this.#settle?.reject(reason)
  }
}
