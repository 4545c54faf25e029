import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import * as torch from '../index'

beforeAll(() => initialiseBackend('cpu'))

const { nn } = torch
const logits = () => torch.zeros(2, 3)

it.each([
  [
    [0, 7],
    'expected targets that are whole numbers from 0 to 2, got 7. Give the model an output for each class',
  ],
  [[-1, 0], 'from 0 to 2, got -1.'],
  [
    [0, -100],
    'from 0 to 2, got -100. Give the model an output for each class, or leave such examples out with { ignoreIndex: -100 }.',
  ],
  [[0.5, 0], 'from 0 to 2, got 0.5. Give class numbers, or probabilities of the shape of the input.'],
])('targets %j are errors', async (values, message) => {
  for (const criterion of [new nn.CrossEntropyLoss(), new nn.NLLLoss()]) {
    expect(() => criterion.forward(logits(), torch.tensor(values))).toThrow(message)
  }
  const loader = new torch.DataLoader(new torch.TensorDataset(logits(), torch.tensor(values)), {
    batchSize: 2,
  })
  for await (const [x, y] of loader) expect(() => nn.functional.crossEntropy(x, y)).toThrow(message)
})

it('those of another type are the same numbers, and ignoreIndex leaves some out', async () => {
  expect(() => nn.functional.crossEntropy(logits(), torch.tensor([0, 7]).long())).toThrow('got 7')
  expect(await nn.functional.crossEntropy(logits(), torch.tensor([0.5, 1]).long()).item()).toBeCloseTo(
    Math.log(3),
    5,
  )
  const loss = new nn.CrossEntropyLoss({ ignoreIndex: -100 }).forward(logits(), torch.tensor([1, -100]))
  expect(await loss.item()).toBeCloseTo(Math.log(3), 5)
})

it('changes in place are not mistaken for what was there', async () => {
  const target = torch.tensor([0, 7])
  target.fill_(1)
  expect(await nn.functional.crossEntropy(logits(), target).item()).toBeCloseTo(Math.log(3), 5)
})

it('ignoreIndex beside probabilities is refused, as there is no index', () => {
  const criterion = new nn.CrossEntropyLoss({ ignoreIndex: 1 })
  expect(() => criterion.forward(logits(), torch.ones(2, 3))).toThrow(
    'CrossEntropyLoss: expected class indices with ignoreIndex, got probabilities and 1. Leave ignoreIndex out.',
  )
})
