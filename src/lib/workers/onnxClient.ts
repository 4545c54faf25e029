/** The page's side of the worker that runs ONNX files; the worker starts with the first file. */
import onnxWorkerUrl from './onnx.worker.ts?worker&url'
import type { OnnxAnswer, OnnxCommand, OnnxMessage } from './onnxProtocol'
import type { LaneAssets, Probe } from './protocol'
import { WorkerRequests } from './workerRequests'

export type { OnnxAnswer }

/** The page's side of the worker that runs ONNX files. */
export class OnnxClient {
  readonly #requests: WorkerRequests<OnnxCommand, OnnxMessage, OnnxAnswer>

  constructor({ ortBuilds, digits }: LaneAssets) {
    this.#requests = new WorkerRequests({
      url: onnxWorkerUrl,
      setup: [{ type: 'load', ortBuilds, digits }],
      requestOf: ({ runId }) => runId,
      answerOf: (message) => (message.type === 'answer' ? message.answer : new Error(message.message)),
      fix: ' Reload the page.',
    })
  }

  /** Runs a file, or the one at an address, on the inputs of `probe`. Rejects with the reason where it cannot. */
  run(model: Uint8Array | string, probe: Probe): Promise<OnnxAnswer> {
    return this.#requests.ask((runId) => ({ type: 'run', runId, model, probe }))
  }

  dispose(): void {
    this.#requests.dispose()
  }
}
