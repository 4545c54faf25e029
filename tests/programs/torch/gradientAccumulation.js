import torch, { nn, optim, DataLoader } from 'tandem/torch'
import { circle } from 'tandem/data'
const { train } = circle()
export const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1))
export const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.01, alpha: 0.9 })
const criterion = new nn.BCEWithLogitsLoss({ reduction: 'mean', posWeight: torch.tensor([2.0]) })
let i = 0
for await (const [x, y] of new DataLoader(train, { batchSize: 10 })) {
  const loss = criterion.forward(model.forward(x), y).div(4)
  loss.backward()
  if (++i % 4 === 0) {
    nn.utils.clipGradValue_(model.parameters(), { clipValue: 0.5 })
    nn.utils.clipGradNorm(model.parameters(), { maxNorm: 1.0 })
    optimizer.step()
    optimizer.zeroGrad({ setToNone: true })
  }
}
