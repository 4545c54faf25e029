import torch, { nn, optim } from 'tandem/torch'
class Block extends nn.Module {
  constructor(c) {
    super()
    this.conv1 = new nn.Conv2d(c, c, { kernelSize: 3, padding: 1, bias: false })
    this.bn1 = new nn.BatchNorm2d(c)
    this.conv2 = new nn.Conv2d(c, c, 3, { padding: 'same', bias: false })
    this.bn2 = new nn.BatchNorm2d(c)
    this.relu = new nn.ReLU({ inplace: true })
  }
  forward(x) {
    let out = this.relu.forward(this.bn1.forward(this.conv1.forward(x)))
    out = this.bn2.forward(this.conv2.forward(out))
    return this.relu.forward(out.add(x))
  }
}
export const model = new nn.Sequential(
  new nn.Conv2d(1, 4, 3, { stride: 2, padding: 1 }),
  new Block(4),
  new nn.AdaptiveAvgPool2d(1),
  new nn.Flatten(),
  new nn.Linear(4, 2),
)
export const optimizer = new optim.Adagrad(model.parameters(), { lr: 0.01 })
const out = model.forward(torch.rand(2, 1, 8, 8))
const loss = nn.functional.crossEntropy(out, torch.tensor([0, 1]))
loss.backward()
optimizer.step()
console.log(out.shape)
