/** The page's side of the worker that lays out graphs; the worker starts with the first one. */
import { startWorker } from './laneClient'
import layoutWorkerUrl from './layout.worker.ts?worker&url'
import type { Drawing, GraphOutline, LayoutCommand, LayoutMessage } from './layoutProtocol'

interface Waiting {
  readonly resolve: (drawing: Drawing) => void
  readonly reject: (error: Error) => void
}

export class LayoutClient {
  #worker: Worker | null = null
  #waiting = new Map<number, Waiting>()
  #drawings = 0

  /** Rejects with the reason where the graph cannot be laid out. */
  draw(outline: GraphOutline): Promise<Drawing> {
    const drawingId = this.#drawings++
    return new Promise((resolve, reject) => {
      this.#waiting.set(drawingId, { resolve, reject })
      this.#worker ??= this.#start()
      this.#worker.postMessage({ drawingId, outline } satisfies LayoutCommand)
    })
  }

  dispose(): void {
    this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = startWorker(layoutWorkerUrl)
    worker.addEventListener('message', ({ data }: MessageEvent<LayoutMessage>) => {
      const waiting = this.#waiting.get(data.drawingId)
      this.#waiting.delete(data.drawingId)
      if ('drawing' in data) waiting?.resolve(data.drawing)
      else waiting?.reject(new Error(data.problem))
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      this.#worker = null
      const reason = event.message || 'The worker could not be loaded.'
      for (const { reject } of this.#waiting.values()) reject(new Error(`worker: ${reason}`))
      this.#waiting.clear()
    })
    return worker
  }
}
