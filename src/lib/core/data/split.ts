/** From samples in generation order to a dataset: seeded split and label layout. */
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import { permutation, randomStream } from '../util/random'
import { givenOrder, takeRows } from './batches'
import type { Dataset, LabelEncoding, NdArray } from './types'

/** Inputs and targets of all examples, before the split. */
export interface Samples {
  readonly x: NdArray
  readonly y: NdArray
}

/** Cuts `samples` into round(trainFraction·n) examples for training and the rest, in an order drawn by `seed`. */
export function splitSamples({ x, y }: Samples, trainFraction: number, seed: number): Dataset {
  const rows = splitRows(at(x.shape, 0), trainFraction, seed)
  const part = (rows: Uint32Array) => ({ x: takeRows(x, rows), y: takeRows(y, rows) })
  return { train: part(rows.train), test: part(rows.test) }
}

/** Which rows train and which test, drawn by `seed`; with a trainFraction of 1 all train in the order given. */
export function splitRows(
  count: number,
  trainFraction: number,
  seed: number,
): { readonly train: Uint32Array; readonly test: Uint32Array } {
  const order = trainFraction === 1 ? givenOrder(count) : permutation(count, randomStream(seed, 'split'))
  const trainCount = Math.round(count * trainFraction)
  return { train: order.subarray(0, trainCount), test: order.subarray(trainCount) }
}

/** Class numbers in the layout that a loss needs; `where` names the caller in errors. */
export function encodeLabels(
  classes: ArrayLike<number>,
  classCount: number,
  encoding: LabelEncoding,
  where: string,
): NdArray {
  const count = classes.length
  switch (encoding) {
    case 'index':
      return { values: Int32Array.from(classes), shape: [count], dtype: 'int32' }
    case 'binary':
      if (classCount === 2) return { values: Float32Array.from(classes), shape: [count, 1], dtype: 'float32' }
      throw new ArgumentError(
        `${where}: expected labels 'index' or 'oneHot' for ${classCount} classes, got 'binary'. ` +
          'Binary labels need two classes.',
      )
    case 'oneHot': {
      const values = new Float32Array(count * classCount)
      for (let row = 0; row < count; row++) values[row * classCount + at(classes, row)] = 1
      return { values, shape: [count, classCount], dtype: 'float32' }
    }
    default:
      throw new ArgumentError(
        `${where}: expected labels 'binary', 'index' or 'oneHot', got ${JSON.stringify(encoding)}. Pass one of them.`,
      )
  }
}
