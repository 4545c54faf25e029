import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { DataLoader, Generator, nn, randomSplit, TensorDataset, arange, zeros } from './index'

beforeAll(() => initialiseBackend('cpu'))

const generator = (seed = 3) => new Generator().manualSeed(seed)
const data = () => new TensorDataset(arange(12))

async function order(loader: DataLoader): Promise<number[]> {
  const found: number[] = []
  for await (const [x] of loader) found.push(...((await x.tolist()) as number[]))
  return found
}

describe('a generator', () => {
  it('gives the same numbers after the same seed, and others as it goes on', () => {
    const source = generator()
    const split = () => randomSplit(data(), [6, 6], source)[0]?.rows
    const first = split()
    expect(split()).not.toEqual(first)
    source.manualSeed(3)
    expect(split()).toEqual(first)
    expect(source.initialSeed()).toBe(3)
    expect(new Generator().initialSeed()).toBe(0)
  })

  it('shuffles a loader', async () => {
    const loader = (source: Generator) => new DataLoader(data(), 4, true, { generator: source })
    const first = await order(loader(generator()))
    expect(first).not.toEqual([...Array(12).keys()])
    expect(first.toSorted((a, b) => a - b)).toEqual([...Array(12).keys()])
    expect(await order(loader(generator()))).toEqual(first)
    expect(await order(loader(generator(4)))).not.toEqual(first)
  })

  it.each([
    'uniform_',
    'normal_',
    'truncNormal_',
    'xavierUniform_',
    'kaimingNormal_',
    'orthogonal_',
  ] as const)('draws what init.%s fills a tensor with', async (name) => {
    const drawn = (source: Generator) => nn.init[name](zeros(3, 4), { generator: source }).tolist()
    const first = await drawn(generator())
    expect(await drawn(generator())).toEqual(first)
    expect(await drawn(generator(4))).not.toEqual(first)
  })

  it('is refused where it is none', () => {
    expect(() => randomSplit(data(), [6, 6], 42)).toThrow(
      'randomSplit: expected generator to be a generator, got 42. Pass new Generator().manualSeed(42).',
    )
  })
})
