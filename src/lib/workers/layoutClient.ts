/** The page's side of the worker that lays out graphs; the worker starts with the first one. */
import layoutWorkerUrl from './layout.worker.ts?worker&url'
import type { Drawing, GraphOutline, LayoutCommand, LayoutMessage } from './layoutProtocol'
import { WorkerRequests } from './workerRequests'

/** The page's side of the layout worker. */
export class LayoutClient {
  readonly #requests = new WorkerRequests<LayoutCommand, LayoutMessage, Drawing>({
    url: layoutWorkerUrl,
    requestOf: ({ drawingId }) => drawingId,
    answerOf: (message) => ('drawing' in message ? message.drawing : new Error(message.problem)),
    fix: '',
  })

  /** Rejects with the reason where the graph cannot be laid out. */
  draw(outline: GraphOutline): Promise<Drawing> {
    return this.#requests.ask((drawingId) => ({ drawingId, outline }))
  }

  dispose(): void {
    this.#requests.dispose()
  }
}
