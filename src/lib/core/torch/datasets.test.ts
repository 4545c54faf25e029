import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { recall } from '../data/index'
import { ArgumentError, ShapeError } from '../util/errors'
import {
  arange,
  DataLoader,
  Dataset,
  manualSeed,
  randomSplit,
  Subset,
  TensorDataset,
  tensor,
  zeros,
  type Tensor,
} from './index'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => manualSeed(3))

const numbers = (count: number) => new TensorDataset(arange(count), arange(count).mul(10))

/** The first tensor of every batch, as numbers. */
async function firsts(loader: DataLoader): Promise<number[][]> {
  const found: number[][] = []
  for await (const [x] of loader) found.push((await x.tolist()) as number[])
  return found
}

describe('TensorDataset', () => {
  it('is loaded by for await, and a plain loop says so', () => {
    const loader = new DataLoader(numbers(3))
    const plain = loader as unknown as Iterable<unknown>
    expect(() => [...plain]).toThrow(
      'DataLoader: expected for await, got a plain loop or spread. Write for await',
    )
  })

  it('gives a data loader rows of all its tensors', async () => {
    const batches: unknown[] = []
    const three = new TensorDataset(arange(3), tensor([[1], [2], [3]]), zeros(3, 2))
    for await (const batch of new DataLoader(three, { batchSize: 2 })) {
      batches.push(await Promise.all(batch.map((each) => each.tolist())))
    }
    expect(batches).toEqual([
      [[0, 1], [[1], [2]], [[0, 0], [0, 0]]],
      [[2], [[3]], [[0, 0]]],
    ]) // prettier-ignore
  })

  it('gives examples by their number, and one after the other', async () => {
    const two = new TensorDataset(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([5, 6]),
    )
    const lists = (example: unknown) =>
      Promise.all((example as readonly Tensor[]).map((part) => part.tolist()))
    expect(await lists(two.getItem(-1))).toEqual([[3, 4], 6])
    expect(await lists(Reflect.get(two, 1))).toEqual([[3, 4], 6])
    expect(await lists(Reflect.get(new Subset(two, [1]), 0))).toEqual([[3, 4], 6])
    expect(await Promise.all(Array.from(two, lists))).toEqual([
      [[1, 2], 5],
      [[3, 4], 6],
    ])
    expect(() => two.getItem(2)).toThrow('TensorDataset: expected an example from 0 to 1, got 2.')
    expect(() => new Subset(two, [1]).getItem(1)).toThrow('Subset: expected an example from 0 to 0, got 1.')
  })

  it('gives the values that the tensors have, in their type', async () => {
    const [x, mask] = [tensor([1, 2]), tensor([true, false])]
    const loader = new DataLoader(new TensorDataset(x, mask), 2)
    expect(await firsts(loader)).toEqual([[1, 2]])
    x.detach().mul_(10)
    expect(await firsts(loader)).toEqual([[10, 20]])
    for await (const [, flags] of loader) expect(flags.dtype).toBe('bool')
  })

  it('refuses tensors of unequal length', () => {
    expect(() => new TensorDataset(zeros(3, 2), zeros(4))).toThrow(
      new ShapeError(
        'TensorDataset: expected tensors with one row per example, got [3, 2] and [4]. Make their first axes equal.',
      ),
    )
    expect(() => new TensorDataset()).toThrow('TensorDataset: expected tensors, got none.')
  })
})

describe('randomSplit', () => {
  it('gives every example to one part, in an order from the seed', async () => {
    const [train, test] = randomSplit(numbers(10), [7, 3])
    const seen = async () =>
      (
        await Promise.all(
          [train, test].map((part) => firsts(new DataLoader(part as Subset, { batchSize: 10 }))),
        )
      ).flat(2)
    const first = await seen()
    expect([train?.length, test?.length]).toEqual([7, 3])
    expect(first.toSorted((a, b) => a - b)).toEqual([...Array(10).keys()])
    expect(first).not.toEqual([...Array(10).keys()])
    expect(randomSplit(numbers(10), [7, 3])[0]?.rows).toEqual(train?.rows)
    expect(randomSplit(numbers(10), [7, 3], { seed: 4 })[0]?.rows).not.toEqual(train?.rows)
  })

  it('takes shares, and gives what rounding leaves to the first parts', () => {
    expect(randomSplit(numbers(11), [0.5, 0.25, 0.25]).map(({ length }) => length)).toEqual([6, 3, 2])
  })

  it('splits a split again', async () => {
    const [half] = randomSplit(numbers(8), [4, 4])
    const quarter = new Subset(half, [1, 3])
    const expected = [half?.rows[1], half?.rows[3]]
    expect(await firsts(new DataLoader(quarter, { batchSize: 2 }))).toEqual([expected])
  })

  it('refuses lengths that do not add up', () => {
    expect(() => randomSplit(numbers(10), [7, 4])).toThrow(
      new ArgumentError(
        'randomSplit: expected lengths that add up to 10, or shares that add up to 1, got 7, 4. ' +
          'Write randomSplit(dataset, [0.8, 0.2]).',
      ),
    )
    expect(() => new Subset(numbers(3), [3])).toThrow('Subset: expected indices below 3, got 3.')
  })
})

