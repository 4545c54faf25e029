import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { withMemoryScope } from '../eager/memoryScope'
import { tf } from '../eager/tfjs'
import * as torch from './index'
import { nn, optim } from './index'
import { forgetFiles } from './savedFiles'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => torch.manualSeed(1))

describe('changes in place', () => {
  it('reach parameters, tensors that were made, and gradients', async () => {
    const made = torch
      .zeros(2)
      .add_(3)
      .mul_(torch.tensor([1, 2]))
      .sub_(1)
      .div_(2)
    expect(await made.tolist()).toEqual([1, 2.5])
    expect(await made.clamp_({ max: 2 }).tolist()).toEqual([1, 2])
    const weight = torch.ones(2, { requiresGrad: true })
    weight.sum().backward()
    expect(await weight.grad?.zero_().tolist()).toEqual([0, 0])
  })

  it('descend by hand', async () => {
    const x = torch.linspace(-1, 1, 20)
    const w = torch.zeros(1, { requiresGrad: true })
    for (let step = 0; step < 50; step++) {
      x.mul(w).sub(x.mul(3)).square().mean().backward()
      torch.noGrad(() => {
        w.sub_(w.grad?.mul(0.5) ?? 0)
        w.grad?.zero_()
      })
    }
    expect(await w.item()).toBeCloseTo(3, 4)
  })

  it('outlive the scope in which they are made', async () => {
    const total = torch.zeros(1)
    for (let batch = 0; batch < 3; batch++) {
      await withMemoryScope('batch', () => Promise.resolve(total.add_(torch.ones(1))))
    }
    expect(await total.item()).toBe(3)
  })

  it('are refused where a graph needs the values', () => {
    const weight = torch.ones(2, { requiresGrad: true })
    expect(() => weight.add_(1)).toThrow('add_: expected no graph while a parameter is changed in place')
    expect(() => weight.mul(2).mul_(3)).toThrow(
      'mul_: expected a tensor that was not computed from parameters, got one that backward() needs as it is. Write x = x.mul(…).',
    )
  })
})

describe('tensors with requiresGrad', () => {
  it('are trained by optimizers, beside parameters', async () => {
    const w = torch.zeros(1, { requiresGrad: true })
    const layer = new nn.Linear(1, 1)
    const optimizer = new optim.SGD([w, ...layer.parameters()], 0.5)
    for (let step = 0; step < 30; step++) {
      optimizer.zeroGrad()
      w.sub(2).square().sum().backward()
      optimizer.step()
    }
    expect(await w.item()).toBeCloseTo(2, 4)
    expect(() => new optim.SGD([torch.zeros(1)], 0.5)).toThrow('expected a list of parameters')
  })

  it('have gradients as values', async () => {
    const x = torch.tensor([2, 3], { requiresGrad: true })
    const [gradient] = torch.autograd.grad(x.square().sum(), [x])
    expect(await gradient?.tolist()).toEqual([4, 6])
    expect(x.grad).toBeNull()
    const other = torch.ones(1, { requiresGrad: true })
    expect(() => torch.autograd.grad(x.sum(), other)).toThrow(
      'grad: expected an output that depends on each input',
    )
  })
})

describe('positions', () => {
  it('are rows', async () => {
    const x = torch.arange(6).view(3, 2)
    expect(await x[0]?.tolist()).toEqual([0, 1])
    expect(await x[-1]?.[1]?.item()).toBe(5)
    const [first, , third] = x
    expect(await third?.sub(first ?? 0).tolist()).toEqual([4, 4])
    expect(() => x[3]).toThrow('select: expected an index from -3 to 2, got 3. Dim 0 has 3 entries.')
  })

  it('and Python names are told apart from what is not there', () => {
    const x = torch.ones(2) as unknown as Record<string, unknown>
    expect(() => x['masked_fill']).toThrow("tensor.masked_fill: expected the name in JavaScript's spelling")
    expect(() => x['shuffle']).toThrow('tensor: expected a name that it has, got shuffle. It has ')
  })
})

describe('save and load', () => {
  it('keep models and optimizers as they were', async () => {
    const model = new nn.Linear(2, 1)
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 })
    const step = () => {
      optimizer.zeroGrad()
      model.forward(torch.ones(1, 2)).sum().backward()
      optimizer.step()
    }
    step()
    torch.save({ epoch: 3, model: model.stateDict(), optimizer: optimizer.stateDict() }, 'checkpoint.pt')
    step()
    const after = await model.weight.tolist()
    const saved: { epoch: number; model: never; optimizer: never } = torch.load('checkpoint.pt') as never
    model.loadStateDict(saved.model)
    optimizer.loadStateDict(saved.optimizer)
    step()
    expect(saved.epoch).toBe(3)
    expect(await model.weight.tolist()).toEqual(after)
    expect(() => torch.load('other.pt')).toThrow("load: expected one of 'checkpoint.pt', got 'other.pt'.")
    expect(() => torch.save({}, undefined as never)).toThrow('save: expected f, got nothing. Pass a path.')
  })
})

it('what is loaded is a copy, and what is saved over is freed', async () => {
  forgetFiles()
  const { numTensors } = tf.memory()
  const weight = torch.ones(2)
  torch.save({ weight }, 'w.pt')
  const load = () => (torch.load('w.pt') as unknown as { weight: torch.Tensor }).weight
  const loaded = load()
  loaded.add_(1)
  expect(Array.from((await load().toNdArray()).values)).toEqual([1, 1])
  const held = tf.memory().numTensors
  torch.save({ weight: loaded }, 'w.pt')
  torch.save({ weight: loaded }, 'w.pt')
  expect(tf.memory().numTensors).toBe(held)
  expect(held).toBeGreaterThan(numTensors)
  forgetFiles()
  expect(() => torch.load('w.pt')).toThrow('load: expected something that was saved before')
})
