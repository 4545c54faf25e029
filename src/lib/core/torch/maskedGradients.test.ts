/** Gradients of what masks, then a function whose slope is infinite at 0: as PyTorch 2.13 gives them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import * as torch from './index'

type Map = (x: torch.Tensor) => torch.Tensor

const F = torch.nn.functional
const zeros = (x: torch.Tensor) => torch.zerosLike(x)
const x = [-1, 0, 4, 9]

const masks: [string, Map, number[], number[]][] = [
  ['where', (x) => torch.where(x.gt(0), x, zeros(x)), x, [0, 0, 0.25, 1 / 6]],
  ['maskedFill', (x) => x.maskedFill(x.lt(0), 0), x, [0, Infinity, 0.25, 1 / 6]],
  ['relu', F.relu, x, [0, 0, 0.25, 1 / 6]],
  ['relu6', F.relu6, x, [0, 0, 0.25, 0]],
  ['hardtanh', (x) => F.hardtanh(x, 0, 5), x, [0, 0, 0.25, 0]],
  ['hardsigmoid', F.hardsigmoid, [-4, -3, 1, 4], [0, 0, 0.10206207, 0]],
  ['hardswish', F.hardswish, [-4, -3, 1, 4], [0, 0, 0.51031035, 0.25]],
  ['clamp', (x) => x.clamp(0), x, [0, Infinity, 0.25, 1 / 6]],
  ['clamp on both sides', (x) => x.clamp(0, 5), x, [0, Infinity, 0.25, 0]],
  ['maximum', (x) => torch.maximum(x, zeros(x)), x, [0, Infinity, 0.25, 1 / 6]],
  ['minimum', (x) => torch.minimum(x.neg(), zeros(x)).neg(), x, [0, Infinity, 0.25, 1 / 6]],
  ['max of all', (x) => x.max(), [-1, 0, 0, -2], [0, Infinity, Infinity, 0]],
  ['min of all', (x) => x.min(), [1, 0, 0, 2], [0, Infinity, Infinity, 0]],
  ['max along a dim', (x) => x.max(0).values, [-1, 0, 0, -2], [0, Infinity, 0, 0]],
  ['elu', F.elu, [0, 4, 9], [Infinity, 0.25, 1 / 6]],
  ['prelu', (x) => F.prelu(x, torch.tensor([0.25])), [0, 4, 9], [Infinity, 0.25, 1 / 6]],
  ['gather', (x) => x.gather(0, torch.tensor([2, 1])), x, [0, Infinity, 0.25, 0]],
  ['narrow', (x) => x.narrow(0, 1, 2), x, [0, Infinity, 0.25, 0]],
  ['topk', (x) => x.topk(2).values, [0, -1, -4, 9], [Infinity, 0, 0, 1 / 6]],
  ['tril', (x) => x.reshape(2, 2).tril(), [1, -1, 4, 9], [0.5, 0, 0.25, 1 / 6]],
  ['maxPool1d', (x) => F.maxPool1d(x.reshape(1, 1, 4), 2), [0, 0, 4, 9], [Infinity, 0, 0, 1 / 6]],
  [
    'maxPool1d of windows that overlap',
    (x) => F.maxPool1d(x.reshape(1, 1, 4), 3, 1),
    [0, 0, 0, 9],
    [Infinity, 0, 0, 1 / 6],
  ],
  ['a product with a mask', (x) => x.mul(x.gt(0).float()), x, [NaN, NaN, 0.25, 1 / 6]],
]

const gradientOf = async (f: Map, at: number[]) => {
  const input = torch.tensor(at, { requiresGrad: true })
  f(input).sum().backward()
  return Array.from((await input.grad?.toNdArray())?.values ?? [])
}

const expectClose = (found: number[], expected: number[]) => {
  expect(found).toHaveLength(expected.length)
  expect(found.map(Number.isNaN)).toEqual(expected.map(Number.isNaN))
  expected.forEach((value, index) => {
    if (!Number.isNaN(value)) expect(found[index]).toBeCloseTo(value, 6)
  })
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  it.each(masks)('%s, then sqrt', async (_, f, at, expected) => {
    expectClose(await gradientOf((input) => f(input).sqrt(), at), expected)
  })
})
