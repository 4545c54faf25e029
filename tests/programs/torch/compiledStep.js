import { nn, optim, compile, DataLoader, manualSeed } from 'tandem/torch'
import { spiral } from 'tandem/data'
import { log } from 'tandem/run'
manualSeed(1)
const { train } = spiral({ classes: 3 })
export const model = new nn.Sequential(new nn.Linear(2, 32), new nn.ReLU(), new nn.Linear(32, 3))
const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })
export const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, betas: [0.9, 0.99] })
const trainStep = compile((x, y) => {
  optimizer.zeroGrad()
  const loss = criterion.forward(model.forward(x), y)
  loss.backward()
  optimizer.step()
  return loss
})
for (let epoch = 0; epoch < 3; epoch++)
  for await (const [x, y] of new DataLoader(train, { batchSize: 32, shuffle: true })) {
    const loss = trainStep(x, y)
    log({ loss: loss.item() })
  }
