import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { idleTrace } from '../../../../../tests/support/idleTrace'
import { tf } from '../../eager/tfjs'
import { setActiveTrace } from '../../eager/tracing'
import { dropoutMask } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import { ArgumentError } from '../../util/errors'
import { manualSeed, nn, ones, type Tensor, tensor, zeros } from '../index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

beforeEach(() => manualSeed(7))

const F = nn.functional

describe.each<[string, (x: Tensor, p: number) => Tensor]>([
  ['F.dropout', (x, p) => F.dropout(x, p)],
  ['nn.Dropout', (x, p) => new nn.Dropout(p).forward(x)],
])('%s', (_, dropout) => {
  it.each([
    [0, [1, 1, 1]],
    [1, [0, 0, 0]],
  ])('with p = %d gives %j, and such gradients', async (p, expected) => {
    const x = ones(3, { requiresGrad: true })
    const output = dropout(x, p)
    expect(await output.tolist()).toEqual(expected)
    output.sum().backward()
    expect(await x.grad?.tolist()).toEqual(expected)
  })

  it.each([-0.1, 1.1, NaN])('refuses p = %d', (p) => {
    expect(() => dropout(ones(3), p)).toThrow(`ropout: expected a rate from 0 to 1, got ${p}.`)
  })
})

describe('Dropout', () => {
  it('draws a fresh mask each step while training, and none in evaluation', async () => {
    const dropout = new nn.Dropout(0.5)
    const x = tensor(Array<number>(50).fill(1))
    const [first, second] = [await dropout.forward(x).tolist(), await dropout.forward(x).tolist()]
    expect(first).not.toEqual(second)
    manualSeed(7)
    expect(await new nn.Dropout({ p: 0.5 }).forward(x).tolist()).toEqual(first)
    dropout.eval()
    expect(dropout.forward(x)).toBe(x)
  })

  it('drops the same positions of an image as a channels-last layer would, also when flattened', async () => {
    const [n, h, w, c] = [2, 2, 3, 4] as const
    const mask = tf.tensor4d(dropoutMask([n, h, w, c], 0.5, randomState.dropoutStream(0, 0)), [n, h, w, c])
    const expected = tf.transpose(mask, [0, 3, 1, 2]).arraySync()
    const image = zeros(n, c, h, w).add(1)
    expect(await new nn.Dropout().forward(image).tolist()).toEqual(expected)
    manualSeed(7)
    const flat = new nn.Dropout().forward(image.flatten(1))
    expect(await flat.reshape(n, c, h, w).tolist()).toEqual(expected)
  })

  it('refuses a rate above 1', () => {
    expect(() => new nn.Dropout(1.5)).toThrow(ArgumentError)
  })
})

it('Dropout hands its masks to a trace as a value of every step, in the order of its input', () => {
  const image = tensor([[[[1, 1], [1, 1]], [[1, 1], [1, 1]]]]) // prettier-ignore
  const layer = new nn.Dropout(0.5)
  const eager = [0, 1].map(() => [...layer.forward(image).value.dataSync()])
  manualSeed(7)
  const draws: (() => Float32Array)[] = []
  setActiveTrace({
    ...idleTrace,
    hostValue: (_, shape, compute) => {
      draws.push(compute)
      return tf.ones([...shape])
    },
  })
  layer.forward(image)
  setActiveTrace(null)
  expect([0, 1].map(() => [...(draws[0]?.() ?? [])])).toEqual(eager)
})
