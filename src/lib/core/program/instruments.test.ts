import { expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { engineCounts } from '../eager/counters'
import { Instruments, isSampled } from './instruments'
import { StepClock } from './stepClock'
import type { TrainedModel } from './trained'
import type { Prediction } from './types'

it('thins out steps and epochs by their number alone, so that both lanes choose the same ones', () => {
  const compared = Array.from({ length: 3000 }, (_, index) => index + 1).filter(isSampled)
  expect(compared.slice(97, 102)).toEqual([98, 99, 100, 110, 120])
  expect(compared.filter((epoch) => epoch >= 1000)).toHaveLength(21)
})

it('says once that a model answers with more than the page shows, and asks it no more', async () => {
  await initialiseBackend('cpu')
  const warnings: string[] = []
  const predictions: Prediction[] = []
  const nothing = () => undefined
  const instruments = new Instruments({
    now: () => 0,
    clock: new StepClock(() => 0, engineCounts),
    port: {
      prediction: (prediction) => predictions.push(prediction),
      digitSamples: nothing,
      initialWeights: nothing,
      comparedWeights: nothing,
    },
    probe: { kind: 'grid', extent: 1, resolution: 2, activation: 'linear' },
    compareWeights: false,
    keepsCheckpoints: false,
    warn: (message) => warnings.push(message),
  })
  const model = (outputs: number): TrainedModel => ({
    variables: () => [],
    forward: (x) => x,
    weights: () => Promise.resolve({ layout: 'torch', weights: [] }),
    setWeights: nothing,
    predict: () =>
      Promise.resolve({
        values: new Float32Array(4 * outputs),
        shape: [4, outputs],
        dtype: 'float32',
      }),
  })
  // The first time its inputs are still being made.
  for (const [step, outputs] of [1024, 1024, 1025, 1025].entries())
    await instruments.onPause(model(outputs), step)
  expect(predictions.map(({ step, outputs }) => [step, outputs])).toEqual([[1, 1024]])
  expect(warnings).toEqual([
    'prediction: expected a model of at most 1024 outputs, got 1025. Its answers are not shown.',
  ])
})
