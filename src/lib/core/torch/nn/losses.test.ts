import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tf } from '../../eager/tfjs'
import { manualSeed, nn, tensor } from '../index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

beforeEach(() => manualSeed(7))

describe('losses', () => {
  it('L1Loss, HuberLoss and SmoothL1Loss', async () => {
    const [input, target] = [tensor([0.5, -3]), tensor([0, 0])]
    const value = (criterion: nn.Module) => criterion.forward(input, target).item()
    expect(await value(new nn.L1Loss())).toBeCloseTo(1.75, 6)
    expect(await value(new nn.L1Loss({ reduction: 'sum' }))).toBeCloseTo(3.5, 6)
    expect(await value(new nn.HuberLoss())).toBeCloseTo((0.125 + 2.5) / 2, 6)
    expect(await value(new nn.HuberLoss({ delta: 2 }))).toBeCloseTo((0.125 + 4) / 2, 6)
    expect(await value(new nn.SmoothL1Loss())).toBeCloseTo((0.125 + 2.5) / 2, 6)
    expect(await value(new nn.SmoothL1Loss({ beta: 2 }))).toBeCloseTo((0.0625 + 2) / 2, 6)
  })

  it('MSELoss', async () => {
    expect(await new nn.MSELoss().forward(tensor([1, 2]), tensor([3, 2])).item()).toBe(2)
    expect(await new nn.MSELoss({ reduction: 'sum' }).forward(tensor([1, 2]), tensor([3, 2])).item()).toBe(4)
  })

  it('BCEWithLogitsLoss stays finite for extreme logits', async () => {
    const loss = new nn.BCEWithLogitsLoss({ reduction: 'none' })
    const { values } = await loss.forward(tensor([0, 100, -100]), tensor([1, 0, 1])).toNdArray()
    ;[Math.LN2, 100, 100].forEach((expected, index) => expect(values[index]).toBeCloseTo(expected, 4))
  })

  it('CrossEntropyLoss takes indices or probabilities', async () => {
    const logits = tensor([
      [1, 2, 3],
      [0, 0, 0],
    ])
    const loss = new nn.CrossEntropyLoss()
    const expected = (Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 3 + Math.log(3)) / 2
    expect(await loss.forward(logits, tensor([2, 0], { dtype: 'int32' })).item()).toBeCloseTo(expected, 5)
    const oneHot = tensor([
      [0, 0, 1],
      [1, 0, 0],
    ])
    expect(await loss.forward(logits, oneHot).item()).toBeCloseTo(expected, 5)
  })
})
