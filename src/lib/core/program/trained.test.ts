/** What the lane does with a model between batches leaves the program's model as it was. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { setCurrentRun } from '../events/currentRun'
import { Session, setCurrentSession } from '../session/session'
import * as torch from '../torch/index'
import { asTrainedModel } from './trained'
import type { Execution } from './types'

beforeAll(() => initialiseBackend('cpu'))

let session: Session | null = null

afterEach(() => {
  setCurrentRun(null)
  setCurrentSession(null)
  session?.dispose()
  session = null
})

function open(execution: Execution): Session {
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
  setCurrentRun({
    execution,
    lineText: '',
    batchBoundary: () => Promise.resolve(false),
    log: () => undefined,
    print: () => undefined,
  })
  return session
}

const x = { values: Float32Array.of(1, 2), shape: [1, 2], dtype: 'float32' } as const

describe.each(['eager', 'static'] as const)('predictions of a module in %s execution', (execution) => {
  it('are made in evaluation mode and leave each module in its own mode', async () => {
    open(execution)
    const frozen = new torch.nn.BatchNorm1d(2)
    const dropout = new torch.nn.Dropout(0.5)
    const model = new torch.nn.Sequential(frozen, dropout)
    frozen.eval()
    const trained = asTrainedModel(model)
    for (let prediction = 0; prediction < 3; prediction++) {
      const output = await trained?.predict(x)
      expect(output?.values[1]).toBeCloseTo(2, 4)
      expect([model, frozen, dropout].map(({ training }) => training)).toEqual([true, false, true])
    }
  })
})

it('predictions of a static lane are compiled once, also while the modules are in training mode', async () => {
  const opened = open('static')
  const model = new torch.nn.Sequential(new torch.nn.Linear(2, 2), new torch.nn.Dropout(0.5))
  const trained = asTrainedModel(model)
  const graphs = new Set<unknown>()
  const enqueue = opened.enqueue.bind(opened)
  opened.enqueue = (graph, ...rest) => {
    graphs.add(graph)
    return enqueue(graph, ...rest)
  }
  for (const isTraining of [true, false, true]) {
    model.train(isTraining)
    await trained?.predict(x)
  }
  expect(graphs.size).toBe(1)
})

it('refuses weights whose names are too long for the page', async () => {
  open('eager')
  const model = new torch.nn.Sequential()
  model.addModule('x'.repeat(1e6), new torch.nn.Linear(1, 1))
  const trained = asTrainedModel(model)
  const message =
    /^model: expected weights with names of at most 200 characters, got 1000007: x+… 976\.5 KB more\. Give layers shorter names\.$/
  expect(() => trained?.variables()).toThrow(message)
  await expect(trained?.weights()).rejects.toThrow(message)
})
