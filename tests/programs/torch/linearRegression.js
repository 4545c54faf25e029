import * as torch from 'tandem/torch'
import { nn, optim } from 'tandem/torch'
torch.manualSeed(0)
const x = torch.linspace(-1, 1, 100).unsqueeze(1)
const y = x.mul(3).add(2).add(torch.randn(100, 1).mul(0.1))
export const model = new nn.Linear(1, 1)
const criterion = new nn.MSELoss()
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
for (let epoch = 0; epoch < 50; epoch++) {
  const loss = criterion.forward(model.forward(x), y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
}
console.log(model.weight, model.bias)
if (!((await criterion.forward(model.forward(x), y).item()) < 0.1)) throw new Error('the variance of y is 3')
