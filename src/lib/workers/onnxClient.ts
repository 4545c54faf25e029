/** The page's side of the worker that runs ONNX files; the worker starts with the first file. */
import { startWorker } from './laneClient'
import onnxWorkerUrl from './onnx.worker.ts?worker&url'
import type { LaneAssets, Probe } from './protocol'
import type { OnnxAnswer, OnnxCommand, OnnxMessage } from './onnxProtocol'

export type { OnnxAnswer }

interface Waiting {
  readonly resolve: (answer: OnnxAnswer) => void
  readonly reject: (error: Error) => void
}

export class OnnxClient {
  #worker: Worker | null = null
  #waiting = new Map<number, Waiting>()
  #runs = 0

  constructor(private readonly assets: LaneAssets) {}

  /** Runs a file, or the one at an address, on the inputs of `probe`. Rejects with the reason where it cannot. */
  run(model: Uint8Array | string, probe: Probe): Promise<OnnxAnswer> {
    const runId = this.#runs++
    return new Promise((resolve, reject) => {
      this.#waiting.set(runId, { resolve, reject })
      this.#send({ type: 'run', runId, model, probe })
    })
  }

  dispose(): void {
    this.#worker?.terminate()
  }

  #send(command: OnnxCommand): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(command)
  }

  #start(): Worker {
    const worker = startWorker(onnxWorkerUrl)
    worker.addEventListener('message', ({ data }: MessageEvent<OnnxMessage>) => {
      const waiting = this.#waiting.get(data.runId)
      this.#waiting.delete(data.runId)
      if (data.type === 'answer') waiting?.resolve(data.answer)
      else waiting?.reject(new Error(data.message))
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      this.#fail(event.message || 'The worker could not be loaded.')
    })
    const { ortBuilds, digits } = this.assets
    worker.postMessage({ type: 'load', ortBuilds, digits } satisfies OnnxCommand)
    return worker
  }

  #fail(reason: string): void {
    this.#worker = null
    for (const { reject } of this.#waiting.values()) reject(new Error(`worker: ${reason} Reload the page.`))
    this.#waiting.clear()
  }
}
