import { nn, optim, DataLoader } from 'tandem/torch'
import { digits } from 'tandem/data'
const { train } = await digits({ samples: 200, channelsFirst: true })
class AutoEncoder extends nn.Module {
  constructor() {
    super()
    this.encoder = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 32), new nn.ReLU())
    this.decoder = new nn.Sequential(
      new nn.Linear(32, 784),
      new nn.Sigmoid(),
      new nn.Unflatten(1, [1, 28, 28]),
    )
  }
  forward(x) {
    return this.decoder.forward(this.encoder.forward(x))
  }
}
export const model = new AutoEncoder()
export const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 })
const criterion = new nn.MSELoss()
for await (const [x] of new DataLoader(train, { batchSize: 32 })) {
  const loss = criterion.forward(model.forward(x), x)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
}
