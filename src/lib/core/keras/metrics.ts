/** Metrics as `compile` takes them by name, and their running mean over batches. */
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import {
  binaryAccuracy,
  categoricalAccuracy,
  meanAbsoluteError,
  meanSquaredErrorSum,
  sparseCategoricalAccuracy,
} from '../nn/metrics'
import type { Shape } from '../util/shapes'
import type { Loss } from './losses'
import type { ModelOutput } from './modelOutput'
import { unknownName } from './names'

/** A figure of a batch: the sum of its examples' means, a scalar. */
export interface Metric {
  /** Key in logs and History. */
  readonly name: string
  sum(labels: tf.Tensor, output: ModelOutput): tf.Tensor
}

type MetricKind = 'binary' | 'sparse' | 'categorical' | 'mae' | 'mse'

const kinds: Readonly<Record<string, MetricKind>> = {
  binaryAccuracy: 'binary',
  sparseCategoricalAccuracy: 'sparse',
  categoricalAccuracy: 'categorical',
  meanAbsoluteError: 'mae',
  mae: 'mae',
  meanSquaredError: 'mse',
  mse: 'mse',
}

/** Throws ArgumentError for a name that is no metric. */
export function assertMetricNames(names: readonly string[]): void {
  const unknown = names.find((name) => !isAccuracy(name) && !Object.hasOwn(kinds, name))
  if (unknown !== undefined)
    throw unknownName('compile metrics', unknown, ['accuracy', ...Object.keys(kinds)])
}

/** The metrics of names that were checked; `accuracy` is chosen by the loss, as in Keras. */
export function toMetrics(names: readonly string[], loss: Loss, outputShape: Shape): Metric[] {
  return names.map((name) => metric(name, kinds[name] ?? accuracyKind(loss, outputShape), loss))
}

function isAccuracy(name: string): boolean {
  return name === 'accuracy' || name === 'acc'
}

function accuracyKind(loss: Loss, outputShape: Shape): MetricKind {
  if (loss.accuracy !== 'byShape') return loss.accuracy
  return outputShape.at(-1) === 1 ? 'binary' : 'categorical'
}

function metric(name: string, kind: MetricKind, loss: Loss): Metric {
  const sums: Record<MetricKind, Metric['sum']> = {
    // σ(z) > 0.5 is z > 0, so neither case needs the sigmoid. Keras itself would compare logits with 0.5.
    binary: (labels, output) => {
      const isLogits = loss.fromLogits || output.activation === 'sigmoid'
      return binaryAccuracy(labels, ranking(output), isLogits ? 0 : 0.5)
    },
    sparse: (labels, output) => sparseCategoricalAccuracy(labels, ranking(output)),
    categorical: (labels, output) => categoricalAccuracy(labels, ranking(output)),
    mae: (labels, output) => meanAbsoluteError(labels, output.value),
    mse: (labels, output) => meanSquaredErrorSum(labels, output.value),
  }
  return { name, sum: sums[kind] }
}

/** Values in the order of the outputs: sigmoid and softmax keep the order of their logits. */
function ranking(output: ModelOutput): tf.Tensor {
  const keepsOrder = output.activation === 'sigmoid' || output.activation === 'softmax'
  return keepsOrder ? output.beforeActivation : output.value
}

/** Sums that stay on the backend over many batches and are read once. Must be disposed. */
export class RunningSums {
  readonly #sums = new Map<string, tf.Tensor>()

  /** Adds a scalar. */
  add(name: string, value: tf.Tensor): void {
    const sum = this.#sums.get(name)
    this.#sums.set(name, tf.keep(sum ? tf.add(sum, value) : tf.clone(value)))
    sum?.dispose()
  }

  /** Every sum divided by `count`; one read of the backend. */
  async means(count: number): Promise<Record<string, number>> {
    if (this.#sums.size === 0) return {}
    const stacked = tf.keep(tf.tidy(() => tf.stack([...this.#sums.values()])))
    const sums = await readBack(stacked)
    stacked.dispose()
    return Object.fromEntries(
      [...this.#sums.keys()].map((name, index) => [name, (sums[index] ?? NaN) / count]),
    )
  }

  dispose(): void {
    for (const sum of this.#sums.values()) sum.dispose()
    this.#sums.clear()
  }
}
