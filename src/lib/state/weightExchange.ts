/** Initial weights on their way from one lane to the other, which waits for them before its first step. */
import type { LaneId, ModelWeights } from '$lib/workers/protocol'
import type { Lane } from './lane.svelte'

/** What of a lane takes part. */
export type ExchangingLane = Pick<Lane, 'id' | 'status' | 'giveInitialWeights'>

/** Hands the initial weights of one lane to the other. */
export class WeightExchange {
  #known: Partial<Record<LaneId, ModelWeights>> = {}
  #wanting: ExchangingLane | null = null

  constructor(private readonly lanes: readonly [ExchangingLane, ExchangingLane]) {}

  /** Notes the weights that a lane starts from; those it gave first count. */
  give(from: ExchangingLane, weights: ModelWeights): void {
    this.#known[from.id] ??= weights
    this.#answer(from.id)
  }

  /** What lane `of` started from; undefined before it did. */
  known(of: LaneId): ModelWeights | undefined {
    return this.#known[of]
  }

  /** Answers `lane`, now or later, with the weights of lane `of`, or with why there will be none. */
  ask(lane: ExchangingLane, of: LaneId): void {
    this.#wanting = lane
    this.#answer(of)
  }

  /** A lane that has ended gives no weights any more. */
  end(lane: ExchangingLane): void {
    if (this.#wanting !== lane) this.#answer(lane.id)
  }

  /** The lanes start from other weights from now on; who waits goes on waiting. */
  forgetWeights(): void {
    this.#known = {}
  }

  clear(): void {
    this.#known = {}
    this.#wanting = null
  }

  #answer(of: LaneId): void {
    const wanting = this.#wanting
    if (!wanting) return
    const { status } = this.lanes[of === 'A' ? 0 : 1]
    const weights = this.#known[of]
    if (weights) wanting.giveInitialWeights(weights)
    else if (status === 'failed' || status === 'stopped' || status === 'finished') {
      wanting.giveInitialWeights({
        unavailable:
          status === 'finished'
            ? `initialWeights: expected a model of lane ${of}, got none that it exports. Write export const model = … in lane ${of}, or switch aligned lanes off.`
            : `initialWeights: expected weights of lane ${of}, but it ended before its first batch. Repair lane ${of} first.`,
      })
    } else return
    this.#wanting = null
  }
}
