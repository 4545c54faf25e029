/** The page's side of a lane: gives each program a worker of its own, sends commands, and ends a worker that no longer answers. */
import laneWorkerUrl from './lane.worker.ts?worker&url'
import { cutText } from '../core/util/cutText'
import { ArgumentError } from '../core/util/errors'
import { limits } from '../core/util/laneLimits'
import type { LaneAssets, LaneCommand, LaneMessage, RunStatus } from './protocol'
import { MemoryWatch } from './memoryWatch'
import { LaneMessageReader } from './readLaneMessage'
import { threadCount } from './threadCount'

/** How long a program may take to reach a batch boundary after Stop before its worker is ended. */
const stopDeadlineMs = 1000

/** The page's side of a lane's workers. */
export class LaneClient {
  /** Has, or had, the program that was sent last. What a program changed in it, left running or listens to ends with it. */
  #worker: Worker | null = null
  /** Stands ready for the next program once this one is at rest. */
  #spare: Worker | null
  #deadline: ReturnType<typeof setTimeout> | undefined
  /** Ends the watch over what the worker holds, which lasts as long as the worker: a program can leave timers behind. */
  #endWatch: (() => void) | null = null

  constructor(
    private readonly assets: LaneAssets,
    /** Called for each worker that gets a program. */
    private readonly openMeterPort: () => MessagePort,
    private readonly onMessage: (message: LaneMessage) => void,
  ) {
    this.#spare = this.#start()
  }

  /** Whether a worker is there that can answer for the program that was sent last. */
  get hasWorker(): boolean {
    return this.#worker !== null
  }

  /** A program to run or to measure goes to a fresh worker, and the one before it is ended. */
  send(command: LaneCommand): void {
    if (command.type === 'start' || command.type === 'measure') this.#takeSpare()
    this.#worker?.postMessage(command)
  }

  /** Ends the program with its worker, whatever it does. */
  end(): void {
    if (this.#worker === null) return
    this.#end()
    this.#spare ??= this.#start()
  }

  /** Asks the run to end; a program that never yields is ended with its worker, and `onEnded` is called. */
  stop(runId: number, onEnded: () => void): void {
    this.send({ type: 'stop', runId })
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => {
      this.end()
      onEnded()
    }, stopDeadlineMs)
  }

  dispose(): void {
    this.#end()
    if (this.#spare) terminate(this.#spare)
  }

  #takeSpare(): void {
    this.#end()
    const worker = (this.#worker = this.#spare ?? this.#start())
    this.#spare = null
    const meter = this.openMeterPort()
    const load: LaneCommand = { type: 'load', assets: this.assets, threads: threadCount(), meter }
    worker.postMessage(load, [meter])
    const url = workerUrls.get(worker)
    if (url !== undefined) this.#endWatch = memory.watch(url, (message) => this.#break(worker, message))
  }

  #end(): void {
    this.#endWatch?.()
    clearTimeout(this.#deadline)
    if (this.#worker) terminate(this.#worker)
    this.#worker = null
  }

  #start(): Worker {
    const worker = startWorker(laneWorkerUrl)
    const reader = new LaneMessageReader()
    const rate = new MessageRate()
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (worker !== this.#worker) return
      try {
        rate.count()
        this.#receive(reader.read(data))
      } catch (error) {
        // What cannot be read, or was too much for the page, fails this lane alone.
        this.#break(worker, error instanceof ArgumentError ? error.message : `page: ${String(error)}.`)
      }
    })
    worker.addEventListener('messageerror', () => {
      this.#break(worker, 'lane: expected a message that can be read, got one that cannot.')
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      const message = cutText(event.message || 'The worker could not be loaded.', limits.errorMessage)
      this.#break(worker, `worker: ${message}`)
    })
    return worker
  }

  #receive(message: LaneMessage): void {
    if (message.type === 'idle') clearTimeout(this.#deadline)
    // Not before: loading another worker would slow the steps of this one.
    if (isAtRest(message)) {
      this.#spare ??= this.#start()
    }
    this.onMessage(message)
  }

  /** The next program gets another worker. A lane hears of a spare that failed only if it has no other. */
  #break(worker: Worker, message: string): void {
    terminate(worker)
    if (worker === this.#worker) this.#end()
    else if (worker === this.#spare) this.#spare = null
    else return
    if (this.#worker === null) this.onMessage({ type: 'broken', message })
  }
}

/** Far more than a lane sends, also where each batch is compiled anew; so many cost the page a tenth of a second. */
const mostMessagesPerSecond = 2000

/** Keeps what reaches the page from one worker to what it can take. */
class MessageRate {
  #sinceMs = performance.now()
  #count = 0

  /** Throws ArgumentError for one message too many. */
  count(): void {
    const now = performance.now()
    if (now - this.#sinceMs > 1000) {
      this.#sinceMs = now
      this.#count = 0
    }
    if (++this.#count <= mostMessagesPerSecond) return
    throw new ArgumentError(
      `lane: expected at most ${mostMessagesPerSecond} messages a second, got more. Print or compile less often.`,
    )
  }
}

/** By which the browser names workers where it tells what they hold. */
const workerUrls = new WeakMap<Worker, string>()

const memory = new MemoryWatch()

function terminate(worker: Worker): void {
  worker.terminate()
  URL.revokeObjectURL(workerUrls.get(worker) ?? '')
}

const restingStatuses: readonly RunStatus[] = ['paused', 'finished', 'stopped', 'failed']

/** Whether the worker trains no further, at least for now. */
function isAtRest(message: LaneMessage): boolean {
  if (message.type === 'status') return restingStatuses.includes(message.status)
  return message.type === 'measured' || message.type === 'interrupted' || message.type === 'lost'
}

/**
 * Starts a module worker from a blob, so that it inherits the page's content-security policy also where the
 * server cannot send headers with the worker's script.
 */
export function startWorker(url: string): Worker {
  const source = `import ${JSON.stringify(new URL(url, location.href).href)}`
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(blob, { type: 'module' })
  workerUrls.set(worker, blob)
  return worker
}
