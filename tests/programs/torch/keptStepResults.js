// Results of compiled steps that outlive their batch, and a tensor that the step changes in place.
import torch, { nn, optim, compile, DataLoader, TensorDataset } from 'tandem/torch'
const x = torch.randn(8, 2)
const y = x.sum(1, { keepdim: true })
export const model = new nn.Linear(2, 1)
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const total = torch.zeros(1)
const step = compile((xb, yb) => {
  optimizer.zeroGrad()
  const out = model.forward(xb)
  const loss = nn.functional.mseLoss(out, yb)
  loss.backward()
  optimizer.step()
  total.add_(loss.detach())
  return { loss, out }
})
const losses = []
const outs = []
for await (const [xb, yb] of new DataLoader(new TensorDataset(x, y), { batchSize: 2 })) {
  const { loss, out } = step(xb, yb)
  losses.push(loss.detach())
  outs.push(out)
}
const values = await Promise.all(losses.map((loss) => loss.item()))
const sum = values.reduce((all, value) => all + value, 0)
if (Math.abs((await torch.stack(losses).sum().item()) - sum) > 1e-5) throw new Error('losses differ')
if (Math.abs((await total.item()) - sum) > 1e-5) throw new Error(`total: ${await total.item()}, not ${sum}`)
if (torch.cat(outs).shape.join() !== '8,1') throw new Error('predictions are not joined')
