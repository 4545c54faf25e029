/** Steps kernel by kernel, as the code runs. */
import type { Split } from '../data/types'
import { MemoryScope } from '../eager/memoryScope'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { toTensor } from './arrays'
import type { Logs } from './callbacks'
import { RunningSums } from './metrics'
import { testStep, trainStep, type Compiled, type StepRunner, type TrainableModel } from './stepRunner'

export class EagerRunner implements StepRunner {
  readonly #sums = new RunningSums()
  /** Sum over the examples that were trained on; null before any. */
  #lossSum: number | null = null
  #seen = 0

  constructor(
    private readonly model: TrainableModel,
    private readonly compiled: Compiled,
  ) {}

  async train(batch: Split): Promise<number> {
    const scope = new MemoryScope('fit')
    try {
      const [loss, ...sums] = trainStep(this.model, this.compiled, toTensor(batch.x), toTensor(batch.y))
      this.#addMetrics(sums)
      const value = (await readBack(loss))[0] ?? NaN
      const count = countOf(batch)
      this.#lossSum = (this.#lossSum ?? 0) + value * count
      this.#seen += count
      return value
    } finally {
      scope.close()
    }
  }

  test(batch: Split): Promise<void> {
    const count = countOf(batch)
    tf.tidy(() => {
      const [loss, ...sums] = testStep(this.model, this.compiled, toTensor(batch.x), toTensor(batch.y))
      this.#sums.add('loss', tf.mul(loss, count))
      this.#addMetrics(sums)
    })
    this.#seen += count
    return Promise.resolve()
  }

  async takeMeans(): Promise<Logs> {
    if (this.#seen === 0) return {}
    const sums = await this.#sums.means(this.#seen)
    const means = this.#lossSum === null ? sums : { loss: this.#lossSum / this.#seen, ...sums }
    this.dispose()
    return means
  }

  dispose(): void {
    this.#sums.dispose()
    this.#lossSum = null
    this.#seen = 0
  }

  #addMetrics(sums: readonly tf.Tensor[]): void {
    for (const [index, { name }] of this.compiled.metrics.entries()) {
      const sum = sums[index]
      if (sum) this.#sums.add(name, sum)
    }
  }
}

function countOf({ x }: Split): number {
  return x.shape[0] ?? 0
}
