/** Arguments as PyTorch's programs give them: by position, by name, and in words where something is not there. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { circle } from '../../data/index'
import { DataLoader, manualSeed, nn, ones, optim, randomSplit, tensor, zeros, type Tensor } from '../index'

const F = nn.functional

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => manualSeed(1))

describe('arguments by position', () => {
  it('are those of PyTorch', async () => {
    const { train } = circle({ samples: 50 })
    expect(new DataLoader(train, 4, true).batchSize).toBe(4)
    const p = () => [new nn.Parameter(ones(1))]
    expect(new optim.SGD(p(), 0.1, 0.9).paramGroups[0]).toMatchObject({ lr: 0.1, momentum: 0.9 })
    expect(new optim.Adam(p(), 0.1, [0.5, 0.9], 0.01).paramGroups[0]).toMatchObject({
      betas: [0.5, 0.9],
      eps: 0.01,
    })
    expect(String(new nn.Conv2d(1, 2, 3, 2, 1))).toContain('stride=[2, 2], padding=1')
    expect(await F.softmax(tensor([[1, 1]]), 1).tolist()).toEqual([[0.5, 0.5]])
  })

  it('of a call too many are refused', () => {
    const layer = new nn.Linear(2, 3)
    const forward = layer.forward.bind(layer) as (...given: unknown[]) => unknown
    expect(() => forward(zeros(1, 2), 7)).toThrow(
      'Linear.forward: expected one argument (input) at most, got also 7.',
    )
    expect(() => new nn.Linear(2, 3, true, null, null, 5)).toThrow('Linear: expected 5 arguments')
  })

  it('that map() gives are explained', () => {
    const xs = [zeros(1), zeros(1)]
    const mapped = (f: unknown) => () => xs.map(f as (x: Tensor) => Tensor)
    expect(mapped(F.relu)).toThrow('write xs.map((x) => F.relu(x)).')
    expect(mapped(F.leakyRelu)).toThrow('write xs.map((x) => F.leakyRelu(x)).')
    expect(mapped(F.softmax)).toThrow('write xs.map((x) => F.softmax(x)).')
  })
})

describe('what PyTorch has and Tandem does not is said in words', () => {
  it.each<[() => unknown, string]>([
    [
      () => new nn.MSELoss(true),
      "MSELoss: expected sizeAverage to be left out, got true. Use reduction: 'mean', 'sum' or 'none'.",
    ],
    [
      () => F.softmax(zeros(1, 2), { axis: 1 } as never),
      'F.softmax: expected the option dim, got axis. Write dim.',
    ],
    [
      () => new nn.LSTM(2, 3, { projSize: 1 }),
      'LSTM: expected projSize to be 0, got 1. Leave it out: the outputs are the states here.',
    ],
    [
      () => new nn.Linear(2, 3, { dtype: 'float64' as never }),
      'Linear: expected dtype to be float32, got float64. Leave it out.',
    ],
    [() => new nn.Linear(2, 3, { device: 'cuda' }), "expected the device 'cpu', got 'cuda'."],
    [
      () => new optim.SGD([new nn.Parameter(ones(1))], { differentiable: true }),
      'optim.SGD: expected differentiable to be false, got true. Leave it out: steps are not recorded.',
    ],
    [
      () => F.oneHot(zeros(2).add(1)),
      'F.oneHot: expected numClasses for a computed tensor, got −1. Pass the number of classes.',
    ],
    [
      () => F.oneHot(zeros(2), 0),
      'F.oneHot: expected numClasses of at least 1, got 0. Pass a number such as 8.',
    ],
    [
      () => F.mseLoss(zeros(2), zeros(2), { weight: ones(3) }),
      'MSELoss: expected a weight of the shape of the input, got [3] and [2]. Use weight.expandAs(input).',
    ],
    [
      () => new nn.ModuleList([3] as never),
      'ModuleList: expected modules to be a list of modules, got [3]. Write new nn.ModuleList(',
    ],
    [
      () => new nn.ModuleDict({ a: 3 } as never),
      'ModuleDict: expected the options modules, got a. Leave it out.',
    ],
    [
      () => new nn.Sequential(new nn.Tanh(), { bias: true } as never),
      'Sequential: expected modules as arguments, got {bias: true} at position 1.',
    ],
    [() => new nn.Linear(1, 1).registerForwardHook(3 as never), 'expected hook to be a function, got 3.'],
    [
      () => new optim.SGD([3] as never),
      'optim.SGD: expected a list of parameters, or of groups { params, lr }, got [3].',
    ],
  ])('%#', (run, message) => {
    expect(run).toThrow(message)
  })
})

it('len(dataset) is length, of a loader and of a part', () => {
  const { train, test } = circle({ samples: 50 })
  const loader = new DataLoader(test, { batchSize: 8 })
  expect(loader.dataset.length).toBe(test.x.shape[0])
  const [part] = randomSplit(train, [0.5, 0.5])
  expect(part?.dataset.length).toBe(train.x.shape[0])
})

it('a closure computes the loss of a step, and an async one is refused', async () => {
  const weight = new nn.Parameter(ones(1))
  const optimizer = new optim.SGD([weight], 0.25)
  const loss = optimizer.step(() => {
    const value = weight.mul(weight).sum()
    value.backward()
    return value
  })
  expect(await (loss as Tensor).item()).toBe(1)
  expect(await weight.item()).toBe(0.5)
  expect(() => optimizer.step(() => Promise.resolve(1))).toThrow(
    'Optimizer.step: expected a closure whose gradients are there when it returns, got an async one.',
  )
})

it('a shared parameter stands in the state under each of its names', async () => {
  const layer = new nn.Linear(2, 2)
  const model = new nn.Sequential(layer, layer)
  expect(Object.keys(model.stateDict())).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
  expect(model.parameters()).toHaveLength(2)
  const other = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 2))
  other.loadStateDict(model.stateDict())
  expect(await other.stateDict()['1.weight']?.tolist()).toEqual(await layer.weight.tolist())
  model.loadStateDict(other.stateDict())
})
