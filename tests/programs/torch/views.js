// A view shares its values with the tensor that it is of: what changes either in place changes both, as in PyTorch.
import torch, { noGrad, nn, optim } from 'tandem/torch'

const same = async (name, tensors, expected) => {
  const got = JSON.stringify(await Promise.all(tensors.map((each) => each.tolist())))
  if (got !== JSON.stringify(expected)) throw new Error(`${name}: ${got}`)
}

const x = torch.zeros(2, 2)
x.view(-1).add_(torch.tensor([1, 2, 3, 4]))
x.T.mul_(
  torch.tensor([
    [1, 2],
    [3, 4],
  ]),
)
x.narrow(1, 0, 1).sub_(1)
await same(
  'changed through views',
  [x],
  [
    [
      [0, 6],
      [5, 16],
    ],
  ],
)

const base = torch.zeros(4)
const square = base.view(2, 2)
const row = square[1]
row.add_(1)
base.add_(1)
row.mul_(3)
square.sub_(1)
await same(
  'both ways',
  [base, square, row],
  [
    [0, 0, 5, 5],
    [
      [0, 0],
      [5, 5],
    ],
    [5, 5],
  ],
)

const whole = torch.zeros(6)
const [first, second] = whole.split(3)
const pairs = whole.view(3, 2).unbind(0)
first.add_(1)
whole.chunk(3)[2].add_(2)
pairs[1].mul_(5)
await same(
  'parts',
  [whole, first, second, ...pairs],
  [
    [1, 1, 5, 0, 2, 2],
    [1, 1, 5],
    [0, 2, 2],
    [1, 1],
    [5, 0],
    [2, 2],
  ],
)

const rows = torch.zeros(2, 3)
rows[0] = 5
rows[1][2] = 7
rows[-1][0] = torch.tensor(3)
await same(
  'assigned',
  [rows],
  [
    [
      [5, 5, 5],
      [3, 0, 7],
    ],
  ],
)

const layer = new nn.Linear(2, 3, { bias: false })
layer.weight.data.fill_(1)
layer.weight.data[0].zero_()
noGrad(() => layer.weight[2].fill_(7))
const flat = layer.weight.detach().view(-1)
const optimizer = new optim.SGD(layer.parameters(), 1)
layer
  .forward(torch.tensor([[1, 2]]))
  .sum()
  .backward()
optimizer.step()
await same(
  'of weights',
  [layer.weight, flat],
  [
    [
      [-1, -2],
      [0, -1],
      [6, 5],
    ],
    [-1, -2, 0, -1, 6, 5],
  ],
)

const copied = base.view(2, 2).clone()
copied.add_(1)
await same('a clone is not', [base], [[0, 0, 5, 5]])

let message = ''
try {
  base.expand(2, 4).add_(1)
} catch (error) {
  message = error.message
}
if (!message.includes('.clone()')) throw new Error(message)
