// What a compiled step changes in place after it has read it is a state of the step, whatever type it has.
import torch, { compile, nn, optim, Tensor } from 'tandem/torch'

const same = async (name, step, inputs, kept, expected) => {
  const results = []
  for (const input of inputs) results.push(await step(torch.tensor([input])).tolist())
  const got = JSON.stringify([results.flat(), (await kept.tolist()).flat()])
  if (got !== JSON.stringify(expected)) throw new Error(`${name}: ${got}`)
}

const average = torch.tensor([1])
const averaged = compile((x) => {
  average.copy_(average.mul(0.5).add(x))
  return average.mul(1)
})
await same('read, then copied', averaged, [1, 2, 3], average, [[1.5, 2.75, 4.375], [4.375]])

const gathered = torch.tensor([1])
const emptied = compile((x) => {
  const sum = gathered.add(x)
  gathered.zero_()
  return sum
})
await same('read, then emptied', emptied, [1, 2, 3], gathered, [[2, 2, 3], [0]])

const seen = torch.tensor([1])
const cut = compile((x) => {
  const alias = seen.detach()
  seen.add_(x)
  return alias.add(seen)
})
await same('what detach() gave', cut, [1, 2, 3], seen, [[4, 8, 14], [7]])

const count = torch.tensor([0], { dtype: torch.int32 })
const counted = compile((x) => {
  count.add_(1)
  return x.mul(count)
})
await same('whole numbers', counted, [2, 2], count, [[2, 4], [2]])

const flags = torch.tensor([true])
const toggled = compile((x) => {
  flags.copy_(flags.logicalNot())
  return x.maskedFill(flags, 0)
})
await same('truth values', toggled, [2, 3], flags.float(), [[2, 0], [1]])

const weight = new nn.Parameter(torch.tensor([1, 2]))
const descent = compile((x) => {
  weight.grad = null
  const loss = weight.mul(x).pow(2).sum()
  loss.backward()
  weight.data.sub_(weight.grad.mul(0.25))
  return loss
})
await same('a weight by its data', descent, [1, 1], weight, [
  [5, 1.25],
  [0.25, 0.5],
])

const clipped = new nn.Parameter(torch.tensor([1, 2]))
const optimizer = new optim.SGD([clipped], 1)
const clipping = compile((x) => {
  optimizer.zeroGrad()
  const loss = clipped.mul(x).sum()
  loss.backward()
  optimizer.step()
  for (const each of [clipped]) each.data.clamp_(-0.5, 0.5)
  return loss
})
await same('clipped weights', clipping, [1, 1], clipped, [
  [3, 0.5],
  [-0.5, -0.5],
])

const table = torch.zeros(2, 2)
const rows = compile((x) => {
  table[0].copy_(x.expand(2))
  table.view(-1).add_(1)
  return table.sum(0).sum()
})
await same('rows of a state', rows, [1, 1], table, [
  [6, 8],
  [2, 2, 2, 2],
])

const changing = compile((x) => x.add_(1))
let message = ''
try {
  changing(torch.tensor([1]))
} catch (error) {
  message = error.message
}
if (!message.includes('one of its arguments')) throw new Error(message)
if (!(table[0] instanceof Tensor)) throw new Error('rows are tensors')
