import { beforeEach, expect, it, vi } from 'vitest'
import { WorkerRequests } from './workerRequests'

class TestWorker extends EventTarget {
  readonly sent: unknown[] = []
  isTerminated = false
  postMessage(command: unknown): void {
    this.sent.push(command)
  }
  terminate(): void {
    this.isTerminated = true
  }
  says(message: Message): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }))
  }
  fails(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }))
  }
}

interface Message {
  readonly id: number
  readonly answer?: string
  readonly problem?: string
}

const workers = vi.hoisted((): TestWorker[] => [])

vi.mock('./laneClient', () => ({
  startWorker: () => {
    const worker = new TestWorker()
    workers.push(worker)
    return worker
  },
}))

beforeEach(() => {
  workers.length = 0
})

function requests() {
  const made = new WorkerRequests<string, Message, string>({
    url: 'worker.js',
    setup: ['load'],
    requestOf: ({ id }) => id,
    answerOf: ({ answer, problem }) => (problem === undefined ? (answer ?? null) : new Error(problem)),
    fix: ' Try again.',
  })
  return { made, ask: (text: string) => made.ask((id) => `${text} ${String(id)}`) }
}

it('starts one worker, sets it up, and gives each request its own answer', async () => {
  const { made, ask } = requests()
  const progress: Message[] = []
  const first = ask('a')
  const second = made.ask(
    (id) => `b ${String(id)}`,
    (message) => progress.push(message),
  )
  expect(workers[0]?.sent).toEqual(['load', 'a 0', 'b 1'])
  workers[0]?.says({ id: 1 })
  workers[0]?.says({ id: 1, answer: 'for b' })
  workers[0]?.says({ id: 0, problem: 'wrong a' })
  expect(await second).toBe('for b')
  await expect(first).rejects.toThrow('wrong a')
  expect([workers.length, progress]).toEqual([1, [{ id: 1 }]])
})

it('ends a worker that failed, rejects what waits, and starts another for the next request', async () => {
  const { ask } = requests()
  const both = Promise.allSettled([ask('a'), ask('b')])
  workers[0]?.fails('out of memory.')
  const reason = new Error('worker: out of memory. Try again.')
  expect(await both).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ])
  expect(workers[0]?.isTerminated).toBe(true)
  const next = ask('c')
  expect(workers[1]?.sent).toEqual(['load', 'c 2'])
  workers[0]?.fails('late')
  workers[1]?.says({ id: 2, answer: 'for c' })
  expect(await next).toBe('for c')
})

it('rejects what waits when it is disposed of', async () => {
  const { made, ask } = requests()
  const waiting = ask('a')
  made.dispose()
  await expect(waiting).rejects.toThrow('worker: expected to answer, got closed before it had. Ask again.')
  expect(workers[0]?.isTerminated).toBe(true)
  void ask('b').catch(() => undefined)
  expect(workers).toHaveLength(2)
})
