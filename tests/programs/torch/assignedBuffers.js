// A buffer gets other values by assignment, eagerly and in compiled steps; whoever held the old one keeps its values.
import torch, { compile, nn } from 'tandem/torch'

class Average extends nn.Module {
  constructor() {
    super()
    this.registerBuffer('average', torch.zeros(2))
    this.registerBuffer('positions', torch.arange(2))
  }

  forward(x) {
    const before = this.average
    this.average = this.average.mul(0.5).add(x.detach().mean(0))
    return this.average.sub(before).indexSelect(0, this.positions)
  }
}

const expected = '[[2,3],[1,1.5],[0.5,0.75],[3.5,5.25],[3.5,5.25],"int32",2]'
for (const wrap of [(module) => (x) => module.forward(x), (module) => compile((x) => module.forward(x))]) {
  const module = new Average()
  const step = wrap(module)
  const got = []
  const x = torch.tensor([
    [1, 2],
    [3, 4],
  ])
  for (let i = 0; i < 3; i++) got.push(await step(x).tolist())
  const state = module.stateDict()
  got.push(await module.average.tolist(), await state.average.tolist(), state.positions.dtype)
  got.push(Object.keys(state).length)
  if (JSON.stringify(got) !== expected) throw new Error(JSON.stringify(got))
  module.loadStateDict(state)
  if (module.parameters().length !== 0) throw new Error('buffers are not learned')
}

const messages = []
for (const wrong of [3, new nn.Parameter(torch.ones(2)).mul(2)]) {
  try {
    new Average().average = wrong
  } catch (error) {
    messages.push(error.message)
  }
}
if (!/expected a tensor.*expected values without a graph/s.test(messages.join('\n')))
  throw new Error(messages.join())
