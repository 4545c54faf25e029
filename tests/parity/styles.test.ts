/** The generated Keras-style and PyTorch-style programs train alike when lane B is aligned to lane A. */
import { beforeAll, describe, expect, it } from 'vitest'
import { generatePrograms } from '../../src/lib/core/codegen'
import { setDigitsSource } from '../../src/lib/core/data/digits'
import { toLayout } from '../../src/lib/core/nn/weightLayouts'
import type { ModelWeights } from '../../src/lib/core/nn/weights'
import { startTestRun, type TestRun } from '../support/testRun'
import { parseSpec } from '../../src/lib/core/spec/parse'
import type { Spec, Style } from '../../src/lib/core/spec/schema'
import { randomStream } from '../../src/lib/core/util/random'

const steps = 20
const tolerance = 1e-5

/** 40 digits of random pixels in the packed file's format: quick to make, and no layout error hides in blank areas. */
function packedNoise(): Uint8Array {
  const count = 40
  const random = randomStream(1, 'noise')
  const bytes = Uint8Array.from({ length: 8 + count * 785 }, () => Math.floor(random() * 256))
  bytes.set([0x54, 0x44, 0x49, 0x47, count, 0, 0, 0])
  for (let digit = 0; digit < count; digit++) bytes[8 + digit] = digit % 10
  return bytes
}

const circle = { kind: 'circle', samples: 100, trainFraction: 0.5 }
const digits = { kind: 'digits', samples: 40, trainFraction: 0.8 }
const dense = (units: number, activation: string, rest = {}) => ({
  type: 'dense',
  units,
  activation,
  ...rest,
})
const sgd = (rest = {}) => ({ type: 'sgd', learningRate: 0.05, ...rest })
const adam = (rest = {}) => ({ type: 'adam', learningRate: 0.03, ...rest })
const tanhNet = [dense(8, 'tanh'), dense(8, 'tanh'), dense(1, 'sigmoid')]
const convNet = [
  { type: 'conv2d', filters: 3, kernelSize: 5, strides: 2, activation: 'relu' },
  { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'leakyRelu' },
  { type: 'maxPooling2d', poolSize: 3, strides: 2 },
  { type: 'dropout', rate: 0.2 },
  { type: 'flatten' },
  { type: 'dropout', rate: 0.3 },
  dense(12, 'relu'),
  dense(10, 'softmax'),
]

function spec(rest: object): Spec {
  return parseSpec({
    version: 1,
    data: circle,
    model: { layers: tanhNet },
    loss: 'binaryCrossentropy',
    optimizer: sgd(),
    training: { batchSize: 16, epochs: 5 },
    ...rest,
  })
}

function regression(loss: string): Spec {
  return spec({
    data: { kind: 'waves', samples: 100, trainFraction: 0.5 },
    model: { layers: [dense(8, 'tanh'), dense(1, 'linear')] },
    loss,
  })
}

/** Partial last batches in every case: 50 = 3·16 + 2 points, 32 = 3·10 + 2 digits. */
const cases: Record<string, () => Spec> = {
  SGD: () => spec({}),
  'SGD with momentum': () => spec({ optimizer: sgd({ momentum: 0.9 }) }),
  'SGD with Nesterov momentum': () => spec({ optimizer: sgd({ momentum: 0.9, nesterov: true }) }),
  'SGD with weight decay': () => spec({ optimizer: sgd({ momentum: 0.5, weightDecay: 0.1 }) }),
  Adam: () => spec({ optimizer: adam() }),
  'Adam with weight decay': () => spec({ optimizer: adam({ weightDecay: 0.1, beta1: 0.8 }) }),
  'Adam with decoupled weight decay': () => spec({ optimizer: adam({ type: 'adamw', weightDecay: 0.1 }) }),
  RMSprop: () => spec({ optimizer: { type: 'rmsprop', learningRate: 0.01 } }),
  'RMSprop with momentum and weight decay': () =>
    spec({ optimizer: { type: 'rmsprop', learningRate: 0.003, momentum: 0.9, weightDecay: 0.1 } }),
  Adagrad: () => spec({ optimizer: { type: 'adagrad', learningRate: 0.05 } }),
  'Adagrad with weight decay': () =>
    spec({ optimizer: { type: 'adagrad', learningRate: 0.05, weightDecay: 0.1, initialAccumulator: 0.2 } }),
  'batch and layer normalisation': () =>
    spec({
      model: {
        layers: [
          dense(8, 'tanh'),
          { type: 'batchNormalization' },
          dense(8, 'tanh'),
          { type: 'layerNormalization' },
          dense(1, 'sigmoid'),
        ],
      },
    }),
  'average pooling and normalisation on both sides of a flatten': () =>
    spec({
      data: digits,
      model: {
        layers: [
          { type: 'averagePooling2d', poolSize: 4 },
          { type: 'conv2d', filters: 3, kernelSize: 3, activation: 'relu' },
          { type: 'batchNormalization', momentum: 0.9 },
          { type: 'averagePooling2d', poolSize: 3, strides: 2 },
          { type: 'flatten' },
          { type: 'batchNormalization' },
          { type: 'layerNormalization' },
          dense(10, 'softmax'),
        ],
      },
      loss: 'sparseCategoricalCrossentropy',
      training: { batchSize: 10, epochs: 5 },
    }),
  'every activation': () =>
    spec({
      model: {
        layers: [
          dense(6, 'relu'),
          dense(6, 'leakyRelu'),
          dense(6, 'gelu', { useBias: false }),
          dense(6, 'sigmoid'),
          { type: 'activation', activation: 'leakyRelu' },
          dense(1, 'linear'),
        ],
      },
    }),
  'dropout between dense layers': () =>
    spec({ model: { layers: [dense(8, 'tanh'), { type: 'dropout', rate: 0.4 }, dense(1, 'sigmoid')] } }),
  regression: () => regression('meanSquaredError'),
  'regression by absolute error': () => regression('meanAbsoluteError'),
  'regression by Huber loss': () => regression('huber'),
  'three classes, one-hot': () =>
    spec({
      data: { kind: 'spiral', classes: 3, samples: 100, trainFraction: 0.5 },
      model: { layers: [dense(8, 'relu'), dense(3, 'softmax')] },
      loss: 'categoricalCrossentropy',
    }),
  'convolutions, pooling and dropout on both sides of a flatten': () =>
    spec({
      data: digits,
      model: { layers: convNet },
      loss: 'sparseCategoricalCrossentropy',
      training: { batchSize: 10, epochs: 5 },
    }),
}

