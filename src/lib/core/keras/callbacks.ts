/** What a program hangs into `fit`, and the record that `fit` returns. */
import type { NdArray } from '../data/types'
import type { ModelWeights } from '../nn/weights'
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { callable } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'
import { nearestName } from '../util/nearestName'
import { isPlainObject } from '../util/plainObject'
import { knownName } from '../util/spelling'
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

/** Outputs of a batch of a prediction. */
export interface PredictLogs {
  readonly outputs: NdArray | readonly NdArray[]
}

/** How `fit` trains. */
interface FitParams {
  readonly epochs: number
  /** Batches of an epoch. */
  readonly steps: number
  readonly verbose: number | boolean | 'auto'
}

/**
 * Base class of callbacks: override what you need. Epochs and batches count from 0, as in Keras.
 * Source: keras.callbacks.Callback.
 */
export class Callback {
  /** The model in training; set by `fit`. */
  model: FittedModel | null = null
  /** How `fit` trains; set by it. */
  params: FitParams | null = null

  constructor(...given: NoArguments) {
    assertNoArguments('Callback', given)
  }

  onTrainBegin(_logs: Logs): void | Promise<void> {}
  /** Called with the figures of the last epoch. */
  onTrainEnd(_logs: Logs): void | Promise<void> {}
  onEpochBegin(_epoch: number, _logs: Logs): void | Promise<void> {}
  /** Figures that it adds to `logs` become part of the History. */
  onEpochEnd(_epoch: number, _logs: Record<string, number>): void | Promise<void> {}
  /** Called before each batch of training. */
  onTrainBatchBegin(batch: number, logs: Logs): void | Promise<void> {
    return this.onBatchBegin(batch, logs)
  }
  /**
   * Called when the loss of a batch is there, with the figures of the epoch so far; of batches that ran together, for the
   * last.
   */
  onTrainBatchEnd(batch: number, logs: Logs): void | Promise<void> {
    return this.onBatchEnd(batch, logs)
  }
  onBatchBegin(_batch: number, _logs: Logs): void | Promise<void> {}
  onBatchEnd(_batch: number, _logs: Logs): void | Promise<void> {}
  /** Called before the validation data are evaluated. */
  onTestBegin(_logs: Logs): void | Promise<void> {}
  onTestEnd(_logs: Logs): void | Promise<void> {}
  onTestBatchBegin(_batch: number, _logs: Logs): void | Promise<void> {}
  /** Called with the figures of all batches so far. */
  onTestBatchEnd(_batch: number, _logs: Logs): void | Promise<void> {}
  onPredictBegin(_logs: Logs): void | Promise<void> {}
  onPredictEnd(_logs: Logs): void | Promise<void> {}
  onPredictBatchBegin(_batch: number, _logs: Logs): void | Promise<void> {}
  onPredictBatchEnd(_batch: number, _logs: PredictLogs): void | Promise<void> {}

  /** Whether it looks at figures of batches, which are read from the backend then. @internal */
  get readsBatches(): boolean {
    return overrides(this, 'onTrainBatchEnd') || overrides(this, 'onBatchEnd')
  }

  /** The same for batches of an evaluation. @internal */
  get readsTestBatches(): boolean {
    return overrides(this, 'onTestBatchEnd')
  }
}

function overrides(callback: Callback, event: keyof Callback): boolean {
  return callback[event] !== Callback.prototype[event]
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
  /** Called with the batch, from 0, and the figures of the epoch so far. */
  onTrainBatchEnd: callable<Callback['onTrainBatchEnd']>().or(null),
  /** Called before an evaluation. */
  onTestBegin: callable<Callback['onTestBegin']>().named.or(null),
  /** Called after an evaluation, with its figures. */
  onTestEnd: callable<Callback['onTestEnd']>().named.or(null),
  /** Called with the batch of an evaluation, from 0. */
  onTestBatchBegin: callable<Callback['onTestBatchBegin']>().named.or(null),
  /** Called with the batch of an evaluation, and the figures so far. */
  onTestBatchEnd: callable<Callback['onTestBatchEnd']>().named.or(null),
  /** Called before a prediction. */
  onPredictBegin: callable<Callback['onPredictBegin']>().named.or(null),
  /** Called after a prediction. */
  onPredictEnd: callable<Callback['onPredictEnd']>().named.or(null),
  /** Called with the batch of a prediction, from 0. */
  onPredictBatchBegin: callable<Callback['onPredictBatchBegin']>().named.or(null),
  /** Called with the batch of a prediction, and its outputs. */
  onPredictBatchEnd: callable<Callback['onPredictBatchEnd']>().named.or(null),
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
  if (wrong === undefined) {
    for (const each of list) assertEvents(each as Callback)
    return list as readonly Callback[]
  }
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

/** Methods that are called. */
const events = Object.getOwnPropertyNames(Callback.prototype).filter((name) => name.startsWith('on'))

/** Throws ArgumentError for a method that looks as if `fit` called it, such as on_epoch_end, and that it does not call. */
function assertEvents(callback: Callback): void {
  for (let owner: object = callback; owner !== Callback.prototype;) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (!name.startsWith('on') || events.includes(name)) continue
      // Functions in fields are the program's own business, unless they have the name of an event.
      const meant = owner === callback ? knownName(name, events) : nearestName(name, events)
      if (meant === undefined || typeof Reflect.get(callback, name) !== 'function') continue
      throw new ArgumentError(
        `${callback.constructor.name}: expected methods that fit calls, got ${name}, which it does not. Write ${meant}.`,
      )
    }
    owner = Object.getPrototypeOf(owner) as object
  }
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
