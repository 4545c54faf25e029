import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { Session, setCurrentSession } from '../session/session'
import { randomState } from '../nn/randomState'
import * as torch from './index'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => torch.manualSeed(5))

const clear = (x: torch.Tensor) => void (x.grad = null)
const numbers = async (tensor: torch.Tensor) => [...(await tensor.toNdArray()).values]

it('makes tensors from sizes one by one, or as one array, with options', async () => {
  expect(torch.zeros(2, 3).shape).toEqual([2, 3])
  expect(torch.ones([2, 3]).shape).toEqual([2, 3])
  expect(torch.zeros([]).shape).toEqual([])
  expect(torch.ones(2, { dtype: 'int32' }).dtype).toBe('int32')
  expect(torch.randn(2, { requiresGrad: true }).requiresGrad).toBe(true)
  expect(await torch.full([2], 7).tolist()).toEqual([7, 7])
  expect(await torch.eye(2).tolist()).toEqual([[1, 0], [0, 1]]) // prettier-ignore
  expect(await torch.onesLike(torch.zeros(2)).tolist()).toEqual([1, 1])
})

it('counts up as PyTorch does', async () => {
  const whole = torch.arange(2, 8, 2)
  expect([whole.dtype, await whole.tolist()]).toEqual(['int32', [2, 4, 6]])
  const real = torch.arange(0, 1, 0.25)
  expect([real.dtype, await real.tolist()]).toEqual(['float32', [0, 0.25, 0.5, 0.75]])
  expect(await torch.arange(3).tolist()).toEqual([0, 1, 2])
  expect(await torch.linspace(0, 1, 3).tolist()).toEqual([0, 0.5, 1])
})

describe('random tensors', () => {
  it('come from the seed, and go on with every call', async () => {
    const first = await numbers(torch.randn(4))
    const second = await numbers(torch.randn(4))
    expect(second).not.toEqual(first)
    torch.manualSeed(5)
    expect(await numbers(torch.randn(4))).toEqual(first)
  })

  it('have the distributions that their names say', async () => {
    const normal = await numbers(torch.randn(100, 100))
    const mean = normal.reduce((a, b) => a + b) / normal.length
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(normal.reduce((sum, value) => sum + value ** 2, 0) / normal.length).toBeCloseTo(1, 1)
    const uniform = await numbers(torch.rand(1000))
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true)
    const dice = torch.randint(1, 7, [600])
    expect([dice.dtype, [...new Set(await numbers(dice))].toSorted()]).toEqual(['int32', [1, 2, 3, 4, 5, 6]])
    expect((await numbers(torch.randperm(9))).toSorted((a, b) => a - b)).toEqual([...Array(9).keys()])
  })

  it('are drawn anew at every step of a compiled function, as in an eager one', async () => {
    const noisy = (x: torch.Tensor) =>
      torch.nn.functional.dropout(x.add(torch.randn(3)), { p: 0.5 }).add(torch.randperm(3).float())
    const eager = [await numbers(noisy(torch.zeros(3))), await numbers(noisy(torch.zeros(3)))]
    torch.manualSeed(5)
    const session = new Session({ backend: 'wasm' })
    setCurrentSession(session)
    const compiled = torch.compile(noisy)
    const results = [compiled(torch.zeros(3)), compiled(torch.zeros(3))]
    for (const [index, result] of results.entries()) {
      const values = await numbers(result)
      values.forEach((value, at) => expect(value).toBeCloseTo(eager[index]?.[at] ?? NaN, 5))
    }
    expect(session.signatures()).toHaveLength(1)
    session.dispose()
    setCurrentSession(null)
  })

  it('go on from copied counters', async () => {
    torch.randn(2)
    const counters = randomState.counters()
    const next = await numbers(torch.randn(2))
    randomState.restoreCounters(counters)
    expect(await numbers(torch.randn(2))).toEqual(next)
  })
})

describe('functions', () => {
  it('choose, compare and unpack', async () => {
    const x = torch.tensor([[1, 5], [7, 2]]) // prettier-ignore
    const [values, predicted] = torch.max(x, 1)
    expect([await values.tolist(), await predicted.tolist()]).toEqual([[5, 7], [1, 0]]) // prettier-ignore
    expect(await torch.where(x.gt(2), x, 0).tolist()).toEqual([[0, 5], [7, 0]]) // prettier-ignore
    expect(await torch.gather(x, 1, torch.tensor([[1], [0]], { dtype: 'int32' })).tolist()).toEqual([
      [5],
      [7],
    ])
    expect([await torch.allclose(x, x.add(1e-6)), await torch.equal(x, x.add(1))]).toEqual([true, false])
    expect([torch.isTensor(x), torch.isTensor(1), torch.numel(x)]).toEqual([true, false, 4])
  })

  it('are differentiable where they choose', async () => {
    const x = torch.tensor([-1, 2], { requiresGrad: true })
    torch.where(x.gt(0), x.mul(3), x.mul(0.5)).sum().backward()
    expect(await x.grad?.tolist()).toEqual([0.5, 3])
    clear(x)
    x.unsqueeze(0)
      .gather(1, torch.tensor([[1, 1]], { dtype: 'int32' }))
      .sum()
      .backward()
    expect(await x.grad?.tolist()).toEqual([0, 2])
    clear(x)
    x.maskedFill(x.lt(0), 9).sum().backward()
    expect(await x.grad?.tolist()).toEqual([0, 1])
  })

  it('share the gradient of equal values as PyTorch does', async () => {
    const x = torch.tensor([2, 2, 1], { requiresGrad: true })
    const gradientOf = (loss: torch.Tensor) => {
      clear(x)
      loss.backward()
      return x.grad?.tolist()
    }
    expect(await gradientOf(x.max())).toEqual([0.5, 0.5, 0])
    expect(await gradientOf(x.max(0).values)).toEqual([1, 0, 0])
    expect(await gradientOf(x.maximum(torch.tensor([2, 1, 3])).sum())).toEqual([0.5, 1, 0])
    expect(await gradientOf(x.sub(2).abs().sum())).toEqual([0, 0, -1])
  })
})

