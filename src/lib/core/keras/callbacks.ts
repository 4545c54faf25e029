/** What a program hangs into `fit`, and the record that `fit` returns. */
import type { Model } from './model'
import { assertOptions } from './names'

/** Figures of a batch or an epoch: `loss`, metrics, and `val…` figures. */
export type Logs = Readonly<Record<string, number>>

/**
 * Base class of callbacks: override what you need. Epochs and batches count from 0, as in Keras.
 * Source: keras.callbacks.Callback.
 */
export class Callback {
  /** The model in training; set by `fit`. */
  model: Model | null = null

  onTrainBegin(): void | Promise<void> {}
  onTrainEnd(): void | Promise<void> {}
  onEpochBegin(_epoch: number): void | Promise<void> {}
  /** Figures that it adds to `logs` become part of the History. */
  onEpochEnd(_epoch: number, _logs: Record<string, number>): void | Promise<void> {}
  /** Called before each batch of training. */
  onTrainBatchBegin(batch: number): void | Promise<void> {
    return this.onBatchBegin(batch)
  }
  /** Called when the loss of a batch is there; of batches that ran together, for the last. */
  onTrainBatchEnd(batch: number, logs: Logs): void | Promise<void> {
    return this.onBatchEnd(batch, logs)
  }
  onBatchBegin(_batch: number): void | Promise<void> {}
  onBatchEnd(_batch: number, _logs: Logs): void | Promise<void> {}
  /** Called before the validation data are evaluated. */
  onTestBegin(): void | Promise<void> {}
  onTestEnd(_logs: Logs): void | Promise<void> {}
}

/** What LambdaCallback can do, under the names of Callback's methods. */
export type LambdaOptions = Partial<
  Pick<
    Callback,
    'onEpochBegin' | 'onEpochEnd' | 'onTrainBegin' | 'onTrainEnd' | 'onTrainBatchBegin' | 'onTrainBatchEnd'
  >
>

/** A callback of functions: `new LambdaCallback({ onEpochEnd: (epoch, logs) => … })`. Source: keras.callbacks.LambdaCallback. */
export class LambdaCallback extends Callback {
  constructor(options: LambdaOptions = {}) {
    assertOptions('LambdaCallback', options, lambdaNames)
    super()
    Object.assign(this, options)
  }
}

const lambdaNames: readonly (keyof LambdaOptions)[] = [
  'onEpochBegin',
  'onEpochEnd',
  'onTrainBegin',
  'onTrainEnd',
  'onTrainBatchBegin',
  'onTrainBatchEnd',
]

/** Epoch figures by name, one entry per epoch. */
export class History extends Callback {
  readonly epoch: number[] = []
  readonly history: Record<string, number[]> = {}

  override onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch)
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value)
  }
}
