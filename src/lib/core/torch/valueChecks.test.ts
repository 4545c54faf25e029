/** Values that PyTorch 2.13 refuses, or that int32 cannot hold. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { bernoulli, compile, multinomial, nn, tensor, type Tensor } from './index'
import { wasmSession } from '../../../../tests/support/wasmSession'

wasmSession()

const F = nn.functional
const half = () => tensor([0.5, 0.5])

type Use = (values: Tensor) => Tensor

const refusals: readonly (readonly [string, Use, number[], string])[] = [
  [
    'targets of BCELoss',
    (y) => F.binaryCrossEntropy(half(), y),
    [0, 1.5],
    'BCELoss: expected values of target from 0 to 1, got 1.5. Write 0 for one class and 1 for the other.',
  ],
  [
    'negative weights',
    (w) => multinomial(w, 1, true),
    [-1, 1],
    'multinomial: expected weights of 0 or more, got -1. Give weights of 0 or more for each row, one of them above 0.',
  ],
  [
    'weights that are NaN',
    (w) => multinomial(w, 1, true),
    [NaN, 1],
    'multinomial: expected weights of 0 or more, got NaN.',
  ],
  [
    'infinite weights',
    (w) => multinomial(w, 1, true),
    [Infinity, 1],
    'expected weights of 0 or more, got Infinity.',
  ],
  [
    'probabilities above 1',
    (p) => bernoulli(p),
    [0.5, 1.5],
    'bernoulli: expected values of p from 0 to 1, got 1.5.',
  ],
  [
    'numbers beyond int32',
    (x) => x.long(),
    [1, 3e9],
    'long: expected numbers from -2147483648 to 2147483647, got 3000000000. Whole numbers are int32 here: leave larger ones in float32.',
  ],
]

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  it.each(refusals)('%s', (_, use, values, message) => {
    expect(() => use(tensor(values))).toThrow(message)
    expect(() => use(tensor(values).mul(1))).toThrow(message)
  })

  it('rows of zeros', () => {
    expect(() => multinomial(tensor([[1, 1], [0, 0]]), 1)).toThrow('expected weights with a sum above 0, got 0.') // prettier-ignore
  })

  it.each([1.5, -0.5, NaN])('a probability of %f', (p) => {
    expect(() => F.binaryCrossEntropy(tensor([p, 0.5]), tensor([0, 1]))).toThrow(
      `BCELoss: expected values of input from 0 to 1, got ${p}. Give the model a sigmoid at its end, or use BCEWithLogitsLoss.`,
    )
  })

  it('the bounds are allowed', async () => {
    expect(await F.binaryCrossEntropy(tensor([0, 1]), tensor([0, 1])).item()).toBeCloseTo(0)
    expect(
      await tensor([-(2 ** 31), 2 ** 31 - 128])
        .long()
        .tolist(),
    ).toEqual([-(2 ** 31), 2 ** 31 - 128])
  })
})

describe('in a compiled step', () => {
  it.each(refusals)('%s, at each call', async (_, use, values, message) => {
    const step = compile(use)
    await step(tensor([1, 0])).tolist()
    expect(() => step(tensor(values))).toThrow(message)
    await step(tensor([1, 0])).tolist()
  })

  it('weights that it computes', async () => {
    const step = compile((w: Tensor) => multinomial(w.sub(1), 1, true))
    await step(tensor([2, 1])).tolist()
    await expect(step(tensor([1, 0])).tolist()).rejects.toThrow('expected weights of 0 or more, got -1.')
    await expect(step(tensor([1, 1])).tolist()).rejects.toThrow('expected weights with a sum above 0, got 0.')
  })

  it('a wrong probability that it computes makes the loss NaN', async () => {
    const step = compile((p: Tensor) => F.binaryCrossEntropy(p.mul(2), tensor([1, 1])))
    expect(await step(tensor([0.5, 0.25])).item()).toBeCloseTo(0.3465736)
    expect(await step(tensor([0.5, 1])).item()).toBeNaN()
  })
})
