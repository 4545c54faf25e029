import torch, { nn } from 'tandem/torch'
torch.manualSeed(3)
export const model = new nn.Linear(2, 3)
const logits = model.forward(torch.randn(4, 2))
const probs = torch.softmax(logits, -1)
const actions = torch.multinomial(probs, 1)
const logp = torch.log(probs.gather(1, actions))
logp.mul(-1).mean().backward()
console.log(model.weight.grad.shape, actions.shape)
const m = torch.bernoulli(torch.full([3], 0.5))
console.log(
  await m.tolist(),
  torch.normal(0, 1, [2, 2]).shape,
  torch.randn([2, 3]).shape,
  torch.zeros({ size: [2] }),
)
