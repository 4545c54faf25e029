import { describe, expect, it } from 'vitest'
import { batches, batchOrder, batchRows, givenOrder, takeBatch, takeRows } from './batches'

describe('batchOrder', () => {
  it('visits every example once', () => {
    expect([...batchOrder(50, 1, 1)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('depends on seed and epoch only', () => {
    expect(batchOrder(50, 1, 1)).toEqual(batchOrder(50, 1, 1))
    expect(batchOrder(50, 1, 2)).not.toEqual(batchOrder(50, 1, 1))
    expect(batchOrder(50, 2, 1)).not.toEqual(batchOrder(50, 1, 1))
  })
})

describe('batches', () => {
  it('keeps the last partial batch', () => {
    expect(batches(10, 4)).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ])
  })

  it('gives one batch when the size exceeds the count, none for no examples', () => {
    expect(batches(3, 32)).toEqual([[0, 3]])
    expect(batches(0, 32)).toEqual([])
  })

  it('rejects a size below 1', () => {
    expect(() => batches(3, 0)).toThrow('batches: expected a batch size of 1 or more, got 0.')
    expect(() => batches(3, 1.5)).toThrow('got 1.5. Set batchSize to 32.')
  })
})

describe('takeRows', () => {
  const array = { values: Float32Array.of(0, 1, 10, 11, 20, 21), shape: [3, 2], dtype: 'float32' } as const

  it('gathers rows in the given order and keeps the dtype', () => {
    expect(takeRows(array, [2, 0])).toEqual({
      values: Float32Array.of(20, 21, 0, 1),
      shape: [2, 2],
      dtype: 'float32',
    })
    const labels = { values: Int32Array.of(7, 8, 9), shape: [3], dtype: 'int32' } as const
    expect(takeRows(labels, Uint32Array.of(1))).toEqual({
      values: Int32Array.of(8),
      shape: [1],
      dtype: 'int32',
    })
  })

  it('rejects rows outside the array', () => {
    expect(() => takeRows(array, [3])).toThrow('takeRows: expected rows below 3, got 3. Take rows')
  })
})

describe('batchRows', () => {
  const lengths = Int32Array.of(2, 3, 2, 3, 2, 2, 3, 4)
  const plain = (batches: readonly Uint32Array[]) => batches.map((rows) => [...rows])

  it('cuts rows of one length as they come', () => {
    expect(plain(batchRows(Uint32Array.of(3, 1, 2, 0, 4), 2))).toEqual([[3, 1], [2, 0], [4]])
  })

  it('lets rows of each length wait for each other, what is left over at the end', () => {
    expect(plain(batchRows(givenOrder(8), 2, lengths))).toEqual([[0, 2], [1, 3], [4, 5], [6], [7]])
  })

  it('visits every row once, and no batch has two lengths', () => {
    const found = batchRows(batchOrder(8, 5, 2), 3, lengths)
    expect(
      plain(found)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(found.every((rows) => new Set(Array.from(rows, (row) => lengths[row])).size === 1)).toBe(true)
  })

  it('has as many batches in any order', () => {
    const counts = [1, 2, 3, 4].map((epoch) => batchRows(batchOrder(8, 1, epoch), 3, lengths).length)
    expect(counts).toEqual([4, 4, 4, 4])
  })
})

describe('rows of a ragged array', () => {
  const array = {
    values: Int32Array.of(1, 2, 0, 3, 4, 5, 6, 7, 0),
    shape: [3, 3],
    dtype: 'int32',
    lengths: Int32Array.of(2, 3, 2),
  } as const

  it('keep their lengths', () => {
    const { values, lengths } = takeRows(array, [1, 0])
    expect(values).toEqual(Int32Array.of(3, 4, 5, 1, 2, 0))
    expect(lengths).toEqual(Int32Array.of(3, 2))
  })

  it('are cut to their length as a batch', () => {
    expect(takeBatch(array, [2, 0])).toEqual({
      values: Int32Array.of(6, 7, 1, 2),
      shape: [2, 2],
      dtype: 'int32',
    })
  })

  it('make no batch where lengths differ', () => {
    expect(() => takeBatch(array, [0, 1])).toThrow(
      'takeBatch: expected rows of one length, got 2 and 3. Take rows',
    )
  })
})
