/** What callbacks of Keras do after each epoch (makeKerasFixtures.py) against those of 'tandem/keras'. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import * as keras from '../../src/lib/core/keras'
import type { Callback } from '../../src/lib/core/keras/callbacks'
import { inCamelCase } from '../../src/lib/core/util/spelling'
import { expectClose } from './comparison'
import { make, titled, type Call } from './kerasCalls'

interface CallbackFixture {
  readonly callback: Call
  readonly figure: string
  readonly values: readonly number[]
  readonly epochs: readonly { readonly best: number | null; readonly rate: number; readonly stops: boolean }[]
  readonly weight: number
  readonly stoppedEpoch?: number
  readonly bestEpoch?: number
}

interface CheckpointFixture {
  readonly options: { readonly saveFreq?: number }
  readonly figure: string
  readonly values: readonly number[]
  /** The files that are there after each epoch. */
  readonly kept: readonly (readonly string[])[]
}

interface TableFixture {
  readonly options: { readonly separator?: string }
  readonly rows: readonly Readonly<Record<string, number>>[]
  readonly text: string
}

interface Fixtures {
  readonly callbacks: readonly CallbackFixture[]
  readonly checkpoints: readonly CheckpointFixture[]
  readonly tables: readonly TableFixture[]
}

const file = new URL('kerasFixtures.json', import.meta.url)
const fixtures = JSON.parse(readFileSync(file, 'utf8')) as Fixtures

/** A model whose only weight is a number. */
function watchedModel(): keras.Model {
  const layer = new keras.layers.Dense(1, { useBias: false })
  const model = new keras.Sequential([keras.Input({ shape: [1] }), layer])
  const optimizer = new keras.optimizers.SGD(0.1)
  model.compile({ optimizer, loss: 'mse', metrics: ['accuracy'], runEagerly: true })
  return model
}

beforeAll(() => initialiseBackend('cpu'))

/** In the fixtures a function of epoch and learning rate is a list of factors. */
function callbackOf([name, given = {}]: Call): Callback {
  if (typeof given !== 'object' || given === null || !('factors' in given))
    return make('callbacks', name, given)
  const factors = given.factors as readonly number[]
  return new keras.callbacks.LearningRateScheduler((epoch, rate) => rate * (factors[epoch] ?? NaN))
}

describe('weights, learning rates and ends', () => {
  it.each(titled(fixtures.callbacks, ({ callback }) => callback))('%s', async (_, fixture) => {
    const model = watchedModel()
    const callback = callbackOf(fixture.callback)
    callback.model = model
    await callback.onTrainBegin({})
    for (const [epoch, expected] of fixture.epochs.entries()) {
      model.setWeights([{ shape: [1, 1], values: Float32Array.of(epoch), dtype: 'float32' }])
      await callback.onEpochBegin(epoch, {})
      await callback.onEpochEnd(epoch, { [fixture.figure]: fixture.values[epoch] ?? NaN })
      if ('best' in callback) expect(callback.best).toBe(expected.best)
      expect(model.stopTraining).toBe(expected.stops)
      expectClose([model.optimizer?.learningRate ?? NaN], [expected.rate], 'learning rate')
    }
    await callback.onTrainEnd({})
    const [weight] = await model.getWeights()
    expect([...(weight?.values ?? [])]).toEqual([fixture.weight])
    const { stoppedEpoch, bestEpoch } = fixture
    if (bestEpoch !== undefined) expect(callback).toMatchObject({ stoppedEpoch, bestEpoch })
  })
})

describe('ModelCheckpoint', () => {
  it.each(titled(fixtures.checkpoints, ({ options }) => options))('%s', async (_, fixture) => {
    const { options, figure, values, kept } = fixture
    const path = `{epoch:02d}${options.saveFreq === undefined ? `-{${figure}:.2f}` : ''}`
    const callback = new keras.callbacks.ModelCheckpoint(path, options)
    callback.model = watchedModel()
    const names = new Set<string>()
    for (const [epoch, value] of values.entries()) {
      callback.onEpochBegin(epoch)
      for (const batch of [0, 1]) await callback.onTrainBatchEnd(batch, { loss: value })
      await callback.onEpochEnd(epoch, { [figure]: value })
      if (callback.lastPath !== '') names.add(callback.lastPath)
      expect([...names]).toEqual(kept[epoch])
    }
  })
})

describe('CSVLogger', () => {
  it.each(titled(fixtures.tables, ({ options }) => options))('%s', (_, { options, rows, text }) => {
    const { separator = ',' } = options
    const callback = new keras.callbacks.CSVLogger('table.csv', options)
    callback.onTrainBegin()
    for (const [epoch, row] of rows.entries()) {
      const logs = Object.entries(row).map(([name, value]) => [inCamelCase(name), value] as const)
      callback.onEpochEnd(epoch, Object.fromEntries(logs))
    }
    const [heading = '', ...lines] = text.trim().split('\n')
    const [ours = '', ...ourLines] = callback.text.trim().split('\n')
    expect(ours.split(separator)).toEqual(heading.split(separator).map(inCamelCase))
    // Python writes 1.0 for 1.
    const cells = (line: string) => line.split(separator).map((cell) => (cell === 'NA' ? cell : Number(cell)))
    expect(ourLines.map(cells)).toEqual(lines.map(cells))
  })
})
