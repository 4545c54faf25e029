// A tensor in the place of a parameter would not be learned: it is refused, as in PyTorch; a parameter is taken.
import torch, { nn, optim } from 'tandem/torch'

class Scale extends nn.Module {
  constructor() {
    super()
    this.factor = new nn.Parameter(torch.ones(2))
  }
  forward(x) {
    return x.mul(this.factor)
  }
}

const linear = new nn.Linear(2, 3)
const scale = new Scale()
scale.parameters()
const wrong = [
  ['Linear.weight', () => (linear.weight = torch.zeros(3, 2))],
  ['Linear.bias', () => (linear.bias = 1)],
  ['Conv2d.weight', () => (new nn.Conv2d(1, 1, 1).weight = torch.zeros(1, 1, 1, 1))],
  ['Embedding.weight', () => (new nn.Embedding(2, 2).weight = torch.zeros(2, 2))],
  ['BatchNorm1d.bias', () => (new nn.BatchNorm1d(2).bias = torch.zeros(2))],
  ['LayerNorm.weight', () => (new nn.LayerNorm(2).weight = torch.ones(2))],
  ['Scale.factor', () => (scale.factor = torch.ones(2))],
]
for (const [name, assign] of wrong) {
  let message = ''
  try {
    assign()
  } catch (error) {
    message = error.message
  }
  if (!message.startsWith(`${name}: expected a parameter or null`)) throw new Error(`${name}: ${message}`)
}

linear.weight = new nn.Parameter(torch.ones(3, 2))
linear.bias = null
if (linear.parameters().length !== 1) throw new Error('one parameter is left')
const optimizer = new optim.SGD(linear.parameters(), 1)
linear
  .forward(torch.tensor([[1, 2]]))
  .sum()
  .backward()
optimizer.step()
const values = JSON.stringify(await linear.weight.tolist())
if (values !== '[[0,-1],[0,-1],[0,-1]]') throw new Error(values)
