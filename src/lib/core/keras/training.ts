/** The training and evaluation loops behind `fit` and `evaluate`: ours, because tf.layers' waits for animation frames. */
import { batches, batchOrder, givenOrder, takeRows } from '../data/batches'
import type { Split } from '../data/types'
import { currentRun } from '../events/currentRun'
import { randomState } from '../nn/randomState'
import type { PendingNumber } from '../util/pendingNumber'
import type { Callback, Logs } from './callbacks'
import type { StepRunner } from './stepRunner'

export interface EpochOptions {
  /** Counted from 0. */
  readonly epoch: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly callbacks: readonly Callback[]
  /** Asked after each batch; true ends the epoch. */
  readonly isStopped: () => boolean
}

/** Trains on every example once; gives loss and metrics as means over the examples, nothing if all were left out. */
export async function trainEpoch(runner: StepRunner, data: Split, options: EpochOptions): Promise<Logs> {
  const count = data.x.shape[0] ?? 0
  const order = options.shuffle
    ? batchOrder(count, randomState.currentSeed, options.epoch + 1)
    : givenOrder(count)
  const ends = new BatchEnds(options.callbacks)
  try {
    for (const [batch, [start, end]] of batches(count, options.batchSize).entries()) {
      if (await currentRun().batchBoundary()) continue
      await ends.tell()
      if (options.isStopped()) break
      const rows = currentRun().batchRows?.(end - start) ?? end - start
      const loss = await runner.train(rowsOf(data, order.subarray(start, start + rows)))
      currentRun().log({ loss })
      ends.add(batch, loss)
      await ends.tell()
      if (options.isStopped()) break
    }
    const means = await runner.takeMeans()
    await ends.tell()
    return means
  } finally {
    runner.dispose()
  }
}

/** Calls `onBatchEnd` when the loss of a batch is there: of batches that ran together, for the last, as Keras does. */
class BatchEnds {
  #waiting: { readonly batch: number; readonly loss: number | PendingNumber }[] = []

  constructor(private readonly callbacks: readonly Callback[]) {}

  add(batch: number, loss: number | PendingNumber): void {
    this.#waiting.push({ batch, loss })
  }

  async tell(): Promise<void> {
    const firstMissing = this.#waiting.findIndex(({ loss }) => valueOf(loss) === undefined)
    const arrived = this.#waiting.splice(0, firstMissing < 0 ? this.#waiting.length : firstMissing)
    const last = arrived.at(-1)
    if (!last) return
    const logs = { loss: valueOf(last.loss) ?? NaN }
    for (const callback of this.callbacks) await callback.onBatchEnd(last.batch, logs)
  }
}

function valueOf(loss: number | PendingNumber): number | undefined {
  return typeof loss === 'number' ? loss : loss.arrived
}

/** Loss and metrics as means over the examples, without dropout and without updates. */
export async function evaluateBatches(runner: StepRunner, data: Split, batchSize: number): Promise<Logs> {
  const count = data.x.shape[0] ?? 0
  try {
    const order = givenOrder(count)
    for (const [start, end] of batches(count, batchSize)) {
      if (await currentRun().batchBoundary()) continue
      await runner.test(rowsOf(data, order.subarray(start, end)))
    }
    return await runner.takeMeans()
  } finally {
    runner.dispose()
  }
}

function rowsOf(data: Split, rows: ArrayLike<number>): Split {
  return { x: takeRows(data.x, rows), y: takeRows(data.y, rows) }
}
