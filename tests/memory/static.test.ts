/** Thousands of static steps and dozens of retraces leave memory as it was. */
import * as ort from 'onnxruntime-web/wasm'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { memoryInUse } from '../../src/lib/core/eager/counters'
import { MemoryScope } from '../../src/lib/core/eager/memoryScope'
import { setCurrentRun } from '../../src/lib/core/events/currentRun'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'
import { recall } from '../../src/lib/core/data'
import { guard } from '../../src/lib/core/eager/tracing'
import { compile, DataLoader, nn, optim, zeros, type Tensor } from '../../src/lib/core/torch'
import { randomStream } from '../../src/lib/core/util/random'
import { attended } from '../parity/trainingRun'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Sessions of onnxruntime-web that were made and not released. */
let openSessions = 0
const createSession = ort.InferenceSession.create.bind(ort.InferenceSession)

vi.spyOn(ort.InferenceSession, 'create').mockImplementation(async (...given: unknown[]) => {
  const opened = await (createSession as (...given: unknown[]) => Promise<ort.InferenceSession>)(...given)
  const release = opened.release.bind(opened)
  opened.release = () => {
    openSessions--
    return release()
  }
  openSessions++
  return opened
})

let session: Session
let scope: MemoryScope

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  scope = new MemoryScope('test')
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
  setCurrentRun(attended(session))
})
afterEach(() => {
  setCurrentRun(null)
  setCurrentSession(null)
  session.dispose()
  scope.close()
})
afterAll(() => {
  vi.restoreAllMocks()
})

function data(examples: number) {
  const random = randomStream(2, 'memory')
  const values = (count: number) => Float32Array.from({ length: count }, () => random() * 2 - 1)
  return {
    x: { values: values(examples * 2), shape: [examples, 2], dtype: 'float32' },
    y: { values: values(examples), shape: [examples, 1], dtype: 'float32' },
  } as const
}

/** A step with dropout, normalisation, Adam and an argument that is no tensor. */
function makeStep() {
  const model = new nn.Sequential(
    new nn.Linear(2, 8),
    new nn.Tanh(),
    new nn.BatchNorm1d(8),
    new nn.Dropout(0.25),
    new nn.Linear(8, 1),
  )
  const optimizer = new optim.Adam(model.parameters())
  const criterion = new nn.MSELoss()
  return (x: Tensor, y: Tensor, factor: number): Tensor => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), y).mul(factor)
    loss.backward()
    optimizer.step()
    return loss
  }
}

type Step = ReturnType<typeof makeStep>

/** `batches` batches of 4. */
async function run(step: Step, batches: number, factor: (batch: number) => number = () => 1): Promise<void> {
  const all = data(40)
  for (let batch = 0; batch < batches;) {
    for await (const [x, y] of new DataLoader(all, { batchSize: 4 })) {
      if (batch < batches) step(x, y, factor(batch++))
    }
  }
  await session.settle(true)
}

interface InUse {
  readonly heapBytes: number
  readonly tensors: number
  readonly bytes: number
  readonly sessions: number
}

async function inUse(): Promise<InUse> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve))
    collectGarbage()
  }
  return { heapBytes: process.memoryUsage().heapUsed, ...memoryInUse(), sessions: openSessions }
}

/** What a few kept closures and inline caches of the engine may come to. */
const allowedBytes = 1_000_000

function expectFlat(after: InUse, before: InUse): void {
  const { heapBytes, ...counts } = after
  expect(counts).toEqual({ tensors: before.tensors, bytes: before.bytes, sessions: before.sessions })
  expect(heapBytes - before.heapBytes).toBeLessThan(allowedBytes)
}

it.each([
  [100, 10_000],
  [1, 1_000],
])('%i steps at a time, %i of them leave memory flat', async (stepsPerExecution, steps) => {
  const step = compile(makeStep(), { stepsPerExecution })
  await run(step, 1_000)
  const before = await inUse()
  await run(step, steps)
  expect(session.signatures().map(({ hits }) => hits)).toEqual([1_000 + steps - 1])
  expectFlat(await inUse(), before)
})

