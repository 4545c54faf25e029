/** Batches of a dataset: their seeded order and the rows they take. Both styles batch through here. */
import { at } from '../util/at'
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

/**
 * The rows of each batch, visited in `order`. Rows of different lengths do not share a batch: as many as fill one wait for
 * each other, and what is left over follows at the end. `lengths` has one for every row, null where all are alike.
 * Source: tf.data.Dataset.bucket_by_sequence_length.
 */
export function batchRows(
  order: Uint32Array,
  size: number,
  lengths: Int32Array | null = null,
): readonly Uint32Array[] {
  const ranges = batches(order.length, size)
  if (lengths === null) return ranges.map(([start, end]) => order.subarray(start, end))
  const full: Uint32Array[] = []
  const waiting = new Map<number, number[]>()
  for (const row of order) {
    const length = at(lengths, row)
    const rows = waiting.get(length) ?? []
    rows.push(row)
    waiting.set(length, rows)
    if (rows.length < size) continue
    full.push(Uint32Array.from(rows))
    waiting.delete(length)
  }
  return [...full, ...Array.from(waiting.values(), (rows) => Uint32Array.from(rows))]
}

/** The lengths of the rows, by the first array that is ragged; null where none is. */
export function lengthsOf(arrays: readonly NdArray[]): Int32Array | null {
  return arrays.find(({ lengths }) => lengths !== undefined)?.lengths ?? null
}

/** Where a view of the row begins to cost less than copying number by number. */
const wideRow = 32

function copyRow(
  from: NdArray['values'],
  start: number,
  to: NdArray['values'],
  offset: number,
  width: number,
): void {
  if (width >= wideRow) to.set(from.subarray(start, start + width), offset)
  else for (let column = 0; column < width; column++) to[offset + column] = at(from, start + column)
}

/** The given rows of `array` in that order: [rows.length, …rest]. Those of a ragged array keep their lengths. */
export function takeRows(array: NdArray, rows: ArrayLike<number>): NdArray {
  const taken = takePlaces(array, rows, rowWidth(array))
  const { lengths } = array
  return lengths === undefined
    ? taken
    : { ...taken, lengths: Int32Array.from(rows, (row) => at(lengths, row)) }
}

/** The same as a batch: rows of a ragged array have to be of one length, [rows.length, length, …rest]. */
export function takeBatch(array: NdArray, rows: ArrayLike<number>): NdArray {
  const { lengths } = array
  if (lengths === undefined) return takeRows(array, rows)
  const length = at(lengths, rows[0] ?? 0)
  const other = Array.from(rows).find((row) => lengths[row] !== length)
  if (other !== undefined) {
    throw new ArgumentError(
      `takeBatch: expected rows of one length, got ${length} and ${lengths[other]}. Take rows of batchRows().`,
    )
  }
  const [count = 0, longest = 1, ...rest] = array.shape
  const taken = takePlaces(array, rows, (rowWidth(array) / longest) * length)
  return count === 0 ? taken : { ...taken, shape: [rows.length, length, ...rest] }
}

function rowWidth({ shape }: NdArray): number {
  return shape.slice(1).reduce((product, size) => product * size, 1)
}

/** The first `width` numbers of each row. */
function takePlaces(array: NdArray, rows: ArrayLike<number>, width: number): NdArray {
  const [count = 0, ...rest] = array.shape
  const stride = rowWidth(array)
  const size = rows.length * width
  const values = array.dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)
  for (let index = 0; index < rows.length; index++) {
    const row = at(rows, index)
    if (!(row >= 0 && row < count)) {
      throw new ArgumentError(
        `takeRows: expected rows below ${count}, got ${row}. Take rows that the array has.`,
      )
    }
    copyRow(array.values, row * stride, values, index * width, width)
  }
  return { values, shape: [rows.length, ...rest], dtype: array.dtype }
}
