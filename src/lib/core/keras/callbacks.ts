/** What a program hangs into `fit`, and the record that `fit` returns. */
import type { NdArray } from '../data/types'
import type { ModelWeights } from '../nn/weights'
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { callable } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'
import { isPlainObject } from '../util/plainObject'
import type { ArrayData } from './arrays'
import type { NamedVariable } from './modelWeights'
import type { Optimizer } from './optimizers'

/** Figures of a batch or an epoch: `loss`, metrics, and `val…` figures. */
export type Logs = Readonly<Record<string, number>>

/** What a callback may use of the Model in training. */
export interface FittedModel {
  /** Set to true, to end `fit` after the batch in progress. */
  stopTraining: boolean
  readonly optimizer: Optimizer | null
  readonly trainableVariables: readonly NamedVariable[]
  countParams(): number
  getWeights(): Promise<NdArray[]>
  setWeights(weights: readonly ArrayData[]): void
  weights(): Promise<ModelWeights>
  /** Which way a figure of the logs is better; null where nobody knows. */
  directionOf(figure: string): 'up' | 'down' | null
}

/**
 * Base class of callbacks: override what you need. Epochs and batches count from 0, as in Keras.
 * Source: keras.callbacks.Callback.
 */
export class Callback {
  /** The model in training; set by `fit`. */
  model: FittedModel | null = null

  constructor(...given: NoArguments) {
    assertNoArguments('Callback', given)
  }

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
  onPredictBegin(): void | Promise<void> {}
  onPredictEnd(): void | Promise<void> {}
}

const lambdaCallback = parameters('LambdaCallback', {
  /** Called with the epoch, from 0. */
  onEpochBegin: callable<Callback['onEpochBegin']>().or(null),
  /** Called with the epoch, from 0, and its figures. */
  onEpochEnd: callable<Callback['onEpochEnd']>().or(null),
  /** Called before the first epoch. */
  onTrainBegin: callable<Callback['onTrainBegin']>().or(null),
  /** Called after the last epoch. */
  onTrainEnd: callable<Callback['onTrainEnd']>().or(null),
  /** Called with the batch, from 0. */
  onTrainBatchBegin: callable<Callback['onTrainBatchBegin']>().or(null),
  /** Called with the batch, from 0, and its loss. */
  onTrainBatchEnd: callable<Callback['onTrainBatchEnd']>().or(null),
  /** Called before an evaluation. */
  onTestBegin: callable<Callback['onTestBegin']>().named.or(null),
  /** Called after an evaluation, with its figures. */
  onTestEnd: callable<Callback['onTestEnd']>().named.or(null),
  /** Called before a prediction. */
  onPredictBegin: callable<Callback['onPredictBegin']>().named.or(null),
  /** Called after a prediction. */
  onPredictEnd: callable<Callback['onPredictEnd']>().named.or(null),
})

/** A callback of functions: `new LambdaCallback({ onEpochEnd: (epoch, logs) => … })`. Source: keras.callbacks.LambdaCallback. */
export class LambdaCallback extends Callback {
  constructor(...given: Given<typeof lambdaCallback.table>) {
    const functions = lambdaCallback.read(given)
    super()
    Object.assign(this, Object.fromEntries(Object.entries(functions).filter(([, value]) => value !== null)))
  }
}

/** What `fit` and others are given for `callbacks`: one, a list, or null for none. */
export type CallbackList = Callback | readonly Callback[] | null

/** The callbacks in a list. Throws ArgumentError for what is none, and says how to make one of functions. */
export function toCallbacks(where: string, given: CallbackList): readonly Callback[] {
  const list: readonly unknown[] = given === null ? [] : Array.isArray(given) ? given : [given]
  const wrong = list.find((each) => !(each instanceof Callback))
  if (wrong === undefined) return list as readonly Callback[]
  const names = isPlainObject(wrong) ? Object.keys(wrong) : []
  const isFunctions = names.length > 0 && names.every((name) => name in lambdaCallback.table)
  const fix = isFunctions
    ? `Write callbacks: [new callbacks.LambdaCallback({ ${names.join(', ')} })].`
    : typeof wrong === 'function'
      ? 'Make it with new, or put the function into new callbacks.LambdaCallback({ onEpochEnd: … }).'
      : 'Use one such as new callbacks.EarlyStopping().'
  throw new ArgumentError(
    `${where}: expected callbacks to be a callback or a list of them, got ${describeValue(wrong, 60)}. ${fix}`,
  )
}

/** Epoch figures by name, one entry per epoch. */
export class History extends Callback {
  readonly epoch: number[] = []
  readonly history: Record<string, number[]> = {}

  constructor(...given: NoArguments) {
    assertNoArguments('History', given)
    super()
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch)
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value)
  }
}
