/** Reductions at their edges: nothing to reduce, infinities, norms of unusual powers. Values are PyTorch's. */
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import * as torch from './index'

beforeAll(() => initialiseBackend('cpu'))

const x = () => torch.tensor([[1, -2], [0, 6]]) // prettier-ignore
const none = () => torch.zeros(0, 3)

it.each<[string, () => torch.Tensor, unknown]>([
  ['sum over no dims', () => x().sum([]), 5],
  ['mean over no dims, kept', () => x().mean([], true), [[1.25]]],
  ['sum of a scalar', () => torch.tensor(5).sum(-1), 5],
  ['sum of nothing', () => none().sum(), 0],
  ['mean of nothing', () => none().mean(0), [NaN, NaN, NaN]],
  ['prod of nothing', () => none().prod(0), [1, 1, 1]],
  ['prod of all of nothing', () => none().prod(), 1],
  ['norm 0', () => x().norm(0), 3],
  ['norm −∞', () => torch.tensor([2, -3]).norm(-Infinity), 2],
  ['logsumexp of −∞', () => torch.tensor([-Infinity, -Infinity]).logsumexp(0), -Infinity],
  ['logsumexp of ∞', () => torch.tensor([Infinity, 1]).logsumexp(0, true), [Infinity]],
])('%s', async (_, compute, expected) => {
  expect(await compute().tolist()).toEqual(expected)
})

it.each<[string, (x: torch.Tensor) => torch.Tensor, number[]]>([
  ['norm 0', (input) => input.norm(0), [0, 0, 0]],
  ['norm −∞', (input) => input.norm(-Infinity), [0.5, 0, 0.5]],
  [
    'logsumexp',
    (input) => input.sub(1).logsumexp(0),
    [1, 2, 1].map((e) => Math.exp(e) / (2 * Math.E + Math.E ** 2)),
  ],
])('gradient of %s', async (_, compute, expected) => {
  const input = torch.tensor([1, 2, 1], { requiresGrad: true })
  compute(input).backward()
  const found = (await input.grad?.tolist()) as number[]
  expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 6))
})
