/** Steps kernel by kernel, as the code runs. */
import { at } from '../util/at'
import { MemoryScope } from '../eager/memoryScope'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { toTensor } from './arrays'
import type { Logs } from './callbacks'
import type { Figure } from './objective'
import { RunningSums } from './runningSums'
import {
  areMeans,
  countOf,
  figuresOf,
  testStep,
  trainStep,
  type Batch,
  type Compiled,
  type StepData,
  type StepResult,
  type StepRunner,
  type TrainableModel,
} from './stepRunner'

/** Takes steps on the lane's backend. */
export class EagerRunner implements StepRunner {
  readonly #sums = new RunningSums()
  #figures: readonly Figure[] = []
  /** Sum over the examples that were trained on; null before any. */
  #lossSum: number | null = null
  #seen = 0

  constructor(
    private readonly model: TrainableModel,
    private readonly compiled: Compiled,
  ) {}

  async train(batch: Batch): Promise<number> {
    const scope = new MemoryScope('fit')
    try {
      const count = countOf(batch)
      const { figures, values } = trainStep(this.model, this.compiled, toTensors(batch))
      const [loss, ...others] = values
      this.#addUp({ figures, values: others }, 1, count)
      const value = loss ? at(await readBack(loss), 0) : NaN
      this.#lossSum = (this.#lossSum ?? 0) + value * count
      return value
    } finally {
      scope.close()
    }
  }

  test(batch: Batch): Promise<void> {
    tf.tidy(() => {
      this.#addUp(testStep(this.model, this.compiled, toTensors(batch)), 0, countOf(batch))
    })
    return Promise.resolve()
  }

  async figuresAfter(): Promise<Logs> {
    const sums = await this.#sums.read()
    if (this.#lossSum !== null) sums[0] = this.#lossSum
    return figuresOf(this.#figures, sums, this.#seen)
  }

  async takeFigures(): Promise<Logs> {
    if (this.#seen === 0) return {}
    const figures = await this.figuresAfter()
    this.dispose()
    return figures
  }

  dispose(): void {
    this.#sums.dispose()
    this.#lossSum = null
    this.#seen = 0
  }

  /** Adds the scalars from position `from` on. */
  #addUp({ figures, values }: StepResult, from: number, count: number): void {
    this.#figures = figures
    this.#seen += count
    const means = areMeans(figures)
    for (const [index, value] of values.entries()) {
      const at = from + index
      this.#sums.add(at, means[at] ? tf.mul(value, count) : value)
    }
  }
}

function toTensors({ inputs, labels, weights }: Batch): StepData {
  return {
    inputs: inputs.map(toTensor),
    labels: labels.map(toTensor),
    weights: weights && toTensor(weights),
  }
}
