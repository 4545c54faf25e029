// Views that are kept while the tensor that they are of changes, also views with gradients. Values of PyTorch 2.13.
import torch, { compile, noGrad, nn, optim } from 'tandem/torch'

const same = async (name, tensors, expected) => {
  const got = JSON.stringify(await Promise.all(tensors.map((each) => each.tolist())))
  if (got !== JSON.stringify(expected)) throw new Error(`${name}: ${got}`)
}

const refused = (name, part, act) => {
  let message = ''
  try {
    act()
  } catch (error) {
    message = error.message
  }
  if (!message.includes(part)) throw new Error(`${name}: ${message}`)
}

// A view of a view is one of the tensor itself, however many there were.
const start = torch.zeros(1, 4)
let state = start
for (let step = 0; step < 12000; step++) state = state[0].view(2, 2).t().t().reshape(1, 4)
state.add_(1)
start.add_(1)
await same('many views', [start, state], [[[2, 2, 2, 2]], [[2, 2, 2, 2]]])

// Values that are in another order are copied.
const matrix = torch.zeros(2, 3)
matrix.t().reshape(-1).add_(1)
matrix.T.flatten().add_(1)
matrix.t().contiguous().add_(1)
matrix.narrow(1, 0, 2).reshape(-1).add_(1)
await same(
  'copies',
  [matrix],
  [
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ],
)
matrix.narrow(1, 0, 2).unsqueeze(0).view(2, 2, 1).add_(1)
matrix.reshape(3, 2)[2].contiguous().sub_(1)
await same(
  'no copies',
  [matrix],
  [
    [
      [1, 1, 0],
      [1, 0, -1],
    ],
  ],
)
refused('view in another order', '.reshape(', () => matrix.t().view(-1))
matrix.expand(2, 3).zero_()
await same('expanded to its own shape', [matrix.sum()], [0])

const weight = new nn.Parameter(torch.ones(2, 2))
const recorded = weight.view(-1)
const row = weight[1]
const optimizer = new optim.SGD([weight], 1)
weight.sum().backward()
optimizer.step()
await same(
  'recorded views after a step',
  [recorded, row],
  [
    [0, 0, 0, 0],
    [0, 0],
  ],
)
noGrad(() => row.fill_(3))
optimizer.zeroGrad()
recorded.pow(2).sum().backward()
await same(
  'their gradients',
  [weight.grad],
  [
    [
      [0, 0],
      [6, 6],
    ],
  ],
)
weight.view(-1).data.fill_(2)
weight[0].detach().fill_(5)
nn.init.constant_(weight[1], 7)
await same(
  'weights by views',
  [weight],
  [
    [
      [5, 5],
      [7, 7],
    ],
  ],
)

const hidden = weight.mul(2)
noGrad(() => hidden[0].fill_(9))
await same(
  'a row of a result',
  [hidden],
  [
    [
      [9, 9],
      [14, 14],
    ],
  ],
)

const plain = torch.zeros(4)
const learned = plain.view(2, 2).requiresGrad_()
const descent = new optim.SGD([learned], 1)
learned.mul(torch.tensor([[1, 2], [3, 4]])).sum().backward() // prettier-ignore
descent.step()
plain.add_(10)
await same(
  'a view that learns',
  [plain, learned],
  [
    [9, 8, 7, 6],
    [
      [9, 8],
      [7, 6],
    ],
  ],
)
const part = torch.zeros(2, 2)[0].requiresGrad_()
refused('a part that learns', 'a part of another tensor', () => new optim.SGD([part], 1))

// What compiled steps make of views from outside.
const table = torch.tensor([
  [1, 2],
  [3, 4],
])
const first = table[0]
const reading = compile((x) => x.add(first))
const results = async (step, inputs) => {
  const values = []
  for (const input of inputs) values.push(await step(torch.tensor(input)).tolist())
  return JSON.stringify(values)
}
const expectResults = async (name, step, inputs, expected) => {
  const got = await results(step, inputs)
  if (got !== JSON.stringify(expected)) throw new Error(`${name}: ${got}`)
}
await expectResults('read', reading, [[0, 0]], [[1, 2]])
table.mul_(10)
await expectResults('read after a change', reading, [[0, 0]], [[10, 20]])
const adding = compile((x) => {
  table.view(-1).add_(x)
  return table.sum()
})
await expectResults('changed', adding, [[1]], [104])
await expectResults('read after another step has changed it', reading, [[0, 0]], [[11, 21]])

const counts = torch.zeros(2, 2)
const last = counts[1]
const doubling = compile((x) => {
  const before = counts.sum()
  last.add_(x)
  counts.t()[0].mul_(2)
  return before
})
await expectResults('changed through both', doubling, [[1, 1], [1, 1], [1, 1]], [0, 3, 8]) // prettier-ignore
await same(
  'kept',
  [counts, last],
  [
    [
      [0, 0],
      [14, 3],
    ],
    [14, 3],
  ],
)
