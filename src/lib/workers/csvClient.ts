/** The page's side of the worker that reads CSV files; the worker starts with the first one. */
import type { CsvSelection } from '../core/data/csv'
import type { CsvSample } from '../core/data/csvSample'
import csvWorkerUrl from './csv.worker.ts?worker&url'
import type { CsvCommand, CsvFile, CsvMessage, CsvSource } from './csvProtocol'
import { startWorker } from './laneClient'

export type { CsvFile, CsvSource }

/** How far reading is, of `total`. */
export type ReadProgress = Pick<Extract<CsvMessage, { type: 'progress' }>, 'label' | 'loaded' | 'total'>

type Answer = Extract<CsvMessage, { type: 'read' | 'sample' }>

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  readonly onProgress: (progress: ReadProgress) => void
}

export class CsvClient {
  #worker: Worker | null = null
  readonly #waiting = new Map<number, Waiting>()
  #requests = 0

  /** Reads a file. Rejects with what is wrong with it: row, column, reason and what to do. */
  async read(blob: Blob, name: string, onProgress: Waiting['onProgress']): Promise<CsvFile> {
    const answer = await this.#ask({ type: 'read', blob, name }, onProgress)
    if (answer.type === 'read') return answer.file
    throw new Error('internal: a file was asked for, and a sample came')
  }

  /** What is shown of the selected rows. Rejects with the reason where the file does not have them. */
  async sample({ hash, blob }: CsvSource, selection: CsvSelection): Promise<CsvSample> {
    const answer = await this.#ask({ type: 'sample', source: { hash, blob }, selection }, () => undefined)
    if (answer.type === 'sample') return answer.sample
    throw new Error('internal: a sample was asked for, and a file came')
  }

  #ask(command: WithoutId<CsvCommand>, onProgress: Waiting['onProgress']): Promise<Answer> {
    const requestId = this.#requests++
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject, onProgress })
      this.#worker ??= this.#start()
      this.#worker.postMessage({ ...command, requestId } satisfies CsvCommand)
    })
  }

  #start(): Worker {
    const worker = startWorker(csvWorkerUrl)
    worker.addEventListener('message', ({ data }: MessageEvent<CsvMessage>) => {
      const waiting = this.#waiting.get(data.requestId)
      if (data.type === 'progress') {
        waiting?.onProgress(data)
        return
      }
      this.#waiting.delete(data.requestId)
      if (data.type === 'failed') waiting?.reject(new Error(data.problem))
      else waiting?.resolve(data)
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

type WithoutId<C> = C extends unknown ? Omit<C, 'requestId'> : never
