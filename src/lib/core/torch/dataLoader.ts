/** The data loader: batches as an async iterator that owns the memory of the loop body. */
import { batches, batchOrder, givenOrder, takeRows } from '../data/batches'
import type { Split } from '../data/types'
import { MemoryScope } from '../eager/memoryScope'
import { currentRun } from '../events/currentRun'
import { randomState } from '../nn/randomState'
import { ArgumentError } from '../util/errors'
import { isGradEnabled } from './autograd'
import { tensor } from './creation'
import type { Tensor } from './tensor'

export interface DataLoaderOptions {
  readonly batchSize?: number
  /** A new order each time the loader is iterated, drawn from the seed. */
  readonly shuffle?: boolean
  /** Leave out a last batch that is not full. */
  readonly dropLast?: boolean
}

/**
 * Iterate with `for await (const [x, y] of loader)`. Tensors and graphs made in the loop body are freed when the
 * next batch begins; a pause or stop of the run takes effect there too.
 */
export class DataLoader {
  readonly batchSize: number
  readonly #shuffle: boolean
  readonly #dropLast: boolean
  #epoch = 0

  constructor(
    readonly dataset: Split,
    { batchSize = 1, shuffle = false, dropLast = false }: DataLoaderOptions = {},
  ) {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(
        `DataLoader: expected a batchSize of 1 or more, got ${batchSize}. Set batchSize to 32.`,
      )
    }
    const [examples = 0] = dataset.x.shape
    if (dataset.y.shape[0] !== examples) {
      throw new ArgumentError(
        `DataLoader: expected as many targets as inputs, got ${examples} inputs and ` +
          `${dataset.y.shape[0] ?? 0} targets. Pass both from the same split.`,
      )
    }
    this.batchSize = batchSize
    this.#shuffle = shuffle
    this.#dropLast = dropLast
  }

  /** Number of batches. */
  get length(): number {
    return this.#ranges().length
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<[x: Tensor, y: Tensor], void, undefined> {
    const { x, y } = this.dataset
    const [examples = 0] = x.shape
    this.#epoch++
    const order = this.#shuffle
      ? batchOrder(examples, randomState.currentSeed, this.#epoch)
      : givenOrder(examples)
    for (const [start, end] of this.#ranges()) {
      if (await currentRun().batchBoundary()) continue
      const scope = new MemoryScope('batch')
      try {
        // A loop without gradients validates: all of its examples count.
        const wanted = isGradEnabled() ? currentRun().batchRows?.(end - start) : undefined
        const rows = order.subarray(start, start + (wanted ?? end - start))
        yield [tensor(takeRows(x, rows)), tensor(takeRows(y, rows))]
      } finally {
        scope.close()
      }
    }
  }

  #ranges() {
    const ranges = batches(this.dataset.x.shape[0] ?? 0, this.batchSize)
    return this.#dropLast ? ranges.filter(([start, end]) => end - start === this.batchSize) : ranges
  }
}