it('50 retraces leave memory flat', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const step = compile(makeStep(), { stepsPerExecution: 10 })
  await run(step, 50, (batch) => batch)
  const before = await inUse()
  await run(step, 50, (batch) => 100 + batch)
  expectFlat(await inUse(), before)
  expect(session.signatures()).toHaveLength(100)
})

it('60 retraces for what a step reads from outside leave memory flat', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const scale = { of: 1 }
  class Scale extends nn.Module {
    forward(x: Tensor): Tensor {
      guard('scale.of', () => scale.of)
      return x.mul(scale.of)
    }
  }
  const [layer, shift] = [new Scale(), zeros(1)]
  const inner = makeStep()
  const step = compile((x: Tensor, y: Tensor) => inner(layer.forward(x).add(shift), y, 1))
  const turns = (count: number) =>
    run(step, count, () => {
      scale.of++
      shift.fill_(scale.of)
      return 1
    })
  await turns(60)
  const before = await inUse()
  await turns(60)
  expectFlat(await inUse(), before)
  expect(session.signatures()).toHaveLength(120)
})

it('a compiled module in an ordinary loop leaves memory flat, also over 60 retraces', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const dropout = new nn.Dropout(0)
  const model = compile(
    new nn.Sequential(new nn.Linear(2, 8), new nn.BatchNorm1d(8), dropout, new nn.Linear(8, 1)),
  )
  const optimizer = new optim.Adam(model.parameters())
  const criterion = new nn.MSELoss()
  const turns = (count: number, isTracedAgain: boolean) =>
    run((x, y) => {
      if (isTracedAgain) dropout.p = (dropout.p + 0.001) % 1
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(x), y)
      loss.backward()
      optimizer.step()
      return loss
    }, count)
  await turns(60, true)
  const before = await inUse()
  await turns(60, true)
  await turns(500, false)
  expectFlat(await inUse(), before)
})

it('epochs over sequences of many lengths leave memory flat, with a graph for each shape', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const { train } = recall({ samples: 300, minLength: 2, maxLength: 12, seed: 1 })
  const embedding = new nn.Embedding(4, 3)
  const cell = new nn.Linear(3, 3)
  const optimizer = new optim.Adam([...embedding.parameters(), ...cell.parameters()])
  const criterion = new nn.CrossEntropyLoss()
  const step = compile((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad()
    let hidden = embedding.forward(x.select(1, 0))
    for (let t = 1; t < x.size(1); t++) {
      hidden = cell
        .forward(hidden)
        .add(embedding.forward(x.select(1, t)))
        .tanh()
    }
    const loss = criterion.forward(hidden, y)
    loss.backward()
    optimizer.step()
    return loss
  })
  const loader = new DataLoader(train, { batchSize: 16, shuffle: true })
  const epochs = async (count: number) => {
    for (let epoch = 0; epoch < count; epoch++) for await (const [x, y] of loader) step(x, y)
    await session.settle(true)
  }
  await epochs(2)
  const before = await inUse()
  const graphs = session.signatures().length
  await epochs(10)
  expectFlat(await inUse(), before)
  expect(session.signatures()).toHaveLength(graphs)
  expect(session.signatures().reduce((sum, { hits }) => sum + hits, graphs)).toBe(12 * loader.length)
})

it('static and eager steps in turn leave memory flat', async () => {
  const eager = makeStep()
  const step = compile(eager, { stepsPerExecution: 10 })
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) {
      await run(step, 10)
      await run(eager, 1)
    }
  }
  await turns(10)
  const before = await inUse()
  await turns(100)
  expectFlat(await inUse(), before)
})

it('a session that is disposed and opened again leaves nothing behind', async () => {
  const step = makeStep()
  const open = async () => {
    session.dispose()
    session = new Session({ backend: 'wasm' })
    setCurrentSession(session)
    setCurrentRun(attended(session))
    await run(compile(step, { stepsPerExecution: 10 }), 20)
  }
  for (let time = 0; time < 5; time++) await open()
  const before = await inUse()
  for (let time = 0; time < 20; time++) await open()
  expectFlat(await inUse(), before)
})
