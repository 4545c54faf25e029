/** What programs do around training steps gives the same in both executions. */
import * as ort from 'onnxruntime-web/wasm'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NdArray } from '../../src/lib/core/data/types'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { engineCounts } from '../../src/lib/core/eager/counters'
import { MemoryScope } from '../../src/lib/core/eager/memoryScope'
import { setCurrentRun } from '../../src/lib/core/events/currentRun'
import * as keras from '../../src/lib/core/keras'
import { randomState } from '../../src/lib/core/nn/randomState'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'
import * as torch from '../../src/lib/core/torch'
import { randomStream } from '../../src/lib/core/util/random'
import { sizeOf } from '../../src/lib/core/util/shapes'
import { attended, differences, type Outcome } from './trainingRun'

const tolerance = 1e-5

interface How {
  readonly runEagerly: boolean
  readonly stepsPerExecution: number
}

/** Figures by name, as found in one execution. */
type Scenario = (how: How) => Promise<Record<string, ArrayLike<number>>>

const { layers, optimizers } = keras
const { nn, optim } = torch

function array(shape: readonly number[], key: string): NdArray {
  const random = randomStream(5, key)
  const values = Float32Array.from({ length: sizeOf(shape) }, () => random() * 2 - 1)
  return { values, shape, dtype: 'float32' }
}

const x = array([15, 4], 'x')
const y = array([15, 2], 'y')

class Losses extends keras.callbacks.Callback {
  readonly batches: number[] = []
  readonly losses: number[] = []

  constructor(
    private readonly onBatch: (batch: number, model: keras.Model) => void | Promise<void> = () => {},
  ) {
    super()
  }

  override async onBatchEnd(batch: number, { loss }: Readonly<Record<string, number>>): Promise<void> {
    this.batches.push(batch)
    this.losses.push(loss ?? NaN)
    if (this.model) await this.onBatch(batch, this.model)
  }
}

function kerasModel(how: How, optimizer: keras.Optimizer = new optimizers.Adam({ learningRate: 0.02 })) {
  const model = new keras.Sequential([
    keras.Input({ shape: [4] }),
    new layers.Dense(6, { activation: 'tanh' }),
    new layers.BatchNormalization(),
    new layers.Dense(2),
  ])
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'], ...how })
  return { model, optimizer }
}

async function weightsOf(model: {
  weights: () => Promise<{ weights: readonly { values: Float32Array }[] }>
}) {
  const { weights } = await model.weights()
  return Object.fromEntries(weights.map(({ values }, index) => [`weight ${index}`, values]))
}

const fitOptions = { batchSize: 4, shuffle: false }

const kerasScenarios: Record<string, Scenario> = {
  'fit twice, with another batch size the second time': async (how) => {
    const { model } = kerasModel(how)
    const first = await model.fit(x, y, { ...fitOptions, epochs: 2 })
    const second = await model.fit(x, y, { ...fitOptions, batchSize: 6, epochs: 2 })
    const third = await model.fit(x, y, { ...fitOptions, validationSplit: 0.2 })
    return {
      first: first.history['loss'] ?? [],
      second: second.history['loss'] ?? [],
      third: [...(third.history['loss'] ?? []), ...(third.history['valLoss'] ?? [])],
      ...(await weightsOf(model)),
    }
  },
  'evaluate and predict between and after fits': async (how) => {
    const { model } = kerasModel(how)
    const found: Record<string, ArrayLike<number>> = {}
    for (const round of [1, 2]) {
      await model.fit(x, y, fitOptions)
      const { loss = NaN, mae = NaN } = await model.evaluate(x, y, { batchSize: 4 })
      found[`evaluated ${round}`] = [loss, mae]
      found[`predicted ${round}`] = (await model.predict(x, { batchSize: 7 })).values
    }
    return found
  },
  'setWeights and getWeights between fits': async (how) => {
    const { model } = kerasModel(how)
    await model.fit(x, y, fitOptions)
    const kept = await model.getWeights()
    await model.fit(x, y, fitOptions)
    model.setWeights(kept)
    await model.fit(x, y, fitOptions)
    return { ...(await weightsOf(model)), kept: kept.flatMap(({ values }) => [...values]) }
  },
  'a learning rate that a callback changes at ends of epochs': async (how) => {
    const { model, optimizer } = kerasModel(how)
    class Decay extends keras.callbacks.Callback {
      override onEpochEnd(): void {
        optimizer.learningRate *= 0.5
      }
    }
    const { history } = await model.fit(x, y, { ...fitOptions, epochs: 3, callbacks: [new Decay()] })
    return { losses: history['loss'] ?? [], rate: [optimizer.learningRate], ...(await weightsOf(model)) }
  },
  'weights that a callback reads and replaces at ends of epochs': async (how) => {
    const { model } = kerasModel(how)
    class Halve extends keras.callbacks.Callback {
      override async onEpochEnd(): Promise<void> {
        const weights = (await this.model?.getWeights()) ?? []
        this.model?.setWeights(
          weights.map(({ values, ...rest }) => ({
            ...rest,
            values: Float32Array.from(values, (w) => w / 2),
          })),
        )
      }
    }
    await model.fit(x, y, { ...fitOptions, epochs: 3, callbacks: [new Halve()] })
    return weightsOf(model)
  },
  'compile again, and train in both executions in turn': async (how) => {
    const { model, optimizer } = kerasModel(how)
    const losses: number[] = []
    for (const runEagerly of [how.runEagerly, true, how.runEagerly, true, how.runEagerly]) {
      model.compile({ optimizer, loss: 'meanSquaredError', ...how, runEagerly })
      const { history } = await model.fit(x, y, { ...fitOptions, epochs: 2 })
      losses.push(...(history['loss'] ?? []))
    }
    return { losses, ...(await weightsOf(model)) }
  },
  'two models, one after the other': async (how) => {
    const [a, b] = [kerasModel(how).model, kerasModel(how, new optimizers.SGD({ learningRate: 0.1 })).model]
    for (const model of [a, b, a, b]) await model.fit(x, y, fitOptions)
    const [first, second] = [await weightsOf(a), await weightsOf(b)]
    return { ...first, ...Object.fromEntries(Object.entries(second).map(([name, w]) => [`b ${name}`, w])) }
  },
  'stopTraining in the middle of an epoch': async (how) => {
    const { model } = kerasModel({ ...how, stepsPerExecution: 1 })
    const losses = new Losses((batch, trained) => {
      if (batch === 1) trained.stopTraining = true
    })
    const { history } = await model.fit(x, y, { ...fitOptions, epochs: 3, callbacks: [losses] })
    return { batches: losses.batches, losses: losses.losses, mean: history['loss'] ?? [] }
  },
}

