// A mask before a root keeps the gradient of what it masks at 0, eagerly and in a compiled step.
import torch, { compile, nn } from 'tandem/torch'

const masks = {
  where: (x) => torch.where(x.gt(0), x, torch.zerosLike(x)),
  maskedFill: (x) => x.maskedFill(x.lt(0), 0),
  relu: (x) => nn.functional.relu(x),
  clamp: (x) => x.clamp(0),
  maximum: (x) => torch.maximum(x, torch.zerosLike(x)),
}

export const model = new nn.Linear(2, 1)

for (const [name, mask] of Object.entries(masks)) {
  const gradient = () => {
    const x = torch.tensor([-1, 4], { requiresGrad: true })
    mask(x).sqrt().sum().backward()
    return x.grad.tolist()
  }
  const given = JSON.stringify(await gradient())
  if (given !== '[0,0.25]') throw new Error(`${name}: ${given}`)
  const weights = new nn.Parameter(torch.tensor([-1, 4]))
  const step = compile((scale) => {
    weights.grad = null
    mask(weights.mul(scale)).sqrt().sum().backward()
    return weights.grad
  })
  const compiled = JSON.stringify(await step(torch.tensor([1])).tolist())
  if (compiled !== '[0,0.25]') throw new Error(`${name}, compiled: ${compiled}`)
}

const x = torch.tensor([-1, 4], { requiresGrad: true })
torch.where(x.gt(0), x.sqrt(), x).sum().backward()
const [inner, outer] = await x.grad.tolist()
if (!Number.isNaN(inner) || outer !== 0.25) throw new Error(`a root below the mask: ${inner}, ${outer}`)
