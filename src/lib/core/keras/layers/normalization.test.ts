import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../eager/tfjs'
import { ShapeError } from '../../util/errors'
import { Input } from '../input'
import { Sequential } from '../sequential'
import * as layers from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const valuesOf = (tensor: tf.Tensor) => Array.from(tensor.dataSync())

function expectClose(actual: Iterable<number>, expected: readonly number[]): void {
  expect([...actual].length).toBe(expected.length)
  ;[...actual].forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5))
}

/** Column means 2 and 4, variances 1 and 4 (unbiased 2 and 8). */
const batch = () => tf.tensor2d([[1, 2], [3, 6]]) // prettier-ignore

describe('BatchNormalization', () => {
  it('normalises by the batch while training, by the moving averages otherwise', async () => {
    const model = new Sequential([Input({ shape: [2] }), new layers.BatchNormalization({ momentum: 0.9 })])
    expectClose(
      valuesOf(model.apply(batch())),
      [1, 2, 3, 6].map((x) => x / Math.sqrt(1.001)),
    )
    const [one, four] = [1 / Math.sqrt(1.001), 2 / Math.sqrt(4.001)]
    expectClose(valuesOf(model.apply(batch(), { training: true })), [-one, -four, one, four])
    const { weights } = await model.weights()
    expect(weights.map(({ name }) => name.replace('batch_normalization/', ''))).toEqual([
      'gamma',
      'beta',
      'moving_mean',
      'moving_variance',
    ])
    expectClose(weights[2]?.values ?? [], [0.2, 0.4])
    expectClose(weights[3]?.values ?? [], [1, 1.3])
    const [mean = NaN, variance = NaN] = [weights[2]?.values[0], weights[3]?.values[0]]
    expect(valuesOf(model.apply(batch()))[0]).toBeCloseTo((1 - mean) / Math.sqrt(variance + 1e-3), 5)
  })

  it('keeps 0.99 of its averages by default, and tracks the unbiased variance in the formulation of PyTorch', async () => {
    const options = [{}, { formulation: 'torch' as const }]
    const variances = options.map(async (option) => {
      const model = new Sequential([Input({ shape: [2] }), new layers.BatchNormalization(option)])
      model.apply(batch(), { training: true })
      return (await model.weights()).weights[3]?.values ?? []
    })
    expectClose((await variances[0]) ?? [], [1, 1.03])
    expectClose((await variances[1]) ?? [], [1.01, 1.07])
  })

  it('has no unbiased variance of one example', () => {
    const layer = new layers.BatchNormalization({ formulation: 'torch' })
    layer.buildOn([2])
    const run = () => layer.apply(tf.ones([1, 2]), { training: true })
    expect(run).toThrow(ShapeError)
    expect(run).toThrow(
      'BatchNormalization: expected more than one value per feature while training, got 1. ' +
        'Choose a batch size that leaves no batch of one example.',
    )
  })

  it('trains gamma and beta only, and says so in the summary', () => {
    const model = new Sequential([Input({ shape: [2] }), new layers.BatchNormalization()])
    expect(model.trainableVariables.map(({ name }) => name)).toEqual([
      'batch_normalization/gamma',
      'batch_normalization/beta',
    ])
    expect(model.countParams()).toBe(8)
    expect(model.summary().split('\n').slice(-3)).toEqual([
      'Total params: 8 (32 B)',
      'Trainable params: 4 (16 B)',
      'Non-trainable params: 4 (16 B)',
    ])
  })

  it('leaves the number of tensors as it is', () => {
    const layer = new layers.BatchNormalization()
    layer.buildOn([2])
    const x = batch()
    const before = tf.memory().numTensors
    for (let step = 0; step < 3; step++) tf.tidy(() => void layer.apply(x, { training: true }))
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('LayerNormalization normalises each example', () => {
  const model = new Sequential([Input({ shape: [2] }), new layers.LayerNormalization()])
  // Means 1.5 and 4.5, variances 0.25 and 2.25.
  const [first, second] = [0.5 / Math.sqrt(0.251), 1.5 / Math.sqrt(2.251)]
  expectClose(valuesOf(model.apply(batch())), [-first, first, -second, second])
})
