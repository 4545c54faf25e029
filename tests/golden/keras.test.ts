/**
 * Our Keras style computes what Keras does, by the fixtures of makeKerasFixtures.mjs: outputs, losses, gradients, and
 * weights after 1 and 10 steps. Errors are relative to the largest value of a tensor, or to 1e-3 where all are smaller.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/lib/core/data/types'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { tf } from '../../src/lib/core/eager/tfjs'
import * as keras from '../../src/lib/core/keras'
import { toInitializer } from '../../src/lib/core/keras/initializers'
import type { Loss } from '../../src/lib/core/keras/losses'
import type { LearningRateSchedule } from '../../src/lib/core/keras/schedules'
import fixtures from './kerasFixtures.json'

interface Values {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** A class of ours and the arguments of its constructor. */
type Made = readonly [name: string, ...args: unknown[]]

interface GoldenCase {
  readonly name: string
  readonly source: 'tf.layers' | 'formula'
  readonly input?: readonly number[]
  /** Layers one after the other. */
  readonly ours?: readonly Made[]
  /** Or the layer in which two branches meet. */
  readonly join?: 'Add' | 'Concatenate'
  readonly lossClass?: Made
  readonly optimizer?: Made
  readonly schedule?: Made
  readonly rates?: readonly number[]
  readonly sampleWeight?: readonly number[]
  readonly x: Values
  readonly y: Values
  readonly weights: readonly Values[]
  readonly forward: readonly number[]
  readonly loss: number
  readonly gradients: readonly (readonly number[])[]
  readonly after1: readonly (readonly number[])[]
  readonly after10: readonly (readonly number[])[]
}

const cases = fixtures.cases as unknown as readonly GoldenCase[]

/** A bias in front of a normalisation has a true gradient of 0, of which both sides hold their rounding: 1e-8, not above. */
const smallest = 1e-3
const tolerance = 1e-5

function error(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity
  const size = Math.max(smallest, ...expected.map(Math.abs))
  return Math.max(...expected.map((value, index) => Math.abs((actual[index] ?? NaN) - value) / size))
}

function expectClose(what: string, actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(error(actual, expected), what).toBeLessThan(tolerance)
}

const array = ({ shape, values }: Values): NdArray => ({
  shape,
  values: Float32Array.from(values),
  dtype: 'float32',
})

function make<T>(classes: object, [name, ...args]: Made): T {
  const Class = (classes as Record<string, new (...args: unknown[]) => T>)[name]
  if (!Class) throw new Error(`no class ${name}`)
  return new Class(...args)
}

function network({ x, ours, join }: GoldenCase): keras.Model {
  const inputs = keras.Input({ shape: x.shape.slice(1) })
  if (ours)
    return new keras.Sequential([inputs, ...ours.map((made) => make<keras.layers.Layer>(keras.layers, made))])
  const branches = [new keras.layers.Dense(3, { activation: 'tanh' }), new keras.layers.Dense(3)]
  const joined = new keras.layers[join ?? 'Add']().apply(branches.map((layer) => layer.apply(inputs)))
  return new keras.Model({ inputs, outputs: new keras.layers.Dense(2).apply(joined) })
}

/** The fixture's order of weights is that of our layers. */
function model(one: GoldenCase): keras.Model {
  const made = network(one)
  made.setWeights(one.weights.map(array))
  const { learningRate } = fixtures
  const schedule = one.schedule && make<LearningRateSchedule>(keras.optimizers.schedules, one.schedule)
  const optimizer = one.optimizer
    ? make<keras.Optimizer>(keras.optimizers, one.optimizer)
    : new keras.optimizers.SGD({ learningRate: schedule ?? learningRate })
  const loss = one.lossClass ? make<Loss>(keras.losses, one.lossClass) : new keras.losses.MeanSquaredError()
  made.compile({ optimizer, loss, runEagerly: true })
  return made
}

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => keras.setRandomSeed(1))

