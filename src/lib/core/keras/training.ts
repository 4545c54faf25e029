/** The training and evaluation loops behind `fit` and `evaluate`: ours, because tf.layers' waits for animation frames. */
import { batchOrder, batchRows, givenOrder, lengthsOf } from '../data/batches'
import { currentRun } from '../events/currentRun'
import { randomState } from '../nn/randomState'
import type { PendingNumber } from '../util/pendingNumber'
import type { Callback, Logs } from './callbacks'
import { batchOf } from './examples'
import { countOf, type Batch, type StepRunner } from './stepRunner'

/** How an epoch is gone through. */
export interface EpochOptions {
  /** Counted from 0. */
  readonly epoch: number
  /** The first of this `fit`. */
  readonly initialEpoch: number
  readonly batchSize: number
  readonly shuffle: boolean
  /** Batches of an epoch; null for those of one pass through the data. */
  readonly stepsPerEpoch: number | null
  readonly callbacks: readonly Callback[]
  /** Asked after each batch; true ends the epoch. */
  readonly isStopped: () => boolean
}

/** Trains on every example once, or for `stepsPerEpoch`; gives loss and metrics over the examples, nothing if all were left out. */
export async function trainEpoch(runner: StepRunner, data: Batch, options: EpochOptions): Promise<Logs> {
  const { callbacks } = options
  const ends = new BatchEnds(callbacks, runner)
  try {
    for (const [batch, rows] of rowsOfEpoch(data, options).entries()) {
      if (await currentRun().batchBoundary()) continue
      await ends.tell()
      if (options.isStopped()) break
      for (const callback of callbacks) await callback.onTrainBatchBegin(batch, {})
      const used = currentRun().batchRows?.(rows.length) ?? rows.length
      const loss = await runner.train(batchOf(data, rows.subarray(0, used)))
      currentRun().log({ loss })
      ends.add(batch, loss)
      await ends.tell()
      if (options.isStopped()) break
    }
    const figures = await runner.takeFigures()
    await ends.tell(figures)
    return figures
  } finally {
    runner.dispose()
  }
}

/**
 * The rows of each batch of an epoch. With `stepsPerEpoch`, epochs go on where the last one ended, and end where the data
 * end, as in Keras; the next one begins with them again, in another order.
 */
function rowsOfEpoch(
  data: Batch,
  { epoch, initialEpoch, batchSize, shuffle, stepsPerEpoch }: EpochOptions,
): readonly Uint32Array[] {
  const count = countOf(data)
  const lengths = lengthsOf(data.inputs)
  const batchesOf = (pass: number) => {
    const order = shuffle ? batchOrder(count, randomState.currentSeed, pass) : givenOrder(count)
    return batchRows(order, batchSize, lengths)
  }
  if (stepsPerEpoch === null) return batchesOf(1 + epoch)
  // Every pass has equally many batches: their number depends on the lengths alone.
  const ofPass = batchRows(givenOrder(count), batchSize, lengths).length
  const epochsOfPass = Math.ceil(ofPass / stepsPerEpoch)
  const since = epoch - initialEpoch
  const start = (since % epochsOfPass) * stepsPerEpoch
  const rows = batchesOf(1 + Math.floor(since / epochsOfPass)).slice(start, start + stepsPerEpoch)
  // Keras warns once, too.
  if (since === epochsOfPass - 1 && rows.length < stepsPerEpoch) warnOfEnd(stepsPerEpoch, rows.length)
  return rows
}

function warnOfEnd(expected: number, left: number): void {
  currentRun().print(
    `fit: expected ${expected} batches for each epoch, got ${left} before the data ended, which begin again with the next ` +
      'epoch. Choose a stepsPerEpoch that divides the number of batches, or leave it out.',
  )
}

/**
 * Calls `onTrainBatchEnd` when the loss of a batch is there, with the figures so far: of batches that ran together, for the
 * last, as Keras does.
 */
class BatchEnds {
  #waiting: { readonly batch: number; readonly loss: number | PendingNumber }[] = []
  #told = 0
  readonly #readsFigures: boolean

  constructor(
    private readonly callbacks: readonly Callback[],
    private readonly runner: StepRunner,
  ) {
    this.#readsFigures = callbacks.some(({ readsBatches }) => readsBatches)
  }

  add(batch: number, loss: number | PendingNumber): void {
    this.#waiting.push({ batch, loss })
  }

  /** `figures` are those of all batches, where these are known already. */
  async tell(figures?: Logs): Promise<void> {
    const firstMissing = this.#waiting.findIndex(({ loss }) => valueOf(loss) === undefined)
    const arrived = this.#waiting.splice(0, firstMissing < 0 ? this.#waiting.length : firstMissing)
    const last = arrived.at(-1)
    if (!last) return
    this.#told += arrived.length
    const logs = figures ?? (this.#readsFigures ? await this.runner.figuresAfter(this.#told) : {})
    for (const callback of this.callbacks) await callback.onTrainBatchEnd(last.batch, logs)
  }
}

function valueOf(loss: number | PendingNumber): number | undefined {
  return typeof loss === 'number' ? loss : loss.arrived
}

/** How examples are gone through. */
interface EvaluationOptions {
  readonly batchSize: number
  readonly steps?: number
  readonly callbacks?: readonly Callback[]
}

/** Loss and metrics over the examples of the first `steps` batches, or of all, without dropout and without updates. */
export async function evaluateBatches(
  runner: StepRunner,
  data: Batch,
  { batchSize, steps = Infinity, callbacks = [] }: EvaluationOptions,
): Promise<Logs> {
  const readsFigures = callbacks.some(({ readsTestBatches }) => readsTestBatches)
  try {
    const batches = batchRows(givenOrder(countOf(data)), batchSize, lengthsOf(data.inputs))
    for (const [batch, rows] of batches.entries()) {
      if (batch >= steps) break
      if (await currentRun().batchBoundary()) continue
      for (const callback of callbacks) await callback.onTestBatchBegin(batch, {})
      await runner.test(batchOf(data, rows))
      const logs = readsFigures ? await runner.figuresAfter(batch + 1) : {}
      for (const callback of callbacks) await callback.onTestBatchEnd(batch, logs)
    }
    return await runner.takeFigures()
  } finally {
    runner.dispose()
  }
}
