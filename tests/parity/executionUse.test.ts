/** What programs do around training steps gives the same in both executions. */
import * as ort from 'onnxruntime-web/wasm'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { engineCounts } from '../../src/lib/core/eager/counters'
import { MemoryScope } from '../../src/lib/core/eager/memoryScope'
import { setCurrentRun } from '../../src/lib/core/events/currentRun'
import { randomState } from '../../src/lib/core/nn/randomState'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'
import * as torch from '../../src/lib/core/torch'
import { x, y, type How, type Scenario } from './executionScenario'
import { fitOptions, kerasModel, kerasScenarios, Losses } from './kerasUse'
import { eachBatch, torchModel, torchScenarios, wrapped } from './torchUse'
import { attended, differences, type Outcome } from './trainingRun'

const tolerance = 1e-5
const { optim } = torch

let session: Session
let scope: MemoryScope

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  scope = new MemoryScope('test')
})
afterEach(() => {
  setCurrentRun(null)
  setCurrentSession(null)
  session.dispose()
  scope.close()
})

function open(): void {
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
  setCurrentRun(attended(session))
  randomState.seed(4)
}

async function outcome(scenario: Scenario, how: How): Promise<Outcome> {
  open()
  try {
    return new Map(Object.entries(await scenario(how)))
  } finally {
    setCurrentSession(null)
    session.dispose()
  }
}

const scenarios = [
  ...Object.entries(kerasScenarios).map(([name, scenario]) => ({ name: `keras: ${name}`, scenario })),
  ...Object.entries(torchScenarios).map(([name, scenario]) => ({ name: `torch: ${name}`, scenario })),
]

describe('eager = static', () => {
  it.each(scenarios)('$name', async ({ scenario }) => {
    const expected = await outcome(scenario, { runEagerly: true, stepsPerExecution: 1 })
    expect(expected.size).toBeGreaterThan(0)
    for (const stepsPerExecution of [1, 3]) {
      const actual = await outcome(scenario, { runEagerly: false, stepsPerExecution })
      expect(differences(actual, expected, tolerance), `${stepsPerExecution} at a time`).toEqual({})
    }
  })
})

it('tells callbacks of the last batch of each block, with its loss', async () => {
  const told: Losses[] = []
  for (const how of [
    { runEagerly: true, stepsPerExecution: 1 },
    { runEagerly: false, stepsPerExecution: 1 },
    { runEagerly: false, stepsPerExecution: 3 },
  ]) {
    open()
    const losses = new Losses()
    await kerasModel(how).model.fit(x, y, { ...fitOptions, callbacks: [losses] })
    told.push(losses)
  }
  const [eager, single, blocks] = told
  expect(single?.batches).toEqual([0, 1, 2, 3])
  expect(blocks?.batches).toEqual([2, 3])
  expect(blocks?.losses[0]).toBeCloseTo(eager?.losses[2] ?? NaN, 5)
  for (const [index, loss] of (single?.losses ?? []).entries())
    expect(loss).toBeCloseTo(eager?.losses[index] ?? NaN, 5)
})

describe.each([
  [1, 8],
  [3, 4],
])('%i steps at a time', (stepsPerExecution, expectedRuns) => {
  it.each(['keras', 'torch'])(
    'a compiled step of %s runs in onnxruntime-web, and no tfjs kernel',
    async (style) => {
      open()
      const how = { runEagerly: false, stepsPerExecution }
      const { prototype } = ort.InferenceSession as unknown as { prototype: ort.InferenceSession }
      const run = vi.spyOn(prototype, 'run')
      const epoch = style === 'keras' ? kerasEpoch(how) : torchEpoch(how)
      await epoch()
      const before = { ...engineCounts(), runs: run.mock.calls.length }
      await epoch()
      await epoch()
      const after = engineCounts()
      expect({ kernels: after.kernels, hostReads: after.hostReads }).toEqual({
        kernels: before.kernels,
        hostReads: before.hostReads,
      })
      expect(run.mock.calls.length - before.runs).toBe(expectedRuns)
      run.mockRestore()
    },
  )
})

function kerasEpoch(how: How): () => Promise<void> {
  const { model } = kerasModel(how)
  return async () => void (await model.fit(x, y, fitOptions))
}

function torchEpoch(how: How): () => Promise<void> {
  const { model, criterion } = torchModel()
  const optimizer = new optim.Adam(model.parameters())
  const step = wrapped(how, (a, b) => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(a), b)
    loss.backward()
    optimizer.step()
    return loss
  })
  return async () => {
    await eachBatch((a, b) => void step(a, b))
    await session.settle(true)
  }
}
