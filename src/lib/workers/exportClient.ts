/** The page's side of the worker that writes files for Python; it starts with the first file. */
import exportWorkerUrl from './export.worker.ts?worker&url'
import type { ExportCommand, ExportedPart, ExportMessage, ExportRequest } from './exportProtocol'
import { answerOf } from '../core/util/pendingRequests'
import { WorkerRequests } from './workerRequests'

export { exportedFiles } from './exportProtocol'
export type { ExportedPart, ExportRequest }

type Bytes = Uint8Array<ArrayBuffer>

/** The page's side of the export worker. */
export class ExportClient {
  readonly #requests: WorkerRequests<ExportCommand, ExportMessage, Bytes>

  /** `digits` is the absolute address of the packed digits. */
  constructor(digits: string) {
    this.#requests = new WorkerRequests({
      url: exportWorkerUrl,
      setup: [{ type: 'load', digits }],
      requestOf: ({ exportId }) => exportId,
      answerOf: ({ outcome }) => answerOf(outcome),
      fix: ' Try again.',
    })
  }

  /** The bytes of the file. Rejects with why it cannot be written. */
  write(request: ExportRequest): Promise<Bytes> {
    return this.#requests.ask((exportId) => ({ type: 'write', exportId, ...request }))
  }

  dispose(): void {
    this.#requests.dispose()
  }
}
