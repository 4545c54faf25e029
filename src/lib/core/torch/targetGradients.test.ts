/** Gradients of powers with respect to both sides, and of losses with respect to their targets: as PyTorch 2.13 gives them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { compile, nn, tensor, type Tensor } from './index'
import { wasmSession } from '../../../../tests/support/wasmSession'

wasmSession()

const F = nn.functional

type Pair = (a: Tensor, b: Tensor) => Tensor

interface Case {
  readonly name: string
  readonly of: Pair
  readonly at: readonly [number[], number[]]
  readonly gradients: readonly [number[], number[]]
}

const pow: Pair = (a, b) => a.pow(b).sum()
const at = [
  [0.2, 0.7],
  [0.3, 1],
] as const
const loss = (name: string, of: Pair, first: number[], second: number[]): Case => ({
  name,
  of,
  at: [[...at[0]], [...at[1]]],
  gradients: [first, second],
})
const row = (x: Tensor) => x.reshape(1, 2)

const cases: readonly Case[] = [
  {
    name: 'pow at a base of 0',
    of: pow,
    at: [
      [0, 0, 2, 0],
      [0, 2, 0, 1],
    ],
    gradients: [
      [0, 0, 0, 1],
      [0, 0, 0.6931472, 0],
    ],
  },
  {
    name: 'pow of negative bases',
    of: pow,
    at: [
      [-2, 0, -1],
      [2, -1, 0],
    ],
    gradients: [
      [-4, -Infinity, 0],
      [NaN, -Infinity, NaN],
    ],
  },
  loss(
    'binaryCrossEntropy',
    (p, y) => F.binaryCrossEntropy(p, y),
    [-0.3125, -0.7142857],
    [0.6931472, -0.4236489],
  ),
  loss(
    'binaryCrossEntropy with weights',
    (p, y) => F.binaryCrossEntropy(p, y, { weight: tensor([2, 3]) }),
    [-0.625, -2.1428571],
    [1.3862944, -1.2709467],
  ),
  loss(
    'binaryCrossEntropyWithLogits',
    (x, y) => F.binaryCrossEntropyWithLogits(x, y),
    [0.124917, -0.1659061],
    [-0.1, -0.35],
  ),
  loss(
    'crossEntropy',
    (x, y) => F.crossEntropy(row(x), row(y)),
    [0.1908029, -0.1908029],
    [0.974077, 0.474077],
  ),
  loss(
    'crossEntropy with smoothing',
    (x, y) => F.crossEntropy(row(x), row(y), { labelSmoothing: 0.1 }),
    [0.1594766, -0.1594766],
    [0.8766693, 0.4266693],
  ),
  loss('mseLoss', (x, y) => F.mseLoss(x, y), [-0.1, -0.3], [0.1, 0.3]),
  loss('klDiv', (x, y) => F.klDiv(x, y, { reduction: 'batchmean' }), [-0.15, -0.5], [-0.2019864, 0.15]),
]

function gradientOf({ grad }: Tensor): Tensor {
  if (grad) return grad
  throw new Error('There is no gradient.')
}

const expectClose = (found: unknown, expected: readonly number[]) => {
  const values = found as number[]
  expect(values.map(Number.isNaN)).toEqual(expected.map(Number.isNaN))
  expected.forEach((value, index) => {
    if (!Number.isNaN(value)) expect(values[index]).toBeCloseTo(value, 5)
  })
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  it.each(cases)('$name', async ({ of, at: [first, second], gradients }) => {
    const [a, b] = [tensor(first, { requiresGrad: true }), tensor(second, { requiresGrad: true })]
    of(a, b).backward()
    expectClose(await a.grad?.tolist(), gradients[0])
    expectClose(await b.grad?.tolist(), gradients[1])
  })

  it.each(cases)('$name, of the second alone', async ({ of, at: [first, second], gradients }) => {
    const b = tensor(second, { requiresGrad: true })
    of(tensor(first), b).backward()
    expectClose(await b.grad?.tolist(), gradients[1])
  })
})

describe('in a compiled step', () => {
  it.each(cases)('$name', async ({ of, at: [first, second], gradients }) => {
    const [a, b] = [new nn.Parameter(tensor(first)), new nn.Parameter(tensor(second))]
    const step = compile(() => {
      ;[a.grad, b.grad] = [null, null]
      of(a, b).backward()
      return [gradientOf(a), gradientOf(b)] as const
    })
    const [ofFirst, ofSecond] = step()
    expectClose(await ofFirst.tolist(), gradients[0])
    expectClose(await ofSecond.tolist(), gradients[1])
  })

  it.each([
    [[0, 0, 0, 4, 9, 3], [Infinity, 0, 0, 0.25, 1 / 6, 0], 2],
    [[0, 0, 4, 9, 5], [Infinity, 0, 0, 1 / 6, 0], 2],
  ] as const)('the root of maxPool1d of %o', async (values, expected, size) => {
    const x = new nn.Parameter(tensor([...values]))
    const step = compile(() => {
      x.grad = null
      F.maxPool1d(x.reshape(1, 1, values.length), size)
        .sqrt()
        .sum()
        .backward()
      return gradientOf(x)
    })
    expectClose(await step().tolist(), expected)
  })
})
