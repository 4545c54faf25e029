/** The data loader: batches as an async iterator that owns the memory of the loop body. */
import { at } from '../util/at'
import { batchOrder, batchRows, givenOrder } from '../data/batches'
import { MemoryScope } from '../eager/memoryScope'
import { currentRun } from '../events/currentRun'
import { randomState } from '../nn/randomState'
import { anything, flag, number, only } from '../util/kinds'
import { ArgumentError } from '../util/errors'
import { parameters, type Given } from '../util/parameters'
import { permutation } from '../util/random'
import { answerUnknown } from '../util/unknownNames'
import { isGradEnabled } from './autograd'
import { asDataset, dataset, type Dataset } from './datasets'
import { generator, type Generator } from './generator'
import { count, countOrNone } from './nn/kinds'
import { loaderAnswers } from './otherNames'
import type { Tensor } from './tensor'

const ownOrder = 'Use shuffle, or new Subset(dataset, indices).'
const noWorkers = 'batches are made in the lane itself, when they are asked for'

const loaderParameters = parameters('DataLoader', {
  dataset,
  /** Examples of each batch. */
  batchSize: count.or(1),
  /** A new order each time the loader is iterated, drawn from the seed. */
  shuffle: flag.or(null),
  sampler: only(null as object | null, ownOrder),
  batchSampler: only(null as object | null, ownOrder),
  numWorkers: countOrNone.or(0).unused(noWorkers),
  collateFn: only(null as object | null, 'Change the batches in the loop, or write a Dataset of your own.'),
  pinMemory: flag.or(false).unused('batches are made where they are used'),
  /** Leave out a last batch that is not full; of each length, where sequences have several. */
  dropLast: flag.or(false),
  timeout: number.or(0).unused(noWorkers),
  workerInitFn: anything<unknown>().or(null).unused(noWorkers),
  multiprocessingContext: anything<unknown>().or(null).unused(noWorkers),
  /** Where the orders come from; the seed of manualSeed() when left out. */
  generator: generator.or(null),
  prefetchFactor: count.named.or(null).unused(noWorkers),
  persistentWorkers: flag.named.or(false).unused(noWorkers),
  pinMemoryDevice: anything<unknown>().named.or('').unused('batches are made where they are used'),
  inOrder: flag.named.or(true).unused(noWorkers),
})

/**
 * Iterate with `for await (const [x, y] of loader)`. When the next batch begins, graphs made in the loop body are freed
 * and its tensors leave the backend until they are used again; a pause or stop of the run takes effect there too. Sequences of different lengths do not share a
 * batch: each batch is as long as its sequences.
 */
export class DataLoader {
  readonly batchSize: number
  readonly #shuffle: boolean
  readonly #dropLast: boolean
  readonly #generator: Generator | null
  /** What is loaded; its length is the number of examples. */
  readonly dataset: Dataset
  #epoch = 0

  constructor(...given: Given<typeof loaderParameters.table>) {
    const options = loaderParameters.read(given)
    this.dataset = asDataset('DataLoader', options.dataset)
    this.batchSize = options.batchSize
    this.#shuffle = options.shuffle === true
    this.#dropLast = options.dropLast
    this.#generator = options.generator
  }

  /** Number of batches. */
  get length(): number {
    return this.#batches(givenOrder(this.dataset.length)).length
  }

  /** A plain loop would leave no time to wait for batches: throws ArgumentError. */
  [Symbol.iterator](): never {
    throw new ArgumentError(
      'DataLoader: expected for await, got a plain loop or spread. Write for await (const [x, y] of loader).',
    )
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<[x: Tensor, y: Tensor], void, undefined> {
    const { length, rows: rowOf } = this.dataset
    this.#epoch++
    for (const batch of this.#batches(this.#order(length))) {
      if (await currentRun().batchBoundary()) continue
      const scope = new MemoryScope('batch')
      try {
        // A loop without gradients validates: all of its examples count.
        const wanted = isGradEnabled() ? currentRun().batchRows?.(batch.length) : undefined
        const examples = batch.subarray(0, wanted ?? batch.length)
        const rows = rowOf ? examples.map((example) => at(rowOf, example)) : examples
        // As many as the dataset has arrays; two in the usual case.
        yield (await this.dataset.batch(rows)) as [Tensor, Tensor]
      } finally {
        scope.close()
      }
    }
  }

  #order(length: number): Uint32Array {
    if (!this.#shuffle) return givenOrder(length)
    if (this.#generator) return permutation(length, this.#generator.random)
    return batchOrder(length, randomState.currentSeed, this.#epoch)
  }

  #batches(order: Uint32Array): readonly Uint32Array[] {
    const all = batchRows(order, this.batchSize, this.dataset.lengths)
    return this.#dropLast ? all.filter(({ length }) => length === this.batchSize) : all
  }
}

answerUnknown(DataLoader.prototype, loaderAnswers)
