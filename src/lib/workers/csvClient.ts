/** The page's side of the workers that read CSV files: one for each file while it is read, and one for samples. */
import type { CsvSelection } from '../core/data/csv'
import type { CsvSample } from '../core/data/csvSample'
import csvWorkerUrl from './csv.worker.ts?worker&url'
import type { CsvCommand, CsvFile, CsvMessage, CsvSource } from './csvProtocol'
import { WorkerRequests } from './workerRequests'

export type { CsvFile, CsvSource }

/** How far reading is, of `total`. */
export type ReadProgress = Pick<Extract<CsvMessage, { type: 'progress' }>, 'label' | 'loaded' | 'total'>

type Answer = Extract<CsvMessage, { type: 'read' | 'sample' }>

/** A worker of its own, so that it can be ended whatever it is doing. */
function newRequests(): WorkerRequests<CsvCommand, CsvMessage, Answer> {
  return new WorkerRequests({
    url: csvWorkerUrl,
    requestOf: ({ requestId }) => requestId,
    answerOf,
    fix: '',
  })
}

/** The page's side of the CSV worker. */
export class CsvClient {
  /** Of samples: it keeps the file that they are of. */
  readonly #requests = newRequests()

  /**
   * Reads a file. Rejects with what is wrong with it: row, column, reason and what to do; as soon as `signal` is
   * aborted, which ends the work at once.
   */
  async read(
    blob: Blob,
    name: string,
    onProgress: (progress: ReadProgress) => void,
    signal?: AbortSignal,
  ): Promise<CsvFile> {
    const requests = newRequests()
    const end = () => {
      requests.dispose()
    }
    signal?.addEventListener('abort', end)
    try {
      const answer = await requests.ask(
        (requestId) => ({ requestId, type: 'read', blob, name }),
        (message) => {
          if (message.type === 'progress') onProgress(message)
        },
      )
      if (answer.type === 'read') return answer.file
      throw new Error('internal: a file was asked for, and a sample came')
    } finally {
      signal?.removeEventListener('abort', end)
      end()
    }
  }

  /** What is shown of the selected rows. Rejects with the reason where the file does not have them. */
  async sample({ hash, blob }: CsvSource, selection: CsvSelection): Promise<CsvSample> {
    const source = { hash, blob }
    const answer = await this.#requests.ask((requestId) => ({ requestId, type: 'sample', source, selection }))
    if (answer.type === 'sample') return answer.sample
    throw new Error('internal: a sample was asked for, and a file came')
  }
}

function answerOf(message: CsvMessage): Answer | Error | null {
  if (message.type === 'progress') return null
  return message.type === 'failed' ? new Error(message.problem) : message
}
