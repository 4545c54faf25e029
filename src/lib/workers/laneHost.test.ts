import { beforeEach, expect, it, vi } from 'vitest'
import { writeSafetensors } from '../core/export/safetensors'
import { initialiseBackend, reportBackendLost } from '../core/eager/backends'
import type { Checkpoint } from '../core/program/checkpoint'
import type { ModuleHost } from '../core/program/evaluate'
import { initialiseExecution } from '../core/program/initialiseExecution'
import { LaneHost } from './laneHost'
import type { LaneMessage, StartOptions } from './protocol'
import { LaneMessageReader } from './readLaneMessage'

vi.mock('./consoleCapture')
vi.mock('./uncaught')
// The digits never arrive.
vi.mock('./download', () => ({
  download: () => new Promise(() => undefined),
  downloadQuietly: () => new Promise(() => undefined),
  limitDownloads: () => undefined,
}))
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

function loadedHost(seal: (hasThreads: boolean) => void = () => undefined) {
  const sent: LaneMessage[] = []
  const reader = new LaneMessageReader()
  const host = new LaneHost((message) => void sent.push(reader.read(structuredClone(message))), seal)
  const ortBuilds = { wasm: { wasm: '', mjs: '' }, jspi: { wasm: '', mjs: '' } }
  const assets = { wasmFiles: {}, ortBuilds, digits: '' }
  host.receive({ type: 'load', assets, threads: 1, meter: new MessageChannel().port1 })
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

it('reads the CSV file that came with the run', async () => {
  vi.mocked(initialiseExecution).mockImplementation(() => initialiseBackend('cpu').then(() => undefined))
  const { host, told, sent } = loadedHost()
  const program = [
    `import { csv } from 'tandem/data'`,
    `import { log } from 'tandem/run'`,
    `const { train } = await csv({ features: ['a'], label: 'y', task: 'regression', trainFraction: 1 })`,
    `log({ loss: train.y.values[0] })`,
  ].join('\n')
  const csv = { hash: '1', blob: new Blob(['a,y\n1,5\n']) }
  host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program, csv })
  expect(await told('status')).toMatchObject({ status: 'finished' })
  const reports = sent.filter((message) => message.type === 'report')
  expect(reports.flatMap(({ report }) => report.scalars.flatMap(({ values }) => [...values]))).toEqual([5])
})

it('is sealed once, when its backend has started and before the program is read', async () => {
  const order: string[] = []
  const startCpu = async () => {
    await initialiseBackend('cpu')
    order.push('backend')
  }
  vi.mocked(initialiseExecution).mockImplementation(startCpu)
  const { host, told, sent } = loadedHost(() => void order.push('seal'))
  const program = `console.log('program')`
  const print = vi.spyOn(console, 'log').mockImplementation((text: string) => void order.push(text))
  host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program })
  expect(await told('status')).toMatchObject({ status: 'finished' })
  expect(order).toEqual(['backend', 'seal', 'program'])
  const second = loadedHost(() => void order.push('seal'))
  order.length = 0
  second.host.receive({ type: 'measure', runId: 1, program, execution: 'eager', backends: ['cpu', 'wasm'] })
  await second.told('measured')
  print.mockRestore()
  expect(order).toEqual(['backend', 'backend', 'seal', 'backend', 'program', 'backend', 'program'])
  expect(sent.some(({ type }) => type === 'idle')).toBe(false)
})

it('serves one program', () => {
  vi.mocked(initialiseExecution).mockReturnValue(new Promise(() => undefined))
  const { host } = loadedHost()
  host.receive({ type: 'start', runId: 1, ...options })
  expect(() => {
    host.receive({ type: 'start', runId: 2, ...options })
  }).toThrow('internal: a worker serves one program, got run 2 too')
})

it('a backend that goes while it starts is passed over', async () => {
  vi.mocked(initialiseExecution).mockImplementation(async ({ backend }) => {
    await initialiseBackend('cpu')
    if (backend === 'webgl') reportBackendLost('webgl', 'the context was lost.')
  })
  const { host, told } = loadedHost()
  const program = ''
  host.receive({ type: 'start', runId: 1, ...options, program, backend: 'webgl', fallbacks: ['cpu'] })
  expect(await told('backend')).toMatchObject({ backend: 'cpu', reason: 'webgl: the context was lost.' })
})

it('gives a run the weights that came before it did, and says so where none starts', async () => {
  const { host, told } = loadedHost()
  const program = `import { DataLoader, nn, optim, TensorDataset, tensor } from 'tandem/torch'
export const model = new nn.Linear(1, 1)
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
for await (const [x] of new DataLoader(new TensorDataset(tensor([[1], [2]])), { batchSize: 1 })) {
  const loss = model.forward(x).sum()
  loss.backward()
  optimizer.step()
}`
  const one = { shape: [1], values: Float32Array.of(5) }
  const bytes = writeSafetensors([
    { ...one, name: 'weight', shape: [1, 1] },
    { ...one, name: 'bias' },
  ])
  const load = { type: 'loadWeights', questionId: 3, file: { name: 'net', bytes } } as const
  host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program })
  host.receive({ ...load, runId: 1 })
  expect(await told('initialWeights')).toMatchObject({ weights: { weights: [{ values: one.values }, {}] } })
  expect(await told('weightsLoaded')).toMatchObject({
    questionId: 3,
    outcome: { step: 0, tensors: 2, when: 'initially' },
  })
  vi.mocked(initialiseExecution).mockRejectedValue(new Error('no engine'))
  const second = loadedHost()
  second.host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program })
  second.host.receive({ ...load, runId: 1 })
  expect(await second.told('weightsLoaded')).toMatchObject({
    outcome: { unavailable: 'weights: expected a run, got none that started. See what the lane says.' },
  })
})

it('a run that loses its backend can go on elsewhere, on the backends that are left', async () => {
  vi.mocked(initialiseExecution).mockImplementation(async () => {
    await initialiseBackend('cpu')
  })
  const { host, told } = loadedHost()
  const backends = { backend: 'webgl', fallbacks: ['wasm', 'cpu'] } as const
  const loop = `import { DataLoader, TensorDataset, tensor } from 'tandem/torch'
const loader = new DataLoader(new TensorDataset(tensor([[1], [2]])), { batchSize: 1 })
for (;;) for await (const [x] of loader) x.sum()`
  host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program: loop, ...backends })
  await told('backend')
  await vi.waitFor(async () => {
    reportBackendLost('webgl', 'the context was lost.')
    expect(await told('lost')).toEqual({
      type: 'lost',
      runId: 1,
      checkpoint: undefined,
      reason: 'webgl: the context was lost.',
      fallbacks: ['wasm', 'cpu'],
    })
  })
})

it('asks the page for weights once, however often the program asks', async () => {
  vi.mocked(initialiseExecution).mockImplementation(() => initialiseBackend('cpu').then(() => undefined))
  const { host, told, sent } = loadedHost()
  const program = `import { initialWeights } from 'tandem/run'
await Promise.all([initialWeights('A'), initialWeights('A')])`
  host.receive({ type: 'start', runId: 1, ...options, checkpoint: undefined, program })
  await told('needInitialWeights')
  host.receive({ type: 'initialWeights', runId: 1, weights: { layout: 'keras', weights: [] } })
  expect(await told('status')).toMatchObject({ status: 'finished' })
  expect(sent.filter(({ type }) => type === 'needInitialWeights')).toHaveLength(1)
})
