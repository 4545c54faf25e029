import { beforeEach, expect, it, vi } from 'vitest'
import { initialiseBackend } from '../core/eager/backends'
import type { Checkpoint } from '../core/program/checkpoint'
import type { ModuleHost } from '../core/program/evaluate'
import { initialiseExecution } from '../core/program/initialiseExecution'
import { LaneHost } from './laneHost'
import type { LaneMessage, StartOptions } from './protocol'

vi.mock('./consoleCapture')
// The digits never arrive.
vi.mock('./download', () => ({
  download: () => new Promise(() => undefined),
  downloadQuietly: () => new Promise(() => undefined),
}))
vi.mock('./threadCount', () => ({ threadCount: () => 1 }))
vi.mock('../core/program/initialiseExecution', async (original) => ({
  ...(await original<object>()),
  initialiseExecution: vi.fn(),
}))
// Node imports no `blob:` modules.
vi.mock('../core/program/evaluate', async (original) => {
  const module = await original<{ dataModuleHost: ModuleHost }>()
  return { ...module, blobModuleHost: module.dataModuleHost }
})

const checkpoint: Checkpoint = {
  step: 12,
  epoch: 3,
  batches: 12,
  trainedMs: 5,
  weights: { layout: 'keras', weights: [] },
  trainable: [],
  optimizer: null,
  random: { seed: 1, initialisers: 0, dropouts: 0, dropoutCalls: [] },
}

const options: StartOptions = {
  program: `import { initialWeights } from 'tandem/run'\nawait initialWeights('A')`,
  run: 'B-1',
  execution: 'eager',
  disabledPasses: [],
  backend: 'cpu',
  fallbacks: [],
  limit: { kind: 'none' },
  checkpoint,
  probe: { kind: 'none' },
  comparison: null,
}

function loadedHost() {
  const sent: LaneMessage[] = []
  const host = new LaneHost(
    (message) => void sent.push(message),
    (run) => run(),
  )
  const ortBuilds = { wasm: { wasm: '', mjs: '' }, jspi: { wasm: '', mjs: '' } }
  const assets = { wasmFiles: {}, ortBuilds, digits: '' }
  host.receive({ type: 'load', assets, meter: new MessageChannel().port1 })
  const told = (type: LaneMessage['type']) =>
    vi.waitFor(() => {
      const found = sent.find((message) => message.type === type)
      if (!found) throw new Error(`expected a message ${type}, got ${JSON.stringify(sent)}`)
      return found
    })
  return { host, told, sent }
}

beforeEach(() => {
  vi.mocked(initialiseExecution).mockReset()
})

it('a run that finds no backend ends where it was to go on from', async () => {
  vi.mocked(initialiseExecution).mockRejectedValue(new Error('There is none.'))
  const { host, told } = loadedHost()
  host.receive({ type: 'start', runId: 1, ...options })
  expect(await told('status')).toMatchObject({ status: 'failed', step: 12, epoch: 3 })
})

it('a run that is stopped while its backend starts ends where it was to go on from', async () => {
  vi.mocked(initialiseExecution).mockImplementation(() => {
    host.receive({ type: 'stop', runId: 1 })
    return Promise.resolve()
  })
  const { host, told } = loadedHost()
  host.receive({ type: 'start', runId: 1, ...options })
  expect(await told('status')).toMatchObject({ status: 'stopped', step: 12, epoch: 3 })
})

it('a run that is interrupted while it waits for weights goes on elsewhere', async () => {
  vi.mocked(initialiseExecution).mockImplementation(() => initialiseBackend('cpu').then(() => undefined))
  const { host, told } = loadedHost()
  host.receive({ type: 'start', runId: 1, ...options })
  await told('needInitialWeights')
  host.receive({ type: 'interrupt', runId: 1 })
  expect(await told('interrupted')).toMatchObject({ checkpoint, limit: { kind: 'none' } })
})

it('a run that has ended reads drawings and gives its weights; a program without a model says so', async () => {
  vi.mocked(initialiseExecution).mockImplementation(() => initialiseBackend('cpu').then(() => undefined))
  const { host, told } = loadedHost()
  const program = `import { Input, layers, Sequential } from 'tandem/keras'
export const model = new Sequential([
  Input({ shape: [28, 28, 1] }), new layers.Flatten(), new layers.Dense(10, { activation: 'softmax' }),
])`
  const digits = { kind: 'digits', count: 1, seed: 0, samples: 2, trainFraction: 0.5 } as const
  const probe = { ...digits, channelsFirst: false, activation: 'linear' } as const
  const pixels = new Float32Array(784)
  host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program, probe })
  expect(await told('status')).toMatchObject({ status: 'finished' })
  host.receive({ type: 'classify', runId: 1, questionId: 7, pixels })
  const answers = Float32Array.from({ length: 10 }, () => Math.fround(0.1))
  expect(await told('classified')).toMatchObject({
    runId: 1,
    questionId: 7,
    outcome: { step: 0, values: answers, areProbabilities: true },
  })
  host.receive({ type: 'takeWeights', runId: 1, questionId: 8 })
  expect(await told('weights')).toMatchObject({
    questionId: 8,
    outcome: {
      step: 0,
      weights: { layout: 'keras', weights: [{ name: 'dense/kernel' }, { name: 'dense/bias' }] },
    },
  })
  const second = loadedHost()
  second.host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program: '', probe })
  expect(await second.told('status')).toMatchObject({ status: 'finished' })
  second.host.receive({ type: 'classify', runId: 1, questionId: 0, pixels })
  expect(await second.told('classified')).toMatchObject({
    outcome: {
      unavailable: expect.stringMatching(
        /^model: expected a run with a model, got a program that exports none/,
      ) as string,
    },
  })
})

it('reads a CSV file once for as long as runs bring the same content', async () => {
  await initialiseBackend('cpu')
  const { host, sent } = loadedHost()
  const program = [
    `import { csv } from 'tandem/data'`,
    `import { log } from 'tandem/run'`,
    `const { train } = await csv({ features: ['a'], label: 'y', task: 'regression', trainFraction: 1 })`,
    `log({ loss: train.y.values[0] })`,
  ].join('\n')
  const first = { hash: '1', blob: new Blob(['a,y\n1,5\n']) }
  const second = { hash: '2', blob: new Blob(['a,y\n1,7\n']) }
  const reads = [first, second].map(({ blob }) => vi.spyOn(blob, 'arrayBuffer'))
  for (const [runId, csv] of [first, first, second].entries()) {
    host.receive({ type: 'start', runId, ...options, checkpoint: undefined, program, csv })
    await vi.waitFor(() => {
      expect(sent).toContainEqual(expect.objectContaining({ type: 'status', runId, status: 'finished' }))
    })
  }
  expect(reads.map((read) => read.mock.calls.length)).toEqual([1, 1])
  const reports = sent.filter((message) => message.type === 'report')
  const logged = reports.flatMap(({ report }) => report.scalars.flatMap(({ values }) => [...values]))
  expect(logged).toEqual([5, 5, 7])
})
