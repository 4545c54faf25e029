import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tf } from '../../eager/tfjs'
import { ArgumentError, ShapeError } from '../../util/errors'
import { manualSeed, nn, noGrad, tensor, zeros, type Tensor } from '../index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
beforeEach(() => manualSeed(7))

const valuesOf = (tensor: Tensor | null) => Array.from(tensor?.value.dataSync() ?? [])

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5))
}

/** Column means 2 and 4, variances 1 and 4 (unbiased 2 and 8). */
const batch = () => tensor([[1, 2], [3, 6]]) // prettier-ignore

describe('BatchNorm1d', () => {
  it('normalises by the batch while training, by the running averages otherwise', () => {
    const layer = new nn.BatchNorm1d(2)
    const [one, four] = [1 / Math.sqrt(1.00001), 2 / Math.sqrt(4.00001)]
    expectClose(valuesOf(layer.forward(batch())), [-one, -four, one, four])
    expectClose(valuesOf(layer.runningMean), [0.2, 0.4])
    expectClose(valuesOf(layer.runningVar), [1.1, 1.7])
    layer.eval()
    expectClose(valuesOf(layer.forward(batch())), [
      0.8 / Math.sqrt(1.10001),
      1.6 / Math.sqrt(1.70001),
      2.8 / Math.sqrt(1.10001),
      5.6 / Math.sqrt(1.70001),
    ])
    expectClose(valuesOf(layer.runningMean), [0.2, 0.4])
  })

  it('tracks the biased variance in the formulation of Keras, also of one example and without gradients', () => {
    const layer = new nn.BatchNorm1d(2, { momentum: 0.5, formulation: 'keras' })
    noGrad(() => layer.forward(batch()))
    expectClose(valuesOf(layer.runningVar), [1, 2.5])
    layer.forward(tensor([[1, 1]]))
    expectClose(valuesOf(layer.runningVar), [0.5, 1.25])
  })

  it('keeps its averages in its state, behind its parameters', async () => {
    const from = new nn.Sequential(new nn.BatchNorm1d(2), new nn.Linear(2, 1))
    const to = new nn.Sequential(new nn.BatchNorm1d(2), new nn.Linear(2, 1))
    from.forward(batch())
    expect(Object.keys(from.stateDict())).toEqual([
      '0.weight',
      '0.bias',
      '0.runningMean',
      '0.runningVar',
      '1.weight',
      '1.bias',
    ])
    expect(from.namedBuffers().map(([name]) => name)).toEqual(['0.runningMean', '0.runningVar'])
    expect(from.parameters().length).toBe(4)
    to.loadStateDict(from.stateDict())
    expect(await to.weights()).toEqual(await from.weights())
    expect((await to.weights()).weights[2]?.values[0]).toBeCloseTo(0.2, 6)
  })

  it('learns on a tape, and leaves the number of tensors as it is', () => {
    const layer = new nn.BatchNorm1d(2)
    const run = () =>
      tf.tidy(() => {
        layer.forward(batch()).sum().backward()
        layer.zeroGrad()
      })
    run()
    const before = tf.memory().numTensors
    for (let step = 0; step < 3; step++) run()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('keeps the order of a flattened image, and its weights know it', async () => {
    const model = new nn.Sequential(new nn.Flatten(), new nn.BatchNorm1d(4), new nn.Linear(4, 1))
    model.forward(zeros(3, 2, 2, 1))
    const { weights } = await model.weights()
    expect(weights.map(({ flattenedFrom }) => flattenedFrom)).toEqual([
      ...Array<unknown>(5).fill([2, 1, 2]),
      undefined,
    ])
  })
})

it('BatchNorm2d normalises each channel of its images', () => {
  const layer = new nn.BatchNorm2d(2)
  const output = layer.forward(tensor([[[[1, 3]], [[2, 6]]]]))
  expect(output.shape).toEqual([1, 2, 1, 2])
  const [one, four] = [1 / Math.sqrt(1.00001), 2 / Math.sqrt(4.00001)]
  expectClose(valuesOf(output), [-one, one, -four, four])
  expectClose(valuesOf(layer.runningVar), [1.1, 1.7])
})

it('LayerNorm normalises each example over its last axes', () => {
  expectClose(valuesOf(new nn.LayerNorm(2, { eps: 0.75 }).forward(batch())), [
    -0.5,
    0.5,
    -1.5 / Math.sqrt(3),
    1.5 / Math.sqrt(3),
  ])
  // Mean 3, variance 3.5.
  const whole = new nn.LayerNorm([2, 2]).forward(tensor([[[1, 2], [3, 6]]])) // prettier-ignore
  expectClose(
    valuesOf(whole),
    [-2, -1, 0, 3].map((x) => x / Math.sqrt(3.5)),
  )
})

it('AvgPool2d counts the zeros of its padding unless told otherwise', () => {
  const image = tensor([[[[4, 8], [12, 16]]]]) // prettier-ignore
  const options = { stride: 2, padding: 1 }
  expect(valuesOf(new nn.AvgPool2d(2).forward(image))).toEqual([10])
  expect(valuesOf(new nn.AvgPool2d(2, options).forward(image))).toEqual([1, 2, 3, 4])
  expect(valuesOf(new nn.AvgPool2d(2, { ...options, countIncludePad: false }).forward(image))).toEqual([
    4, 8, 12, 16,
  ])
})

describe('errors', () => {
  it.each<[() => unknown, Error]>([
    [
      () => new nn.BatchNorm1d(2).forward(zeros(1, 2)),
      new ShapeError(
        'BatchNorm1d: expected more than one value per feature while training, got 1. Choose a batch size that leaves no batch of one example.',
      ),
    ],
    [
      () => new nn.BatchNorm1d(2).forward(zeros(4, 3)),
      new ShapeError(
        'BatchNorm1d: expected input [n, 2] or [n, 2, l], got [4, 3]. Change numFeatures, or use BatchNorm2d for images.',
      ),
    ],
    [
      () => new nn.BatchNorm2d(2).forward(zeros(4, 3, 1, 1)),
      new ShapeError(
        'BatchNorm2d: expected input [n, 2, h, w], got [4, 3, 1, 1]. Images have their channels first; load data with { channelsFirst: true }.',
      ),
    ],
    [
      () => new nn.BatchNorm1d(2, { momentum: 2 }),
      new ArgumentError(
        'BatchNorm1d: expected momentum to be a number from 0 to 1, or null, got 2. Leave it out for the default.',
      ),
    ],
    [
      () => new nn.LayerNorm([2, 3]).forward(zeros(4, 3)),
      new ShapeError(
        'LayerNorm: expected input [..., 2, 3], got [4, 3]. Change normalizedShape, or the layer before it.',
      ),
    ],
    [
      () => new nn.HuberLoss({ delta: 0 }),
      new ArgumentError('HuberLoss: expected delta to be a number above 0, got 0. Use a number such as 1.'),
    ],
    [
      () => new nn.SmoothL1Loss({ beta: -1 }),
      new ArgumentError(
        'SmoothL1Loss: expected beta to be a number of at least 0, got -1. Use a number such as 0.01.',
      ),
    ],
  ])('%#', (run, error) => {
    expect(run).toThrow(error)
  })
})
