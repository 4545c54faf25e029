// A training loop of one's own: what early steps made is still there at the end, and graphs may reach over many steps.
import torch, { nn, optim } from 'tandem/torch'
const x = torch.randn(16, 2)
const y = x.sum(1, { keepdim: true })
export const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1))
export const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
const early = model.forward(x).mean()
const first = model.forward(x).detach()
const losses = []
const values = []
for (let step = 0; step < 40; step++) {
  const out = model.forward(x)
  const loss = nn.functional.mseLoss(out, y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
  losses.push(loss)
  values.push(await loss.item())
  if (step % 10 === 0) model.forward(x)
}
const mean = values.reduce((sum, value) => sum + value, 0) / values.length
if (Math.abs((await torch.stack(losses).mean().item()) - mean) > 1e-5) throw new Error('losses differ')
const [reference] = [await first.mean().item()]
if (Math.abs((await early.item()) - reference) > 1e-6) throw new Error('the first mean differs')
optimizer.zeroGrad()
early.backward()
if (!(await model[0].weight.grad.abs().sum().item())) throw new Error('no gradient through an old graph')
