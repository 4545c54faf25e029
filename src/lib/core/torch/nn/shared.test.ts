/** Parameters and modules with more than one name, as PyTorch 2.13 has them. */
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { nn, noGrad, ones, optim, tensor, type Tensor } from '../index'

beforeAll(() => initialiseBackend('cpu'))

class Tied extends nn.Module {
  encoder = new nn.Embedding(5, 3)
  decoder = new nn.Linear(3, 5, { bias: false })

  constructor() {
    super()
    Object.assign(this.decoder, { weight: this.encoder.weight })
  }

  override forward(x: Tensor): Tensor {
    return this.decoder.forward(this.encoder.forward(x))
  }
}

it('tied weights stand in the state dict under both names, among the parameters once', () => {
  const model = new Tied()
  expect(Object.keys(model.stateDict())).toEqual(['encoder.weight', 'decoder.weight'])
  expect(model.namedParameters().map(([name]) => name)).toEqual(['encoder.weight'])
})

it('the last of both names counts when they are loaded, and both have to be there', async () => {
  const model = new Tied()
  model.loadStateDict({ 'encoder.weight': ones(5, 3), 'decoder.weight': ones(5, 3).mul(2) })
  expect(await model.encoder.weight.select(0, 0).tolist()).toEqual([2, 2, 2])
  expect(() => model.loadStateDict({ 'encoder.weight': ones(5, 3) })).toThrow(
    'loadStateDict: expected the keys encoder.weight, decoder.weight, got encoder.weight.',
  )
})

it('weights of files and of other lanes hold tied ones once', async () => {
  const [model, other] = [new Tied(), new Tied()]
  const weights = await model.weights()
  expect(weights.weights.map(({ name }) => name)).toEqual(['encoder.weight'])
  other.loadStateDict(weights)
  expect(await other.decoder.weight.equal(model.encoder.weight)).toBe(true)
})

it('both uses train tied weights', async () => {
  const model = new Tied()
  const values = tensor(Array.from({ length: 15 }, (_, index) => index / 10)).reshape(5, 3)
  noGrad(() => model.encoder.weight.copy_(values))
  const loss = nn.functional.crossEntropy(model.forward(tensor([1, 2])), tensor([3, 0]))
  loss.backward()
  new optim.SGD(model.parameters(), { lr: 0.1 }).step()
  expect(await model.decoder.weight.equal(model.encoder.weight)).toBe(true)
  expect(await model.encoder.weight.equal(values)).toBe(false)
})

it('a module used twice is listed once, and its weights under both names', () => {
  const shared = new nn.Linear(2, 2)
  const model = new nn.Sequential(shared, new nn.Tanh(), shared)
  expect(Object.keys(model.stateDict())).toEqual(['0.weight', '0.bias', '2.weight', '2.bias'])
  expect(model.parameters()).toHaveLength(2)
  expect(model.namedModules().map(([name]) => name)).toEqual(['', '0', '1'])
  expect(model.namedChildren().map(([name]) => name)).toEqual(['0', '1'])
  expect(String(model)).toContain('(2): Linear')
})

it('state dict and detach refer to the parameters', async () => {
  const model = new nn.Linear(1, 1)
  const [state, detached] = [model.stateDict(), model.weight.detach()]
  noGrad(() => model.weight.add_(1))
  const after = await model.weight.tolist()
  expect([await state['weight']?.tolist(), await detached.tolist()]).toEqual([after, after])
})
