// Reductions by position and under NumPy's names, as PyTorch takes them, and pairs by position.
import torch from 'tandem/torch'

const equal = (found, expected) => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  if (a !== b) throw new Error(`expected ${b}, got ${a}`)
}
const rounded = async (x) => (await x.mul(1000).round().div(1000).toNdArray()).values

const x = torch.tensor([[1, 2], [3, 6]]) // prettier-ignore
equal(x.sum(1, true).shape, [2, 1])
equal(await x.sum({ axis: 0 }).tolist(), [4, 8])
equal(x.sum({ dim: 1, keepdims: true }).shape, [2, 1])
equal(torch.sum(x, 1, true).shape, [2, 1])
equal(await x.std(0, false).tolist(), [1, 2])
equal(await x.var({ dim: 0, correction: 0 }).tolist(), [1, 4])
equal(
  Array.from(await rounded(x.norm(2, 1)), (value) => value.toFixed(3)),
  ['2.236', '6.708'],
)
equal(x.max(1, true).values.shape, [2, 1])
equal(x.argmax(1, true).shape, [2, 1])
equal(await x.sub(x.mean(1, true)).tolist(), [[-0.5, 0.5], [-1.5, 1.5]]) // prettier-ignore

const out = torch.tensor([[0.25, 0.75], [0.5, 0.125]]) // prettier-ignore
equal(await out.max(1)[1].tolist(), [1, 0])
equal(await out.topk(1)[0].tolist(), [[0.75], [0.5]])

const w = torch.tensor([1, 2], { requiresGrad: true })
w.pow(2).sum().backward()
torch.noGrad(() => w.add_(w.grad, { alpha: -0.25 }))
equal(await w.tolist(), [0.5, 1])
const a = torch.tensor([1, 1])
equal(await a.add(torch.tensor([1, 2]), { alpha: 2 }).tolist(), [3, 5])
equal(await a.sub(torch.tensor([1, 2]), { alpha: 2 }).tolist(), [-1, -3])
equal(await torch.allclose(torch.tensor([1.0]), torch.tensor([1.05]), 0.1), true)

export const model = null