it('DataLoader refuses what is no dataset, and options that it does not have', () => {
  expect(() => new DataLoader([1, 2] as never)).toThrow(
    'DataLoader: expected dataset to be a dataset, got [1, 2]. Pass new TensorDataset(x, y), or { x, y } of tandem/data.',
  )
  expect(() => new DataLoader(numbers(2), { batch: 2 })).toThrow(
    'DataLoader: expected the options dataset, batchSize, shuffle,',
  )
  expect(() => new DataLoader(numbers(2), { sampler: [1, 0] })).toThrow(
    'DataLoader: expected sampler to be left out, got [1, 0]. Use shuffle, or new Subset(dataset, indices).',
  )
})

describe('sequences of different length', () => {
  const { train } = recall({ samples: 100, minLength: 2, maxLength: 4, seed: 1 })

  it('come in batches of one length, and as many as the loader says', async () => {
    const loader = new DataLoader(train, { batchSize: 8, shuffle: true })
    const shapes: (readonly number[])[] = []
    for await (const [x, y] of loader) {
      shapes.push(x.shape)
      expect(y.shape).toEqual([x.size(0)])
    }
    expect(new Set(shapes.map(([, length]) => length))).toEqual(new Set([2, 3, 4]))
    expect(shapes.reduce((sum, [rows = 0]) => sum + rows, 0)).toBe(80)
    expect(shapes).toHaveLength(loader.length)
  })

  it('come in batches of one length from a part of a dataset too', async () => {
    const [part] = randomSplit(train, [0.5, 0.5])
    if (!part) throw new Error('no part')
    const loader = new DataLoader(part, { batchSize: 4, dropLast: true })
    const tokens: number[][] = []
    for await (const [x] of loader) tokens.push(...((await x.tolist()) as number[][]))
    expect(tokens.every((row) => row.every((token) => token > 0))).toBe(true)
    expect(tokens).toHaveLength(4 * loader.length)
  })
})

describe('a dataset of the program', () => {
  class Counted extends Dataset {
    scale = 1
    asked = 0
    readonly length = 3
    getItem(index: number) {
      this.asked++
      return [tensor([index * this.scale]), index > 0]
    }
  }

  it('is asked for each example of each batch', async () => {
    const dataset = new Counted()
    const loader = new DataLoader(dataset, { batchSize: 2 })
    expect(await firsts(loader)).toEqual([[[0], [1]], [[2]]])
    dataset.scale = 10
    expect(await firsts(loader)).toEqual([[[0], [10]], [[20]]])
    expect(dataset.asked).toBe(6)
    for await (const [, flags] of new DataLoader(dataset, 3)) expect(flags.dtype).toBe('bool')
  })

  const classes: readonly (readonly [string, () => unknown, string])[] = [
    [
      'a length',
      () => ({ getItem: () => [1] }),
      'expected the number of examples, got none. Write get length()',
    ],
    [
      'a length that is a number',
      () => ({ length: () => 3, getItem: () => [1] }),
      'DataLoader: expected a dataset whose length is a whole number, got function length. Write get length()',
    ],
    ['getItem', () => ({ length: 3 }), 'expected the method getItem, got none. Write getItem(index)'],
    [
      'as many parts of each example',
      () => ({ length: 2, getItem: (index: number) => [1, 2].slice(index) }),
      'Dataset.getItem: expected as many parts for each example, got 2 and 1. Return [x, y] for all.',
    ],
  ]
  it.each(classes)('needs %s', async (_, members, message) => {
    const owned = Object.assign(new (Dataset as unknown as new () => Counted)(), members())
    await expect(async () => firsts(new DataLoader(owned, 2))).rejects.toThrow(message)
  })
})
