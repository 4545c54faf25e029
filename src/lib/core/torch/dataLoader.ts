/** The data loader: batches as an async iterator that owns the memory of the loop body. */
import { batchOrder, batchRows, givenOrder, takeBatch } from '../data/batches'
import type { Split } from '../data/types'
import { MemoryScope } from '../eager/memoryScope'
import { currentRun } from '../events/currentRun'
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'
import { isGradEnabled } from './autograd'
import { tensor } from './creation'
import { asDataset, type Dataset } from './datasets'
import { assertOptions } from './options'
import type { Tensor } from './tensor'

export interface DataLoaderOptions {
  readonly batchSize?: number
  /** A new order each time the loader is iterated, drawn from the seed. */
  readonly shuffle?: boolean
  /** Leave out a last batch that is not full; of each length, where sequences have several. */
  readonly dropLast?: boolean
}

/**
 * Iterate with `for await (const [x, y] of loader)`. When the next batch begins, graphs made in the loop body are freed
 * and its tensors leave the backend until they are used again; a pause or stop of the run takes effect there too. Sequences of different lengths do not share a
 * batch: each batch is as long as its sequences.
 */
export class DataLoader {
  readonly batchSize: number
  readonly #shuffle: boolean
  readonly #dropLast: boolean
  readonly #examples: Dataset
  #epoch = 0

  constructor(
    readonly dataset: Dataset | Split,
    options: DataLoaderOptions = {},
  ) {
    assertOptions('DataLoader', options, ['batchSize', 'shuffle', 'dropLast'])
    const { batchSize = 1, shuffle = false, dropLast = false } = options
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(
        `DataLoader: expected a batchSize of 1 or more, got ${batchSize}. Set batchSize to 32.`,
      )
    }
    this.#examples = asDataset('DataLoader', dataset)
    this.batchSize = batchSize
    this.#shuffle = shuffle
    this.#dropLast = dropLast
  }

  /** Number of batches. */
  get length(): number {
    return this.#batches(givenOrder(this.#examples.length)).length
  }

  /** A plain loop would leave no time to wait for batches: throws ArgumentError. */
  [Symbol.iterator](): never {
    throw new ArgumentError(
      'DataLoader: expected for await, got a plain loop or spread. Write for await (const [x, y] of loader).',
    )
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<[x: Tensor, y: Tensor], void, undefined> {
    const { length, rows: rowOf } = this.#examples
    const arrays = await this.#examples.arrays()
    this.#epoch++
    const order = this.#shuffle
      ? batchOrder(length, randomState.currentSeed, this.#epoch)
      : givenOrder(length)
    for (const batch of this.#batches(order)) {
      if (await currentRun().batchBoundary()) continue
      const scope = new MemoryScope('batch')
      try {
        // A loop without gradients validates: all of its examples count.
        const wanted = isGradEnabled() ? currentRun().batchRows?.(batch.length) : undefined
        const examples = batch.subarray(0, wanted ?? batch.length)
        const rows = rowOf ? examples.map((example) => rowOf[example] ?? 0) : examples
        // As many as the dataset has arrays; two in the usual case.
        yield arrays.map((array) => tensor(takeBatch(array, rows))) as [Tensor, Tensor]
      } finally {
        scope.close()
      }
    }
  }

  #batches(order: Uint32Array): readonly Uint32Array[] {
    const all = batchRows(order, this.batchSize, this.#examples.lengths)
    return this.#dropLast ? all.filter(({ length }) => length === this.batchSize) : all
  }
}