function torchModel() {
  const hidden = new nn.Linear(4, 6)
  const model = new nn.Sequential(hidden, new nn.Tanh(), new nn.BatchNorm1d(6), new nn.Linear(6, 2))
  return { hidden, model, criterion: new nn.MSELoss() }
}

/** Batches of 4, the last of 3. */
async function eachBatch(run: (x: torch.Tensor, y: torch.Tensor) => void | Promise<void>): Promise<void> {
  for await (const [a, b] of new torch.DataLoader({ x, y }, { batchSize: 4 })) await run(a, b)
}

type Step = (a: torch.Tensor, b: torch.Tensor) => torch.Tensor

function wrapped({ runEagerly, stepsPerExecution }: How, step: Step): Step {
  return runEagerly ? step : torch.compile(step, { stepsPerExecution })
}

const torchScenarios: Record<string, Scenario> = {
  'two optimizers on parts of one model': async (how) => {
    const { hidden, model, criterion } = torchModel()
    const rest = model.parameters().filter((parameter) => !hidden.parameters().includes(parameter))
    const [first, second] = [
      new optim.Adam(hidden.parameters()),
      new optim.SGD(rest, { lr: 0.1, momentum: 0.9 }),
    ]
    const step = wrapped(how, (a, b) => {
      model.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      first.step()
      second.step()
      return loss
    })
    for (let epoch = 0; epoch < 2; epoch++) await eachBatch((a, b) => void step(a, b))
    return weightsOf(model)
  },
  'two steps that change different weights of one model in turn': async (how) => {
    const { hidden, model, criterion } = torchModel()
    const rest = model.parameters().filter((parameter) => !hidden.parameters().includes(parameter))
    const steps = [hidden.parameters(), rest].map((parameters) => {
      const optimizer = new optim.Adam(parameters, { lr: 0.05 })
      return wrapped(how, (a, b) => {
        model.zeroGrad()
        const loss = criterion.forward(model.forward(a), b)
        loss.backward()
        optimizer.step()
        return loss
      })
    })
    for (let epoch = 0; epoch < 2; epoch++) {
      await eachBatch((a, b) => {
        for (const step of steps) step(a, b)
      })
    }
    return weightsOf(model)
  },
  'a layer that is used twice': async (how) => {
    const shared = new nn.Linear(4, 4)
    const model = new nn.Sequential(shared, new nn.Tanh(), shared, new nn.Linear(4, 2))
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
    const criterion = new nn.MSELoss()
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    for (let epoch = 0; epoch < 2; epoch++) await eachBatch((a, b) => void step(a, b))
    return weightsOf(model)
  },
  'a learning rate that changes at every step': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.1 })
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    await eachBatch((a, b) => {
      step(a, b)
      optimizer.paramGroups[0].lr *= 0.7
    })
    return weightsOf(model)
  },
  'evaluation mode between training steps': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
    const train = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    const test = wrapped(how, (a, b) => criterion.forward(model.forward(a), b))
    const losses: number[] = []
    for (let epoch = 0; epoch < 2; epoch++) {
      model.train()
      await eachBatch((a, b) => void train(a, b))
      model.eval()
      await torch.noGrad(() =>
        eachBatch(async (a, b) => {
          losses.push(await test(a, b).item())
        }),
      )
    }
    return { losses, ...(await weightsOf(model)) }
  },
  'weights read, and read again by an eager layer, between steps': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    const found: number[] = []
    await eachBatch(async (a, b) => {
      step(a, b)
      for (const { values } of (await model.weights()).weights) found.push(...values)
      model.eval()
      found.push(
        await torch
          .noGrad(() => model.forward(a))
          .sum()
          .item(),
      )
      model.train()
    })
    return { found }
  },
  'weights loaded between steps': async (how) => {
    const { model, criterion } = torchModel()
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
    const step = wrapped(how, (a, b) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(a), b)
      loss.backward()
      optimizer.step()
      return loss
    })
    const start = await model.weights()
    await eachBatch(async (a, b) => {
      await step(a, b).item()
      if (a.shape[0] === 3) model.loadStateDict(start)
    })
    await eachBatch((a, b) => void step(a, b))
    return weightsOf(model)
  },
}

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
