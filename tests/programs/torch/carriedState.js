// Truncated backpropagation with what outlives its batch: a hidden state, a sum, predictions, losses and gradients. Values of PyTorch.
import torch, { nn, optim, DataLoader, TensorDataset } from 'tandem/torch'
const x = torch.arange(24).float().view(8, 3, 1).div(24)
const y = x.sum(1)
export const model = new nn.GRU(1, 2, { batchFirst: true })
torch.noGrad(() => {
  for (const [i, p] of model.parameters().entries()) {
    const pattern = Array.from({ length: p.numel() }, (_, n) => (((n * 7) % 5) - 2) / 4 + i / 10)
    p.copy_(torch.tensor(pattern).view(...p.shape))
  }
})
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
let h = torch.zeros(1, 4, 2)
let total = torch.zeros(1)
const kept = []
const losses = []
const grads = []
for (let epoch = 0; epoch < 3; epoch++) {
  for await (const [xb, yb] of new DataLoader(new TensorDataset(x, y), { batchSize: 4 })) {
    const [out, last] = model.forward(xb, h)
    const loss = nn.functional.mseLoss(out.select(1, -1).sum(1, { keepdim: true }), yb)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    h = last.detach()
    total = total.add(loss.detach())
    kept.push(out.detach())
    losses.push(loss)
    grads.push(model.biasIhL0.grad)
  }
}
const expectClose = async (what, actual, expected) => {
  const found = (await actual.tolist()).flat(Infinity)
  const isClose = expected.every(
    (value, i) => Math.abs(value - found[i]) <= 2e-5 * Math.max(1, Math.abs(value)),
  )
  if (!isClose || found.length !== expected.length) throw new Error(`${what}: ${found}`)
}
await expectClose(
  'hidden state',
  h,
  [
    0.6733983159, 0.4637982547, 0.6810674071, 0.4651533365, 0.6872887015, 0.4667015076, 0.6920318007,
    0.4684363008,
  ],
)
await expectClose('running sum', total, [11.9819688797])
await expectClose('predictions', torch.cat(kept).sum().view(1), [29.8760242462])
await expectClose('mean loss', torch.stack(losses).mean().view(1), [1.9969946146])
await expectClose(
  'gradients',
  grads.reduce((sum, grad) => sum.add(grad)),
  [-0.1517154127, 0.2797209024, 0.9683394432, -0.3484178483, -1.7797993422, -8.570359230041504],
)
