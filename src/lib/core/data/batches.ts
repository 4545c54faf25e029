/** Batches of a dataset: their seeded order and the rows they take. Both styles batch through here. */
import { ArgumentError } from '../util/errors'
import { permutation, randomStream } from '../util/random'
import type { NdArray } from './types'

/** Half-open range of positions in the batch order. */
export type BatchRange = readonly [start: number, end: number]

/** Order in which `epoch` (counted from 1) visits `count` examples; equal in both lanes for one seed. */
export function batchOrder(count: number, seed: number, epoch: number): Uint32Array {
  return permutation(count, randomStream(seed, 'shuffle', epoch))
}

/** Order that visits `count` examples as they come. */
export function givenOrder(count: number): Uint32Array {
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) order[index] = index
  return order
}

/** Ranges that cut `count` examples into batches of `size`; the last, partial batch is kept. */
export function batches(count: number, size: number): readonly BatchRange[] {
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError(`batches: expected a batch size of 1 or more, got ${size}. Set batchSize to 32.`)
  }
  return Array.from({ length: Math.ceil(count / size) }, (_, index): BatchRange => {
    const start = index * size
    return [start, Math.min(start + size, count)]
  })
}

/** Where a view of the row begins to cost less than copying number by number. */
const wideRow = 32

function copyRow(
  from: NdArray['values'],
  start: number,
  to: NdArray['values'],
  at: number,
  width: number,
): void {
  if (width >= wideRow) to.set(from.subarray(start, start + width), at)
  else for (let column = 0; column < width; column++) to[at + column] = from[start + column] ?? 0
}

/** The given rows of `array` in that order: [rows.length, …rest]. */
export function takeRows(array: NdArray, rows: ArrayLike<number>): NdArray {
  const [count = 0, ...rest] = array.shape
  const width = rest.reduce((product, size) => product * size, 1)
  const size = rows.length * width
  const values = array.dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0
    if (!(row >= 0 && row < count)) {
      throw new ArgumentError(
        `takeRows: expected rows below ${count}, got ${row}. Take rows that the array has.`,
      )
    }
    copyRow(array.values, row * width, values, index * width, width)
  }
  return { values, shape: [rows.length, ...rest], dtype: array.dtype }
}
