/** Our Keras-style programs train as the real Keras did from the same weights and batches: see recordLosses.mjs. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchNormMomentum, normalizationEpsilon } from '../../src/lib/core/catalogue/layers/normalization'
import { adagradEpsilon, initialAccumulator } from '../../src/lib/core/catalogue/optimizers/adagrad'
import { adamEpsilon, adamwDecay } from '../../src/lib/core/catalogue/optimizers/adam'
import { rmspropEpsilon } from '../../src/lib/core/catalogue/optimizers/rmsprop'
import { pythonCases, useCaseData } from './pythonCases'
import { differenceOf, fingerprint, readLosses, runKeras, scriptOf } from './pythonRuns'

const { cases } = readLosses('keras')

beforeAll(useCaseData)

describe.each(pythonCases)('$name', ({ name, spec }) => {
  const recorded = cases[name]

  it('was recorded from this script', () => {
    const hint = 'The script changed: run node tests/golden/recordLosses.mjs.'
    expect(recorded?.script, hint).toBe(fingerprint(scriptOf(spec, 'keras')))
  })

  it('trains alike', async () => {
    const { trainFraction } = spec.data
    expect(recorded?.losses.length).toBe(spec.training.epochs)
    expect(recorded?.valLosses.length).toBe(trainFraction < 1 ? spec.training.epochs : 0)
    expect(differenceOf((await runKeras(spec)).figures, recorded)).toBeLessThanOrEqual(1e-4)
  })
})

describe("Keras' own defaults", () => {
  const { defaults } = JSON.parse(readFileSync('tests/golden/kerasFixtures.json', 'utf8')) as {
    readonly defaults: readonly {
      readonly name: string
      readonly parameters: Readonly<Record<string, unknown>>
    }[]
  }
  it.each([
    ['optimizers.Adam', 'epsilon', adamEpsilon],
    ['optimizers.AdamW', 'epsilon', adamEpsilon],
    ['optimizers.RMSprop', 'epsilon', rmspropEpsilon],
    ['optimizers.Adagrad', 'epsilon', adagradEpsilon],
    ['optimizers.Adagrad', 'initial_accumulator_value', initialAccumulator],
    ['optimizers.AdamW', 'weight_decay', adamwDecay],
    ['layers.BatchNormalization', 'epsilon', normalizationEpsilon],
    ['layers.BatchNormalization', 'momentum', batchNormMomentum],
    ['layers.LayerNormalization', 'epsilon', normalizationEpsilon],
  ])('%s: %s', (name, parameter, { keras }) => {
    expect(defaults.find((each) => each.name === name)?.parameters[parameter]).toBe(keras)
  })
})
