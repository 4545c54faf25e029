// Positions that are not there are errors that a program can catch, and it continues, also from a compiled step.
import torch, { compile, nn } from 'tandem/torch'
import { log } from 'tandem/run'

export const model = new nn.Embedding(3, 2)

const message = async (run) => {
  try {
    await run()
  } catch (error) {
    return error.message
  }
  return 'no error'
}
const step = compile((x) => model.forward(x).sum())
const computed = compile((x) => model.forward(x.mul(3).long()).sum())
const lookups = {
  known: () => model.forward(torch.tensor([0, 3])),
  negative: () => model.forward(torch.tensor([-1])),
  computed: () => model.forward(torch.tensor([1]).mul(3)),
  compiled: () => step(torch.tensor([3])),
  later: async () => {
    const loss = computed(torch.tensor([1]))
    log({ loss: loss.item() })
    await loss.item()
  },
  gather: () => torch.tensor([[1, 2]]).gather(1, torch.tensor([[5]])),
  indexSelect: () => torch.tensor([1, 2]).indexSelect(0, torch.tensor([5])),
  oneHot: () => nn.functional.oneHot(torch.tensor([5]), 3),
}
for (const [name, look] of Object.entries(lookups)) {
  const found = await message(look)
  if (!found.includes('whole numbers from 0 to')) throw new Error(`${name}: ${found}`)
}
if (!Number.isFinite(await computed(torch.tensor([0])).item())) throw new Error('the next step')
