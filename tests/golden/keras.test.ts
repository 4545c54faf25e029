/** Layers, losses, optimizers and schedules of Keras (makeKerasFixtures.py) against those of 'tandem/keras'. */
import { readFileSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/lib/core/data/types'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { tf } from '../../src/lib/core/eager/tfjs'
import * as keras from '../../src/lib/core/keras'
import type { Loss } from '../../src/lib/core/keras/loss'
import type { LearningRateSchedule } from '../../src/lib/core/keras/schedules'
import { expectClose } from './comparison'
import { arrayOf, make, tensorOf, type Call, type Values } from './kerasCalls'

type Lists = readonly (readonly number[])[]

interface TrainingFixture {
  readonly name: string
  readonly layers: readonly Call[]
  /** Or the layer in which two branches meet. */
  readonly join?: Call
  readonly lossClass: Call
  readonly optimizer: Call
  readonly schedule?: Call
  readonly rates?: readonly number[]
  readonly sampleWeight?: readonly number[]
  readonly x: Values
  readonly y: Values
  readonly weights: readonly Values[]
  readonly forward: readonly number[]
  /** The loss of each example. */
  readonly unreduced?: readonly number[]
  /** The rest is missing where training draws random numbers. */
  readonly loss?: number
  readonly gradients: Lists
  readonly after1: Lists
  readonly after10: Lists
}

const file = new URL('kerasFixtures.json', import.meta.url)
const { training } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly training: readonly TrainingFixture[]
}
const examples = 4

function network({ x, layers, join }: TrainingFixture): keras.Model {
  const inputs = keras.Input({ shape: x.shape.slice(1) })
  if (!join)
    return new keras.Sequential([
      inputs,
      ...layers.map((layer) => make<keras.layers.Layer>('layers', ...layer)),
    ])
  const branches = [new keras.layers.Dense(3, { activation: 'tanh' }), new keras.layers.Dense(3)]
  const joined = make<keras.layers.Add>('layers', ...join).apply(branches.map((layer) => layer.apply(inputs)))
  return new keras.Model({ inputs, outputs: new keras.layers.Dense(2).apply(joined) })
}

/** The fixture's order of weights is that of our layers. */
function modelOf(fixture: TrainingFixture): keras.Model {
  const model = network(fixture)
  model.setWeights(fixture.weights.map(arrayOf))
  const optimizer = make<keras.Optimizer>('optimizers', ...fixture.optimizer)
  model.compile({ optimizer, loss: make<Loss>('losses', ...fixture.lossClass), runEagerly: true })
  return model
}

/** Class numbers are integers, one for each example. */
function labelsOf({ y, lossClass: [name] }: TrainingFixture): tf.Tensor {
  const labels = tensorOf(y)
  return name === 'SparseCategoricalCrossentropy' ? tf.cast(tf.reshape(labels, [-1]), 'int32') : labels
}

function expectGradients(fixture: TrainingFixture): void {
  const model = modelOf(fixture)
  const sampleWeight = fixture.sampleWeight && tf.tensor1d([...fixture.sampleWeight])
  const tape = new keras.GradientTape()
  const loss = tape.record(() => {
    const yPred = model.apply(tensorOf(fixture.x), { training: true })
    return model.computeLoss({ y: labelsOf(fixture), yPred, sampleWeight })
  })
  expectClose(loss.dataSync(), [fixture.loss ?? NaN], 'loss')
  const gradients = tape.gradient(loss, model.trainableVariables)
  expect(gradients).toHaveLength(fixture.gradients.length)
  for (const [index, gradient] of gradients.entries())
    expectClose(gradient?.dataSync() ?? [], fixture.gradients[index] ?? [], `gradient ${index}`)
}

function expectLosses({ lossClass: [name, options], ...fixture }: TrainingFixture): void {
  if (!fixture.unreduced) return
  const each = make<Loss>('losses', name, { ...(options as object), reduction: 'none' })
  const labels = labelsOf({ ...fixture, lossClass: [name] })
  const outputs = tensorOf({ shape: [examples, 3], values: fixture.forward })
  expectClose(each.apply(labels, outputs).dataSync(), fixture.unreduced, 'unreduced')
}

async function expectWeights(fixture: TrainingFixture): Promise<void> {
  const model = modelOf(fixture)
  const { sampleWeight } = fixture
  const weighted = sampleWeight && { sampleWeight: arrayOf({ shape: [examples], values: sampleWeight }) }
  for (const [epochs, expected] of [
    [1, fixture.after1],
    [9, fixture.after10],
  ] as const) {
    const options = { batchSize: examples, shuffle: false, epochs, ...weighted }
    await model.fit(arrayOf(fixture.x), arrayOf(fixture.y), options)
    for (const [index, { values }] of (await model.getWeights()).entries())
      expectClose(values, expected[index] ?? [], `weight ${index} after ${epochs} more`)
  }
}

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => keras.setRandomSeed(1))

describe('forward, loss, gradients, and weights after 1 and 10 steps', () => {
  it.each(training)('$name', async (fixture) => {
    const outputs = await modelOf(fixture).predict(arrayOf(fixture.x))
    expectClose((outputs as NdArray).values, fixture.forward, 'forward')
    if (fixture.loss === undefined) return
    expectLosses(fixture)
    expectGradients(fixture)
    await expectWeights(fixture)
  })
})

describe('learning rates', () => {
  it.each(training.filter(({ schedule }) => schedule))('$name', ({ schedule = [''], rates = [] }) => {
    const made = make<LearningRateSchedule>('optimizers.schedules', ...schedule)
    const given = rates.map((_, step) => made.call(step))
    expectClose(given, rates, 'rates')
  })
})
