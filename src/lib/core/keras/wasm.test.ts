import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { LabelEncoding } from '../data/types'
import { gaussians } from '../data/gaussians'
import { disposeBackend, initialiseBackend, type BackendName } from '../eager/backends'
import { Input, layers, optimizers, Sequential, setRandomSeed, type Optimizer } from './index'

const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
const wasmFiles = Object.fromEntries(
  ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map(
    (name) => [name, join(wasmFolder, name)],
  ),
)

interface Case {
  loss: string
  labels: LabelEncoding
  output: layers.Layer[]
  optimizer: () => Optimizer
}

const cases: Record<string, () => Case> = {
  'binaryCrossentropy behind a sigmoid, Adam': () => ({
    loss: 'binaryCrossentropy',
    labels: 'binary',
    output: [new layers.Dense(1, { activation: 'sigmoid' })],
    optimizer: () => new optimizers.Adam({ weightDecay: 0.01 }),
  }),
  'binaryCrossentropy of bare probabilities, SGD': () => ({
    loss: 'binaryCrossentropy',
    labels: 'binary',
    output: [new layers.Dense(1, { activation: 'sigmoid' }), new layers.Dropout(0)],
    optimizer: () => new optimizers.SGD({ weightDecay: 0.01 }),
  }),
  'categoricalCrossentropy, SGD with momentum': () => ({
    loss: 'categoricalCrossentropy',
    labels: 'oneHot',
    output: [new layers.Dense(2, { activation: 'softmax' })],
    optimizer: () => new optimizers.SGD({ momentum: 0.9, nesterov: true }),
  }),
  'sparseCategoricalCrossentropy, Adam by PyTorch': () => ({
    loss: 'sparseCategoricalCrossentropy',
    labels: 'index',
    output: [new layers.Dense(2, { activation: 'softmax' })],
    optimizer: () => new optimizers.Adam({ formulation: 'torch', weightDecay: 0.01 }),
  }),
  'meanSquaredError, SGD by PyTorch': () => ({
    loss: 'meanSquaredError',
    labels: 'binary',
    output: [new layers.Dense(1)],
    optimizer: () => new optimizers.SGD({ formulation: 'torch', momentum: 0.9, weightDecay: 0.01 }),
  }),
}

/** Loss and metrics of two epochs over every activation and dropout. */
async function figures(backend: BackendName, makeCase: () => Case): Promise<Record<string, number[]>> {
  await initialiseBackend(backend, { wasmFiles })
  setRandomSeed(7)
  const { loss, labels, output, optimizer } = makeCase()
  const { train, test } = gaussians({ samples: 80, noise: 0.2, trainFraction: 0.5, seed: 7, labels })
  const model = new Sequential([
    Input({ shape: [2] }),
    ...['tanh', 'relu', 'leakyRelu', 'gelu', 'sigmoid'].map(
      (activation) => new layers.Dense(5, { activation }),
    ),
    new layers.LeakyReLU(),
    new layers.Dropout(0.2),
    ...output,
  ])
  model.compile({
    optimizer: optimizer(),
    loss,
    metrics: ['accuracy', 'mae', 'mse'].slice(0, labels === 'index' ? 1 : 3),
  })
  const { history } = await model.fit(train.x, train.y, { epochs: 2, validationData: [test.x, test.y] })
  disposeBackend()
  return history
}

afterAll(() => disposeBackend())

it.each(Object.entries(cases))('wasm trains as cpu does: %s', async (_, makeCase) => {
  const onCpu = await figures('cpu', makeCase)
  const onWasm = await figures('wasm', makeCase)
  expect(Object.keys(onWasm)).toEqual(Object.keys(onCpu))
  for (const [name, values] of Object.entries(onCpu)) {
    values.forEach((value, epoch) => expect(onWasm[name]?.[epoch]).toBeCloseTo(value, 5))
  }
})
