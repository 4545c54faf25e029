import { describe, expect, it } from 'vitest'
import { batches, batchOrder, takeRows } from './batches'

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