async function run(program: string, initialWeights?: ModelWeights): Promise<TestRun> {
  const started = await startTestRun(program, {
    limit: { kind: 'steps', count: steps },
    compareWeights: true,
    ...(initialWeights ? { initialWeights } : {}),
  })
  await Promise.race([started.reaches('paused'), started.done])
  started.lane.stop()
  await started.done
  expect(started.error).toBeUndefined()
  return started
}

async function runBoth(spec: Spec, styles: readonly [Style, Style], edit = (text: string) => text) {
  const [programA, programB] = generatePrograms(spec, styles)
  const a = await run(programA)
  const initialWeights = a.weights[0]?.weights
  return [a, await run(edit(programB), initialWeights)] as const
}

function lossDifference([a, b]: readonly [TestRun, TestRun], tag = 'loss'): number {
  const others = b.series(tag)
  return Math.max(...a.series(tag).map(({ value }, index) => Math.abs(value - (others[index]?.value ?? NaN))))
}

function weightDifference([a, b]: readonly [TestRun, TestRun]): number {
  const [inKeras, others] = [a, b].map(({ weights }) => {
    const last = weights.at(-1)?.weights
    return last ? toLayout(last, 'keras').weights : []
  })
  const differences = (inKeras ?? []).map(({ values }, index) =>
    values.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (others?.[index]?.values[at] ?? NaN))),
      0,
    ),
  )
  return Math.max(...differences)
}

beforeAll(() => {
  setDigitsSource(() => Promise.resolve(packedNoise()))
})

describe.each<[Style, Style]>([
  ['keras', 'torch'],
  ['torch', 'keras'],
])('lane A in %s, lane B in %s', (...styles) => {
  it.each(Object.entries(cases))('%s', async (_, makeSpec) => {
    const lanes = await runBoth(makeSpec(), styles)
    expect(lanes.map((lane) => lane.series('loss').length)).toEqual([steps, steps])
    expect(lanes.map((lane) => lane.series('epoch/valLoss').length)).toEqual([4, 4])
    expect(lanes.map((lane) => lane.weights.at(-1)?.step)).toEqual([steps, steps])
    expect(lossDifference(lanes)).toBeLessThanOrEqual(tolerance)
    expect(lossDifference(lanes, 'epoch/valLoss')).toBeLessThanOrEqual(tolerance)
    expect(lanes[1].series('epoch/valMae').length).toBe(lanes[0].series('epoch/valMae').length)
    expect(lossDifference(lanes, 'epoch/valMae')).toBeLessThanOrEqual(tolerance)
    expect(lanes[1].series('epoch/valAccuracy')).toEqual(lanes[0].series('epoch/valAccuracy'))
    expect(weightDifference(lanes)).toBeLessThanOrEqual(1e-4)
  })

  it('a learning rate one percent off is noticed', async () => {
    const lanes = await runBoth(spec({ optimizer: adam() }), styles, (text) => text.replace('0.03', '0.0303'))
    expect(lossDifference(lanes)).toBeGreaterThan(tolerance)
  })
})
