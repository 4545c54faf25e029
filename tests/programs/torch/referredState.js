// A state dict and detach() refer to the parameters; a clone is a copy, here of the best weights.
import torch, { nn, optim } from 'tandem/torch'
export const model = new nn.Linear(1, 1)
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const state = model.stateDict()
const best = Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.clone()]))
const before = await model.weight.item()
const detached = model.weight.detach()
torch.noGrad(() => model.weight.add_(1))
const expectValue = async (what, tensor, expected) => {
  const value = await tensor.item()
  if (Math.abs(value - expected) > 1e-6) throw new Error(`${what}: ${value}, not ${expected}`)
}
await expectValue('state dict', state.weight, before + 1)
await expectValue('detached', detached, before + 1)
await expectValue('clone', best.weight, before)
const x = torch.ones(4, 1)
for (let step = 0; step < 5; step++) {
  optimizer.zeroGrad()
  model.forward(x).square().mean().backward()
  optimizer.step()
}
await expectValue('state dict after training', state.weight, await model.weight.item())
model.weight.data.fill_(7)
await expectValue('detached after data.fill_', detached, 7)
model.weight.data = torch.tensor([[2]])
await expectValue('state dict after data = …', state.weight.mul(3), 6)
model.loadStateDict(best)
await expectValue('best weights', model.weight, before)
