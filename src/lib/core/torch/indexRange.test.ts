/** Positions that are not there are errors: known ones, computed ones, and those of compiled steps. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { Session, setCurrentSession } from '../session/session'
import { compile, nn, ones, tensor, type Tensor } from './index'

let session: Session

beforeEach(() => {
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
})

const F = nn.functional

type Lookup = (index: Tensor) => Tensor

const lookups: [string, Lookup, string][] = [
  [
    'Embedding',
    (index) => F.embedding(index, ones(3, 2)),
    'Embedding: expected entries that are whole numbers from 0 to 2, got 3. Set numEmbeddings to 4, or correct the data.',
  ],
  [
    'indexSelect',
    (index) => ones(3, 2).indexSelect(0, index),
    'indexSelect: expected positions that are whole numbers from 0 to 2, got 3. Dim 0 has 3 entries: count from 0.',
  ],
  [
    'gather',
    (index) => ones(1, 3).gather(1, index.unsqueeze(0)),
    'gather: expected positions that are whole numbers from 0 to 2, got 3. Dim 1 has 3 entries: count from 0.',
  ],
  [
    'oneHot',
    (index) => F.oneHot(index, 3),
    'oneHot: expected classes that are whole numbers from 0 to 2, got 3. Set numClasses to 4, or correct the data.',
  ],
  [
    'crossEntropy',
    (index) => F.crossEntropy(ones(2, 3), index),
    'CrossEntropyLoss: expected targets that are whole numbers from 0 to 2, got 3. Give the model an output for each class',
  ],
  [
    'nllLoss',
    (index) => F.nllLoss(ones(2, 3), index),
    'NLLLoss: expected targets that are whole numbers from 0 to 2, got 3. Give the model an output for each class',
  ],
]

/** Looks up its input, or one more than it. */
class Looked extends nn.Module {
  constructor(
    private readonly look: Lookup,
    private readonly isComputed = true,
  ) {
    super()
  }

  forward(index: Tensor): Tensor {
    return this.look(this.isComputed ? index.add(1).long() : index.long())
  }
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  describe.each(lookups)('%s', (_, look, message) => {
    it('refuses what the host knows', () => {
      expect(() => look(tensor([0, 3]))).toThrow(message)
      expect(() => look(tensor([-1, 0]))).toThrow('from 0 to 2, got -1.')
      expect(() => look(tensor([0.5, 0]))).toThrow('from 0 to 2, got 0.5.')
    })

    it('refuses what was computed', () => {
      expect(() => look(tensor([0, 1]).mul(3))).toThrow(message)
    })

    it('refuses data of a compiled step, at each call', async () => {
      const step = compile((index: Tensor) => look(index.long()))
      await step(tensor([0, 2])).tolist()
      expect(() => step(tensor([0, 3]))).toThrow(message)
      expect(() => step(tensor([-1, 0]))).toThrow('got -1.')
      await step(tensor([2, 1])).tolist()
    })

    it('refuses both of a compiled module, whose forward runs at once', async () => {
      const module = compile(new Looked(look))
      await module.forward(tensor([0, 1])).tolist()
      expect(() => module.forward(tensor([0, 2]))).toThrow(message)
      const direct = compile(new Looked((index) => look(index), false))
      expect(() => direct.forward(tensor([0, 3]))).toThrow(message)
      expect(() => direct.forward(tensor([-1, 0]))).toThrow('got -1.')
    })

    it('refuses what a compiled step computes', async () => {
      const step = compile((index: Tensor) => look(index.add(1).long()))
      await step(tensor([0, 1])).tolist()
      await expect(step(tensor([0, 2])).tolist()).rejects.toThrow(message)
      await step(tensor([1, 0])).tolist()
    })
  })
})

it('a class that is left out is none that is missing', async () => {
  const step = compile((target: Tensor) => F.crossEntropy(ones(2, 3), target, { ignoreIndex: -100 }))
  expect(await step(tensor([0, -100])).item()).toBeCloseTo(Math.log(3), 5)
  expect(() => step(tensor([0, -1]))).toThrow('got -1.')
})

it('select names the range', () => {
  expect(() => ones(3).select(0, 5)).toThrow('select: expected an index from -3 to 2, got 5.')
})