describe.each(['tf.layers', 'formula'] as const)('as by %s', (source) => {
  it.each(cases.filter((one) => one.source === source))('$name', async (one) => {
    const outputs = await model(one).predict(array(one.x))
    expectClose('forward', (outputs as NdArray).values, one.forward)

    const tape = new keras.GradientTape()
    const taped = model(one)
    const [x, y] = [one.x, one.y].map(({ values, shape }) => tf.tensor([...values], [...shape])) as [
      tf.Tensor,
      tf.Tensor,
    ]
    const sampleWeight = one.sampleWeight && tf.tensor1d([...one.sampleWeight])
    const labels =
      one.lossClass?.[0] === 'SparseCategoricalCrossentropy' ? tf.cast(tf.reshape(y, [-1]), 'int32') : y
    const loss = tape.record(() =>
      taped.computeLoss({ y: labels, yPred: taped.apply(x, { training: true }), sampleWeight }),
    )
    expectClose('loss', loss.dataSync(), [one.loss])
    const gradients = tape.gradient(loss, taped.trainableVariables)
    expect(gradients).toHaveLength(one.gradients.length)
    for (const [index, gradient] of gradients.entries())
      expectClose(`gradient ${index}`, gradient?.dataSync() ?? [], one.gradients[index] ?? [])

    const trained = model(one)
    const weights = one.sampleWeight && array({ shape: [one.sampleWeight.length], values: one.sampleWeight })
    const options = { batchSize: 4, shuffle: false, ...(weights ? { sampleWeight: weights } : {}) }
    for (const [epochs, expected] of [
      [1, one.after1],
      [9, one.after10],
    ] as const) {
      // prettier-ignore
      await trained.fit(array(one.x), array(one.y), { ...options, epochs })
      for (const [index, { values }] of (await trained.getWeights()).entries())
        expectClose(`weight ${index} after ${epochs} more`, values, expected[index] ?? [])
    }
  })
})

describe('learning rates', () => {
  it.each(cases.filter(({ schedule }) => schedule))('$name', ({ schedule = [''], rates = [] }) => {
    const made = make<LearningRateSchedule>(keras.optimizers.schedules, schedule)
    expectClose(
      'rates',
      rates.map((_, step) => made.call(step)),
      rates,
    )
  })
})

describe('initializers', () => {
  const kernels = 4000
  // Of n draws the mean is off by σ/√n and the deviation by about σ/√(2n); n is 96 000, and five of these are allowed.
  const allowed = 5 / Math.sqrt(kernels * 24)

  it.each(Object.entries(fixtures.initializers))('%s', (name, { min, max, deviation, ...expected }) => {
    const mean = 'mean' in expected ? expected.mean : 0
    const initializer = toInitializer('golden', name)
    const values = Array.from({ length: kernels }, () => [...initializer.values([6, 4])]).flat()
    const found = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length
    expect(Math.abs(found - mean)).toBeLessThanOrEqual(allowed * deviation + 1e-12)
    expect(Math.abs(Math.sqrt(variance) - deviation)).toBeLessThanOrEqual(allowed * deviation + 1e-12)
    const least = values.reduce((a, b) => Math.min(a, b), Infinity)
    const most = values.reduce((a, b) => Math.max(a, b), -Infinity)
    expect(least).toBeGreaterThanOrEqual((min ?? -Infinity) - 1e-6)
    expect(most).toBeLessThanOrEqual((max ?? Infinity) + 1e-6)
  })

  it('orthogonal makes orthonormal columns', () => {
    const columns = toInitializer('golden', 'orthogonal').values([6, 4])
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        let product = 0
        for (let row = 0; row < 6; row++) product += (columns[4 * row + a] ?? 0) * (columns[4 * row + b] ?? 0)
        expect(product).toBeCloseTo(a === b ? 1 : 0, 6)
      }
  })
})
