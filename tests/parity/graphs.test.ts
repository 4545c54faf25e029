/** The graphs of five training steps after the passes, as text: the optimiser's regression test. */
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { setCurrentRun } from '../../src/lib/core/events/currentRun'
import { printGraph } from '../support/printGraph'
import type { Graph } from '../../src/lib/core/graph/types'
import * as keras from '../../src/lib/core/keras'
import { randomState } from '../../src/lib/core/nn/randomState'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'
import type { CompiledReport } from '../../src/lib/core/session/types'
import * as torch from '../../src/lib/core/torch'
import { sizeOf, type Shape } from '../../src/lib/core/util/shapes'
import { kerasTrainee, torchTrainee, type Trainee } from './trainees'
import { attended } from './trainingRun'

const { layers, optimizers } = keras
const { nn, optim } = torch
const tanh = { activation: 'tanh' }

interface Example {
  readonly x: Shape
  readonly y: Shape
  readonly make: () => Trainee
  /** Nodes as traced, and after the passes. */
  readonly nodes: readonly [traced: number, optimised: number]
}

const examples: Record<string, Example> = {
  'keras 2-8-8-1, binary cross-entropy, Adam, accuracy': {
    x: [32, 2],
    y: [32, 1],
    nodes: [165, 52],
    make: () =>
      kerasTrainee({
        inputShape: [2],
        layers: () => [
          new layers.Dense(8, tanh),
          new layers.Dense(8, tanh),
          new layers.Dense(1, { activation: 'sigmoid' }),
        ],
        loss: 'binaryCrossentropy',
        optimizer: () => new optimizers.Adam(),
        metrics: ['accuracy'],
      }),
  },
  'torch 2-8-8-1, binary cross-entropy, Adam': {
    x: [32, 2],
    y: [32, 1],
    nodes: [120, 47],
    make: () =>
      torchTrainee({
        modules: () => [
          new nn.Linear(2, 8),
          new nn.Tanh(),
          new nn.Linear(8, 8),
          new nn.Tanh(),
          new nn.Linear(8, 1),
        ],
        criterion: () => new nn.BCEWithLogitsLoss(),
        optimizer: (parameters) => new optim.Adam(parameters),
      }),
  },
  'keras digits: convolution, pooling, cross-entropy, SGD': {
    x: [8, 14, 14, 1],
    y: [8, 10],
    nodes: [103, 65],
    make: () =>
      kerasTrainee({
        inputShape: [14, 14, 1],
        layers: () => [
          new layers.Conv2D(4, { kernelSize: 3, activation: 'relu' }),
          new layers.MaxPooling2D(),
          new layers.Flatten(),
          new layers.Dense(10, { activation: 'softmax' }),
        ],
        loss: 'categoricalCrossentropy',
        optimizer: () => new optimizers.SGD({ learningRate: 0.1, momentum: 0.9 }),
        metrics: ['accuracy'],
      }),
  },
  'torch dropout, RMSprop': {
    x: [16, 4],
    y: [16, 3],
    nodes: [73, 41],
    make: () =>
      torchTrainee({
        modules: () => [new nn.Linear(4, 8), new nn.ReLU(), new nn.Dropout(0.5), new nn.Linear(8, 3)],
        criterion: () => new nn.CrossEntropyLoss(),
        optimizer: (parameters) => new optim.RMSprop(parameters),
      }),
  },
  'keras batch normalisation, mean squared error, SGD': {
    x: [16, 4],
    y: [16, 1],
    nodes: [125, 66],
    make: () =>
      kerasTrainee({
        inputShape: [4],
        layers: () => [new layers.Dense(6, tanh), new layers.BatchNormalization(), new layers.Dense(1)],
        loss: 'meanSquaredError',
        optimizer: () => new optimizers.SGD({ learningRate: 0.1 }),
        metrics: ['mae'],
      }),
  },
}

/** Stages of the compiled training step. */
async function compiled({ x, y, make }: Example): Promise<readonly Graph[]> {
  const reports: CompiledReport[] = []
  const observer = {
    compiled: (report: CompiledReport) => void reports.push(report),
    ran: () => undefined,
    stepLimit: () => Infinity,
    wantsObservation: () => false,
    warn: () => undefined,
  }
  const session = new Session({ backend: 'wasm', observer })
  setCurrentSession(session)
  setCurrentRun(attended(session))
  randomState.seed(1)
  const trainee = make()
  const zeros = (shape: Shape) =>
    ({ values: new Float32Array(sizeOf(shape)), shape, dtype: 'float32' }) as const
  const [batchSize = 1] = x
  await trainee.train({ x: zeros(x), y: zeros(y) }, { batchSize, epochs: 1, isCompiled: true })
  await session.settle(true)
  trainee.dispose()
  session.dispose()
  return reports.find(({ isTraining }) => isTraining)?.stages.map(({ graph }) => graph) ?? []
}

const stagesOf = new Map<string, readonly Graph[]>()

// All of them in one go: the numbers in names of variables depend on the models that were made before.
beforeAll(async () => {
  await initialiseBackend('cpu')
  for (const [name, example] of Object.entries(examples)) stagesOf.set(name, await compiled(example))
  setCurrentRun(null)
  setCurrentSession(null)
})

it.each(Object.entries(examples))('%s', (name, { nodes }) => {
  const stages = stagesOf.get(name) ?? []
  const [traced, optimised] = [stages[0], stages.at(-1)]
  expect([traced?.nodes.length, optimised?.nodes.length]).toEqual(nodes)
  expect(optimised && printGraph(optimised)).toMatchSnapshot()
})

it('the toy step of Keras has fewer than 60 nodes, its metric included', () => {
  const [toy] = stagesOf.values()
  expect(toy?.at(-1)?.results).toHaveLength(2)
  expect(toy?.at(-1)?.nodes.length).toBeLessThan(60)
})
