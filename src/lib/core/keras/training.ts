/** The training and evaluation loops behind `fit` and `evaluate`: ours, because tf.layers' waits for animation frames. */
import { batches, batchOrder, takeRows } from '../data/batches'
import type { Split } from '../data/types'
import { MemoryScope } from '../eager/memoryScope'
import { withTape } from '../eager/tape'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import { randomState } from '../nn/randomState'
import { toTensor } from './arrays'
import type { Callback, Logs } from './callbacks'
import type { Loss } from './losses'
import { RunningSums, type Metric } from './metrics'
import type { ModelOutput } from './modelOutput'
import type { NamedVariable } from './modelWeights'
import type { Optimizer } from './optimizers'

/** What `compile` settled. */
export interface Compiled {
  readonly optimizer: Optimizer
  readonly loss: Loss
  readonly metrics: readonly Metric[]
}

/** What the loops need of a model. */
export interface TrainableModel {
  /** [batch, …inputShape] to outputs; belongs to the caller's scope. */
  forward(x: tf.Tensor, training: boolean): ModelOutput
  readonly trainableVariables: readonly NamedVariable[]
  readonly stopTraining: boolean
}

export interface EpochOptions {
  /** Counted from 0. */
  readonly epoch: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly callbacks: readonly Callback[]
}

/** Trains on every example once; gives loss and metrics as means over the examples. */
export async function trainEpoch(
  model: TrainableModel,
  compiled: Compiled,
  data: Split,
  { epoch, batchSize, shuffle, callbacks }: EpochOptions,
): Promise<Logs> {
  const count = data.x.shape[0] ?? 0
  const order = shuffle
    ? batchOrder(count, randomState.currentSeed, epoch + 1)
    : Uint32Array.from({ length: count }, (_, row) => row)
  const sums = new RunningSums()
  const step = new TrainingStep(model, compiled, sums)
  let lossSum = 0
  let seen = 0
  try {
    for (const [batch, [start, end]] of batches(count, batchSize).entries()) {
      await currentRun().batchBoundary()
      const loss = await step.run(rowsOf(data, order.subarray(start, end)))
      lossSum += loss * (end - start)
      seen += end - start
      currentRun().log({ loss })
      for (const callback of callbacks) await callback.onBatchEnd(batch, { loss })
      if (model.stopTraining) break
    }
    return { loss: lossSum / seen, ...(await sums.means(seen)) }
  } finally {
    sums.dispose()
  }
}

/** One update on one batch, over and over. */
class TrainingStep {
  readonly #variables: readonly tf.Variable[]

  constructor(
    private readonly model: TrainableModel,
    private readonly compiled: Compiled,
    private readonly sums: RunningSums,
  ) {
    this.#variables = model.trainableVariables.map(({ variable }) => variable)
  }

  /** Mean loss of the batch before the update; the metrics before it go to the sums. */
  async run(batch: Split): Promise<number> {
    const { optimizer, loss, metrics } = this.compiled
    const scope = new MemoryScope('fit')
    try {
      const labels = toTensor(batch.y)
      const x = toTensor(batch.x)
      const outputs: ModelOutput[] = []
      const { value, gradients } = withTape(() => {
        const output = this.model.forward(x, true)
        outputs.push(output)
        return loss.compute(labels, output)
      }, this.#variables)
      optimizer.apply(gradients, this.#variables)
      for (const output of outputs) addMetrics(this.sums, metrics, labels, output)
      return (await readBack(value))[0] ?? NaN
    } finally {
      scope.close()
    }
  }
}

/** Loss and metrics as means over the examples, without dropout and without updates. */
export async function evaluateBatches(
  model: TrainableModel,
  { loss, metrics }: Omit<Compiled, 'optimizer'>,
  data: Split,
  batchSize: number,
): Promise<Logs> {
  const count = data.x.shape[0] ?? 0
  const sums = new RunningSums()
  try {
    for (const [start, end] of batches(count, batchSize)) {
      await currentRun().batchBoundary()
      const rows = Uint32Array.from({ length: end - start }, (_, index) => start + index)
      const batch = rowsOf(data, rows)
      tf.tidy(() => {
        const labels = toTensor(batch.y)
        const output = model.forward(toTensor(batch.x), false)
        sums.add('loss', tf.mul(loss.compute(labels, output), end - start))
        addMetrics(sums, metrics, labels, output)
      })
    }
    return await sums.means(count)
  } finally {
    sums.dispose()
  }
}

function addMetrics(
  sums: RunningSums,
  metrics: readonly Metric[],
  labels: tf.Tensor,
  output: ModelOutput,
): void {
  for (const metric of metrics) sums.add(metric.name, metric.sum(labels, output))
}

function rowsOf(data: Split, rows: ArrayLike<number>): Split {
  return { x: takeRows(data.x, rows), y: takeRows(data.y, rows) }
}
