/** Requests to a worker that starts with the first of them; whatever happens to it, each is settled. */
import { cutText } from '../core/util/cutText'
import { limits } from '../core/util/laneLimits'
import { PendingRequests } from '../core/util/pendingRequests'
import { startWorker } from './laneClient'

/** The worker and how its messages are read. */
export interface WorkerRequestsOptions<Command, Message, Answer> {
  /** Address of the worker's script. */
  readonly url: string
  /** First commands of each worker. */
  readonly setup?: readonly Command[]
  /** The number of the request that a message belongs to. */
  readonly requestOf: (message: Message) => number
  /** The answer; the reason why there is none; null where the message is not the last one. */
  readonly answerOf: (message: Message) => Answer | Error | null
  /** What to do about a worker that failed, as the end of the message. */
  readonly fix: string
}

/** Commands to a worker, each with its answer. */
export class WorkerRequests<Command, Message, Answer> {
  #worker: Worker | null = null
  readonly #requests = new PendingRequests<Answer, Message>()

  constructor(private readonly options: WorkerRequestsOptions<Command, Message, Answer>) {}

  /**
   * Sends the command that `commandOf` makes for the number of the request. Rejects with the reason that the worker gives,
   * where it fails, and where it is disposed of first. `onMessage` gets what is not the last message.
   */
  ask(commandOf: (request: number) => Command, onMessage?: (message: Message) => void): Promise<Answer> {
    return this.#requests.ask((request) => {
      this.#worker ??= this.#start()
      this.#worker.postMessage(commandOf(request))
    }, onMessage)
  }

  /** Ends the worker, and what waits for it; a later request starts another. */
  dispose(): void {
    this.#end(new Error('worker: expected to answer, got closed before it had. Ask again.'))
  }

  #start(): Worker {
    const { url, setup = [], fix } = this.options
    const worker = startWorker(url)
    worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (worker === this.#worker) this.#receive(data)
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      if (worker !== this.#worker) return
      this.#end(
        new Error(
          `worker: ${cutText(event.message, limits.errorMessage) || 'The worker could not be loaded.'}${fix}`,
        ),
      )
    })
    for (const command of setup) worker.postMessage(command)
    return worker
  }

  #receive(message: Message): void {
    const { requestOf, answerOf } = this.options
    const request = requestOf(message)
    const answer = answerOf(message)
    if (answer === null) this.#requests.tell(request, message)
    else this.#requests.settle(request, answer)
  }

  #end(reason: Error): void {
    this.#worker?.terminate()
    this.#worker = null
    this.#requests.giveUp(reason)
  }
}
