import { nn, optim, DataLoader } from 'tandem/torch'
import { circle } from 'tandem/data'
const { train } = circle()
class Net extends nn.Module {
  constructor() {
    super()
    this.base = new nn.Linear(2, 8)
    this.head = new nn.Linear(8, 1)
  }
  forward(x) {
    return this.head.forward(this.base.forward(x).tanh())
  }
}
export const model = new Net()
export const optimizer = new optim.SGD(
  [{ params: model.base.parameters() }, { params: model.head.parameters(), lr: 1e-3 }],
  { lr: 1e-2, momentum: 0.9 },
)
for await (const [x, y] of new DataLoader(train, { batchSize: 50 })) {
  const loss = nn.functional.mseLoss(model.forward(x), y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
}
for (const g of optimizer.paramGroups) {
  g.lr *= 0.5
  console.log(g.lr, g.momentum)
}
console.log(optimizer.stateDict())
