// Predictions of all batches joined after the loop, and a running mean, without gradients.
import torch, { nn, DataLoader, TensorDataset } from 'tandem/torch'
const x = torch.randn(6, 2)
export const model = new nn.Linear(2, 1)
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 })
const all = []
const inputs = []
let running = torch.zeros(1)
await torch.noGrad(async () => {
  for await (const [xb] of new DataLoader(new TensorDataset(x, torch.randn(6, 1)), { batchSize: 2 })) {
    const p = model.forward(xb)
    all.push(p)
    inputs.push(xb)
    running = running.mul(0.9).add(p.mean().mul(0.1))
  }
})
if (!(await torch.equal(torch.cat(inputs), x))) throw new Error('inputs differ')
if (!(await torch.allclose(torch.cat(all), model.forward(x)))) throw new Error('predictions differ')
const means = await Promise.all(all.map((p) => p.mean().item()))
const expected = means.reduce((sum, mean) => sum * 0.9 + mean * 0.1, 0)
if (Math.abs((await running.item()) - expected) > 1e-6)
  throw new Error(`running mean: ${await running.item()}`)