describe('errors', () => {
  const x = () => torch.zeros(2, 3)
  it.each<[() => unknown, string]>([
    [
      () => torch.zeros(2, -1),
      'zeros: expected sizes that are whole numbers of 0 or more, got -1. Write zeros(2, 3).',
    ],
    [() => torch.zeros(2, { device: 'cuda' }), "zeros: expected the device 'cpu', got 'cuda'."],
    [
      () => torch.arange(0, 5, -1),
      'arange: expected an end that steps of -1 lead to, got 0 to 5. Write arange(0, 10, 2).',
    ],
    [() => torch.randint(5, 5, [2]), 'randint: expected high above low, got 5 and 5.'],
    [() => torch.cat([]), 'cat: expected tensors, got none. Write cat([a, b]).'],
    [
      () => torch.cat([x(), torch.zeros(2, 2)]),
      'cat: expected shapes that differ in dim 0 only, got [2, 3] and [2, 2].',
    ],
    [
      () => torch.stack([x(), torch.zeros(2, 2)]),
      'stack: expected tensors of one shape, got [2, 3] and [2, 2].',
    ],
    [() => x().clamp(), 'clamp: expected min, max or both, got neither. Pass { min: 0 }.'],
    [
      () => x().sum([0, -2]),
      'sum: expected each dim at most once, got 0,-2. Leave out the one that repeats.',
    ],
    [() => x().expand(2, 4), 'expand: expected sizes that [2, 3] stretches to, got [2, 4].'],
    [() => x().narrow(1, 2, 2), 'narrow: expected a range within the 3 entries of dim 1, got 2 from 2 on.'],
    [() => x().select(0, 2), 'select: expected an index from -2 to 1, got 2. Dim 0 has 2 entries.'],
    [() => torch.zeros(), 'zeros: expected size, got nothing. Pass whole numbers.'],
    [() => x().split([1, 2]), 'split: expected sizes that add up to 2, got [1, 2].'],
    [() => x().split(0), 'split: expected a size of 1 or more, got 0.'],
    [
      () => x().mm(torch.zeros(3)),
      'mm: expected tensors of 2 dimensions, got [2, 3] and [3]. Use .matmul() for others.',
    ],
    [() => x().repeat(2), 'repeat: expected a count for each of the 2 dims, got [2].'],
    [
      () => x().gather(1, torch.zeros(3, 1)),
      'gather: expected an index of shape [2, 3] but for dim 1, got [3, 1].',
    ],
  ])('%#', (run, message) => {
    expect(run).toThrow(message)
  })
})

it('dtypes of random numbers are refused, those of linspace kept', async () => {
  const options = { dtype: 'int32' } as const
  expect(() => torch.rand(2, options)).toThrow('rand: expected dtype float32, got int32.')
  expect(() => torch.randn(2, options)).toThrow('randn: expected dtype float32, got int32.')
  expect(() => torch.normal(0, 1, [2], options)).toThrow('normal: expected dtype float32, got int32.')
  const whole = torch.linspace(0, 3, 4, options)
  expect([whole.dtype, await whole.tolist()]).toEqual(['int32', [0, 1, 2, 3]])
})

it('recurrent layers take one sequence without a batch', async () => {
  const lstm = new torch.nn.LSTM(2, 3)
  const x = torch.rand(4, 2)
  const [output, [h, c]] = lstm.forward(x)
  expect([output.shape, h.shape, c.shape]).toEqual([
    [4, 3],
    [1, 3],
    [1, 3],
  ])
  const [ofBatch] = lstm.forward(x.unsqueeze(1))
  expect(await output.tolist()).toEqual(await ofBatch.squeeze(1).tolist())
  const gru = new torch.nn.GRU(2, 3, { batchFirst: true, bidirectional: true })
  const [both, last] = gru.forward(x, torch.zeros(2, 3))
  expect([both.shape, last.shape]).toEqual([
    [4, 6],
    [2, 3],
  ])
})
