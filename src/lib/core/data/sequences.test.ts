import { describe, expect, it } from 'vitest'
import { parity, recall } from './index'
import type { Dataset, Split } from './types'

const generators = { parity, recall }

interface Sequence {
  readonly tokens: readonly number[]
  readonly label: number
}

/** The tokens of each sequence, without the places behind them. */
function sequencesOf({ x, y }: Split): Sequence[] {
  const longest = x.shape[1] ?? 0
  return Array.from(y.values, (label, row) => {
    const start = row * longest
    return { tokens: [...x.values.subarray(start, start + (x.lengths?.[row] ?? longest))], label }
  })
}

function all({ train, test }: Dataset): Sequence[] {
  return [...sequencesOf(train), ...sequencesOf(test)]
}

describe.each(Object.entries(generators))('%s', (name, generate) => {
  it('splits int32 tokens into two ragged parts', () => {
    const { train, test } = generate({ samples: 101, trainFraction: 0.8 })
    expect(train.x.shape).toEqual([81, 6])
    expect(test.x.shape).toEqual([20, 6])
    expect(train.x.dtype).toBe('int32')
    expect(train.x.lengths).toHaveLength(81)
  })

  it('depends on the seed alone', () => {
    expect(generate({ seed: 1 })).toEqual(generate({ seed: 1 }))
    expect(all(generate({ seed: 2 }))).not.toEqual(all(generate({ seed: 1 })))
  })

  it('has every length from minLength to maxLength equally often', () => {
    const lengths = all(generate({ samples: 240, minLength: 4, maxLength: 7 })).map(
      ({ tokens }) => tokens.length,
    )
    const counts = [4, 5, 6, 7].map((length) => lengths.filter((each) => each === length).length)
    expect(counts).toEqual([60, 60, 60, 60])
  })

  it('uses 0 for the places behind a sequence and for no token', () => {
    const { train } = generate({ samples: 100 })
    expect(all(generate({ samples: 100 })).every(({ tokens }) => tokens.every((token) => token > 0))).toBe(
      true,
    )
    const length = train.x.lengths?.[0] ?? 0
    expect(train.x.values.subarray(length, 6)).toEqual(new Int32Array(6 - length))
  })

  it('holds the same sequences padded, with zeros in front', () => {
    const ragged = all(generate({ samples: 60, seed: 3 }))
    const dataset = generate({ samples: 60, seed: 3, padded: true })
    expect(dataset.train.x.lengths).toBeUndefined()
    const padded = all(dataset).map(({ tokens, label }) => ({
      tokens: tokens.filter((token) => token > 0),
      label,
    }))
    expect(padded).toEqual(ragged)
    expect(all(dataset).every(({ tokens }) => tokens.length === 6 && (tokens.at(-1) ?? 0) > 0)).toBe(true)
  })

  it('rejects lengths and counts that no sequences can have', () => {
    expect(() => generate({ samples: 1 })).toThrow(
      `${name}: expected samples from 2 to 10000, got 1. Pass samples: 600.`,
    )
    expect(() => generate({ maxLength: 25 })).toThrow('expected a maxLength from')
    expect(() => generate({ minLength: 9 })).toThrow('to maxLength (6), got 9. Pass minLength:')
    expect(() => generate({ minLength: 0 })).toThrow('got 0. Pass minLength:')
    expect(() => generate({ trainFraction: 1 })).toThrow('got 1. Pass trainFraction: 0.8.')
  })
})

it('labels bits by the parity of their ones, token 2', () => {
  const wrong = all(parity({ samples: 300 })).filter(
    ({ tokens, label }) => tokens.filter((token) => token === 2).length % 2 !== label,
  )
  expect(wrong).toEqual([])
})

it('labels a sequence by its first token, in as many classes as there are tokens', () => {
  const drawn = all(recall({ samples: 300, classes: 4 }))
  expect(drawn.filter(({ tokens: [first = 0], label }) => first - 1 !== label)).toEqual([])
  expect(new Set(drawn.flatMap(({ tokens }) => tokens))).toEqual(new Set([1, 2, 3, 4]))
})

it('rejects a number of classes that recall does not have', () => {
  expect(() => recall({ classes: 9 })).toThrow(
    'recall: expected classes from 2 to 8, got 9. Pass classes: 3.',
  )
})
