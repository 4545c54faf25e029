/** Gradients at kinks and ties, and what infinities are close to, as PyTorch 2.13 has them. */
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import * as torch from './index'

beforeAll(() => initialiseBackend('cpu'))

const F = torch.nn.functional
const valuesOf = async (tensor: torch.Tensor | null) => Array.from((await tensor?.toNdArray())?.values ?? [])

it.each<[string, (x: torch.Tensor) => torch.Tensor, number[], number[]]>([
  ['norm of zeros', (x) => x.norm(), [0, 0], [0, 0]],
  ['norm(Infinity) with ties', (x) => x.norm(Infinity), [2, -2, 1], [0.5, -0.5, 0]],
  ['std of equal values', (x) => x.std(), [3, 3, 3], [0, 0, 0]],
  ['relu6', F.relu6, [-3, -1, 0, 1, 3, 6], [0, 0, 0, 1, 1, 0]],
  ['hardtanh', (x) => F.hardtanh(x), [-3, -1, 0, 1, 3, 6], [0, 0, 1, 0, 0, 0]],
  ['hardsigmoid', F.hardsigmoid, [-3, -1, 0, 1, 3, 6], [0, 1 / 6, 1 / 6, 1 / 6, 0, 0]],
  ['hardswish', F.hardswish, [-3, -1, 0, 1, 3, 6], [0, 1 / 6, 1 / 2, 5 / 6, 1, 1]],
  ['elu with another alpha', (x) => F.elu(x, 2), [-1, 0, 1], [0.7357589, 2, 1]],
  ['pow(0)', (x) => x.pow(0), [0, 4], [0, 0]],
])('the gradient of %s', async (_, f, at, expected) => {
  const x = torch.tensor(at, { requiresGrad: true })
  f(x).sum().backward()
  const gradient = await valuesOf(x.grad)
  expected.forEach((value, index) => expect(gradient[index]).toBeCloseTo(value, 6))
})

it('cosineSimilarity with a zero vector', async () => {
  const [zero, other] = [
    torch.zeros(1, 2, { requiresGrad: true }),
    torch.tensor([[1, 2]], { requiresGrad: true }),
  ]
  F.cosineSimilarity(zero, other).sum().backward()
  const [x = NaN, y = NaN] = await valuesOf(zero.grad)
  expect([x / 1e8, y / 1e8].map((value) => Number(value.toFixed(6)))).toEqual([0.447214, 0.894427])
  expect(await valuesOf(other.grad)).toEqual([0, 0])
  const [tiny] = await valuesOf(F.cosineSimilarity(torch.tensor([[1e-6, 0]]), torch.tensor([[1e-5, 0]])))
  expect(tiny).toBeCloseTo(1, 5)
})

it.each<[string, (logits: torch.Tensor) => torch.Tensor, number]>([
  ['crossEntropy', (x) => F.crossEntropy(x, torch.tensor([0])), 1.3132617],
  [
    'crossEntropy with weights',
    (x) => F.crossEntropy(x, torch.tensor([0]), torch.tensor([1, 2, 3])),
    1.3132617,
  ],
  ['crossEntropy of probabilities', (x) => F.crossEntropy(x, torch.tensor([[1, 0, 0]])), NaN],
  ['nllLoss', (x) => F.nllLoss(x, torch.tensor([0])), -1],
])('%s of a logit of −∞ at another class', async (_, loss, expected) => {
  const x = torch.tensor([[1, -Infinity, 2]], { requiresGrad: true })
  const value = await loss(x).item()
  expect(Number.isNaN(value)).toBe(Number.isNaN(expected))
  if (Number.isNaN(expected)) return
  expect(value).toBeCloseTo(expected, 6)
  loss(x).backward()
  expect((await valuesOf(x.grad))[1]).toBe(0)
})

it('gather and tril leave out what they do not take, also infinities', async () => {
  const x = torch.tensor([
    [1, Infinity],
    [4, 9],
  ])
  expect(await valuesOf(x.gather(1, torch.tensor([[0], [1]])))).toEqual([1, 9])
  expect(await valuesOf(x.tril())).toEqual([1, 0, 4, 9])
})

it('isclose of infinities', async () => {
  const [a, b] = [
    torch.tensor([Infinity, Infinity, 1, NaN]),
    torch.tensor([Infinity, -Infinity, Infinity, NaN]),
  ]
  expect(await valuesOf(a.isclose(b))).toEqual([1, 0, 0, 0])
})

it('errors name the function that was called', () => {
  expect(() => torch.ones(3).dot(torch.ones(1))).toThrow(
    'dot: expected vectors of one length, got [3] and [1].',
  )
  expect(() => torch.ones(3).triu()).toThrow('triu: expected a matrix, got shape [3].')
})
