import { nn, optim, DataLoader, noGrad } from 'tandem/torch'
import { circle } from 'tandem/data'
const F = nn.functional
class Net extends nn.Module {
  constructor() {
    super()
    this.fc1 = new nn.Linear(2, 16)
    this.fc2 = new nn.Linear(16, 16)
    this.fc3 = new nn.Linear(16, 1)
  }
  forward(x) {
    x = F.relu(this.fc1.forward(x))
    x = F.relu(this.fc2.forward(x))
    return this.fc3.forward(x)
  }
}
const { train, test } = circle()
export const model = new Net()
console.log(String(model))
export const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 })
for (let epoch = 0; epoch < 5; epoch++) {
  model.train()
  for await (const [x, y] of new DataLoader(train, { batchSize: 32, shuffle: true })) {
    optimizer.zeroGrad()
    const loss = F.binaryCrossEntropyWithLogits(model.forward(x), y)
    loss.backward()
    optimizer.step()
  }
  model.eval()
  let correct = 0,
    total = 0
  await noGrad(async () => {
    for await (const [x, y] of new DataLoader(test, { batchSize: 64 })) {
      const pred = model.forward(x).sigmoid().round()
      correct += await pred.eq(y).sum().item()
      total += y.size(0)
    }
  })
  console.log(correct / total)
}
