/** What a program hangs into `fit`, and the record that `fit` returns. */
import type { Sequential } from './sequential'

/** Figures of a batch or an epoch: `loss`, metrics, and `val…` figures. */
export type Logs = Readonly<Record<string, number>>

/** Base class of callbacks: override what you need. Epochs and batches count from 0, as in Keras. */
export class Callback {
  /** The model in training; set by `fit`. */
  model: Sequential | null = null

  onTrainBegin(): void | Promise<void> {}
  onEpochBegin(_epoch: number): void | Promise<void> {}
  onBatchEnd(_batch: number, _logs: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _logs: Logs): void | Promise<void> {}
  onTrainEnd(): void | Promise<void> {}
}

/** Epoch figures by name, one entry per epoch. */
export class History extends Callback {
  readonly epoch: number[] = []
  readonly history: Record<string, number[]> = {}

  override onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch)
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value)
  }
}
