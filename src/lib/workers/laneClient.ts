/** The page's side of a lane: starts its worker, sends commands, and replaces a worker that no longer answers. */
import laneWorkerUrl from './lane.worker.ts?worker&url'
import type { Execution, LaneAssets, LaneCommand, LaneMessage } from './protocol'
import { threadCount } from './threadCount'

/** How long a program may take to reach a batch boundary after Stop before its worker is ended. */
const stopDeadlineMs = 1000

export class LaneClient {
  #worker: Worker
  /** What this worker has run; an engine that was started once stays. */
  #ran: Execution | null = null
  #deadline: ReturnType<typeof setTimeout> | undefined
  /** Commands that a worker which never stops will never see; they go to its successor. */
  #sinceStop: LaneCommand[] | null = null
  /** The worker failed and was ended; what runs next gets a fresh one. */
  #isBroken = false

  constructor(
    private readonly assets: LaneAssets,
    /** Called for each worker, also for one that takes another's place. */
    private readonly openMeterPort: () => MessagePort,
    private readonly onMessage: (message: LaneMessage) => void,
  ) {
    this.#worker = this.#start()
  }

  /** No command is answered before the next run or measurement. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  send(command: LaneCommand): void {
    if (command.type === 'start' || command.type === 'measure') this.#prepareFor(command.execution)
    this.#sinceStop?.push(command)
    this.#worker.postMessage(command)
  }

  /** Asks the run to end; a program that never yields is ended with its worker, and `onEnded` is called. */
  stop(runId: number, onEnded: () => void): void {
    this.send({ type: 'stop', runId })
    this.#sinceStop ??= []
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#restart(onEnded), stopDeadlineMs)
  }

  dispose(): void {
    clearTimeout(this.#deadline)
    this.#worker.terminate()
  }

  /** Sees to it that a worker is there that can run a program in this execution. */
  #prepareFor(execution: Execution): void {
    if (this.#isBroken) {
      this.#settleStop()
      this.#replace()
    } else if (this.#lacksThreads(execution)) this.#replace()
    this.#ran = this.#ran === 'static' ? 'static' : execution
  }

  /** Once a program has run, a worker gives its engine no threads any more. */
  #lacksThreads(execution: Execution): boolean {
    return execution === 'static' && this.#ran === 'eager' && threadCount() > 1 && this.#sinceStop === null
  }

  #restart(onEnded: () => void): void {
    const commands = this.#sinceStop ?? []
    this.#settleStop()
    this.#replace()
    onEnded()
    for (const command of commands) this.send(command)
  }

  #settleStop(): void {
    clearTimeout(this.#deadline)
    this.#sinceStop = null
  }

  #replace(): void {
    this.#worker.terminate()
    this.#worker = this.#start()
  }

  #start(): Worker {
    this.#ran = null
    this.#isBroken = false
    const worker = startWorker(laneWorkerUrl)
    worker.addEventListener('message', ({ data }: MessageEvent<LaneMessage>) => {
      if (worker !== this.#worker) return
      if (data.type === 'idle') this.#settleStop()
      this.onMessage(data)
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      if (worker !== this.#worker) return
      worker.terminate()
      this.#isBroken = true
      this.onMessage({ type: 'broken', message: event.message || 'The worker could not be loaded.' })
    })
    const meter = this.openMeterPort()
    worker.postMessage({ type: 'load', assets: this.assets, meter } satisfies LaneCommand, [meter])
    return worker
  }
}

/**
 * Starts a module worker from a blob, so that it inherits the page's content-security policy also where the
 * server cannot send headers with the worker's script.
 */
export function startWorker(url: string): Worker {
  const source = `import ${JSON.stringify(new URL(url, location.href).href)}`
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  return new Worker(blob, { type: 'module' })
}
