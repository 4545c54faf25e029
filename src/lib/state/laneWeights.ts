/** The weights of a lane on their way between page and worker: copies that are taken, files that are loaded. */
import type { GivenFile, LaneCommand, LaneMessage, LoadedWeights, TakenWeights } from '$lib/workers/protocol'
import { answerOf, PendingRequests } from '$lib/core/util/pendingRequests'

type Command = Extract<LaneCommand, { type: 'takeWeights' | 'loadWeights' }>
type Answer = Extract<LaneMessage, { type: 'weights' | 'weightsLoaded' }>
/** The lane knows which run is meant. */
type Asked<C> = C extends unknown ? Omit<C, 'runId'> : never

/** Requests of one lane about its weights. */
export class LaneWeights {
  readonly #taken = new PendingRequests<TakenWeights>()
  readonly #loaded = new PendingRequests<LoadedWeights>()

  /** `send` gives false where there is no worker to answer. */
  constructor(private readonly send: (command: Asked<Command>) => boolean) {}

  /** A copy of the weights, also after the run. Rejects with the reason where there are none. */
  take(): Promise<TakenWeights> {
    return this.#taken.ask((questionId) => {
      this.#sendOrGiveUp({ type: 'takeWeights', questionId })
    })
  }

  /** Gives the run the weights of a safetensors file. Rejects with what is wrong with it; the lane then keeps its own. */
  load(file: GivenFile): Promise<LoadedWeights> {
    return this.#loaded.ask((questionId) => {
      this.#sendOrGiveUp({ type: 'loadWeights', questionId, file })
    })
  }

  receive(message: Answer): void {
    if (message.type === 'weights') this.#taken.settle(message.questionId, answerOf(message.outcome))
    else this.#loaded.settle(message.questionId, answerOf(message.outcome))
  }

  giveUp(reason: Error): void {
    this.#taken.giveUp(reason)
    this.#loaded.giveUp(reason)
  }

  #sendOrGiveUp(command: Asked<Command>): void {
    if (!this.send(command)) this.giveUp(new Error('The run has ended.'))
  }
}
