/** The page's side of the worker that writes files for Python; it starts with the first file. */
import exportWorkerUrl from './export.worker.ts?worker&url'
import { startWorker } from './laneClient'
import type { ExportCommand, ExportedPart, ExportMessage, ExportRequest } from './exportProtocol'

export { exportedFiles } from './exportProtocol'
export type { ExportedPart, ExportRequest }

interface Waiting {
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void
  readonly reject: (error: Error) => void
}

export class ExportClient {
  #worker: Worker | null = null
  #count = 0
  readonly #waiting = new Map<number, Waiting>()

  /** `digits` is the absolute address of the packed digits. */
  constructor(private readonly digits: string) {}

  /** The bytes of the file. Rejects with why it cannot be written. */
  write(request: ExportRequest): Promise<Uint8Array<ArrayBuffer>> {
    const exportId = this.#count++
    return new Promise((resolve, reject) => {
      this.#waiting.set(exportId, { resolve, reject })
      this.#send({ type: 'write', exportId, ...request })
    })
  }

  dispose(): void {
    this.#worker?.terminate()
  }

  #send(command: ExportCommand): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(command)
  }

  #start(): Worker {
    const worker = startWorker(exportWorkerUrl)
    worker.addEventListener('message', ({ data }: MessageEvent<ExportMessage>) => {
      const waiting = this.#waiting.get(data.exportId)
      this.#waiting.delete(data.exportId)
      if ('unavailable' in data.outcome) waiting?.reject(new Error(data.outcome.unavailable))
      else waiting?.resolve(data.outcome)
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      this.#worker = null
      const reason = event.message || 'The worker could not be loaded.'
      for (const { reject } of this.#waiting.values()) reject(new Error(`worker: ${reason} Try again.`))
      this.#waiting.clear()
    })
    worker.postMessage({ type: 'load', digits: this.digits } satisfies ExportCommand)
    return worker
  }
}
