import { beforeEach, expect, it, vi } from 'vitest'
import { CsvClient } from './csvClient'

interface TestWorker extends EventTarget {
  isTerminated: boolean
}

const workers = vi.hoisted((): TestWorker[] => [])

vi.mock('./laneClient', () => ({
  startWorker: () => {
    const worker = Object.assign(new EventTarget(), {
      isTerminated: false,
      postMessage: () => undefined,
      terminate: () => {
        worker.isTerminated = true
      },
    })
    workers.push(worker)
    return worker
  },
}))

beforeEach(() => {
  workers.length = 0
})

const selection = { features: ['a'], label: 'b', task: 'regression' } as const

it('ends the worker that reads a file as soon as the reading is aborted, and no other', async () => {
  const client = new CsvClient()
  const aborting = new AbortController()
  const reading = client.read(new Blob(), 'a.csv', () => undefined, aborting.signal)
  void client.sample({ hash: 'x', blob: new Blob() }, selection)
  expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false, false])
  aborting.abort()
  await expect(reading).rejects.toThrow('worker: expected to answer, got closed before it had.')
  expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false])
})

it('ends the worker of a file once that is read', async () => {
  const reading = new CsvClient().read(new Blob(), 'a.csv', () => undefined)
  const data = { requestId: 0, type: 'read', file: { name: 'a.csv' } }
  workers[0]?.dispatchEvent(new MessageEvent('message', { data }))
  expect(await reading).toEqual({ name: 'a.csv' })
  expect(workers[0]?.isTerminated).toBe(true)
})
