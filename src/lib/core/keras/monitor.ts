/** Callbacks that watch a figure of the epochs: when to stop, and when to go on more slowly. */
import type { NdArray } from '../data/types'
import { currentRun } from '../events/currentRun'
import { ArgumentError } from '../util/errors'
import { Callback, type Logs } from './callbacks'
import { flag, number, text } from '../util/kinds'
import { parameters, type Given, type Values } from '../util/parameters'
import { inCamelCase } from '../util/spelling'
import { spelt, verbosity } from './kinds'
import { spelling } from './names'

const modes = ['auto', 'min', 'max'] as const

/** Parameters that watching callbacks share. */
export const monitorParameters = {
  /** Name of the figure in the logs. */
  monitor: text.or('valLoss'),
  /** Whether less is better; 'auto' asks the metric. */
  mode: spelt(...modes).or('auto'),
  /** Above 0 for a line in the console whenever it acts. */
  verbose: verbosity.or(0),
}

/** What watching callbacks were told. */
type MonitorValues = Values<typeof monitorParameters>

/** What watching callbacks share. Source: keras.src.callbacks.MonitorCallback. */
export abstract class MonitorCallback extends Callback {
  readonly monitor: string
  /** The best value so far; null before any. */
  best: number | null
  readonly #className: string
  /** The figure as the logs call it: `valLoss` where Python writes `val_loss`. */
  readonly #figure: string
  readonly #mode: (typeof modes)[number]
  readonly #minDelta: number
  readonly #isSpeaking: boolean
  #sign: 1 | -1 | null = null
  #hasWarned = false

  constructor(
    className: string,
    { monitor, mode, verbose }: MonitorValues,
    { minDelta = 0, best = null }: { readonly minDelta?: number; readonly best?: number | null },
  ) {
    super()
    this.#className = className
    this.#isSpeaking = isSpeaking(verbose)
    this.monitor = monitor
    this.#figure = inCamelCase(monitor)
    this.#mode = spelling(`${className} mode`, mode, modes)
    this.#minDelta = Math.abs(minDelta)
    this.best = best
  }

  /** Prints what the callback does in an epoch, from 0, where it was asked to. */
  protected say(epoch: number, text: string): void {
    if (this.#isSpeaking) currentRun().print(`Epoch ${epoch + 1}: ${text}`)
  }

  /** The figure of the epoch; null where the logs lack it, of which the program is told once. */
  protected current(logs: Logs): number | null {
    const value = logs[this.monitor] ?? logs[this.#figure]
    if (value !== undefined) return value
    if (!this.#hasWarned) {
      currentRun().print(
        `${this.#className}: expected '${this.monitor}' in the logs, got ${Object.keys(logs).join(', ')}. ` +
          'Pass validationData, or monitor one of these.',
      )
    }
    this.#hasWarned = true
    return null
  }

  /** Whether a value is better than another one by more than minDelta; any is better than none. */
  protected isImprovement(value: number, than: number | null): boolean {
    if (than === null) return true
    const sign = (this.#sign ??= this.#direction())
    return sign * (value - than) > this.#minDelta
  }

  #direction(): 1 | -1 {
    if (this.#mode !== 'auto') return this.#mode === 'max' ? 1 : -1
    const figure = this.#figure.startsWith('val')
      ? this.#figure.charAt(3).toLowerCase() + this.#figure.slice(4)
      : this.#figure
    const direction = this.model?.directionOf(figure) ?? null
    if (direction) return direction === 'up' ? 1 : -1
    throw new ArgumentError(
      `${this.#className}: expected mode 'min' or 'max' for '${this.monitor}', got 'auto', which knows losses and metrics only. Pass mode.`,
    )
  }
}

/** Whether a callback prints what it does. */
export function isSpeaking(verbose: number | boolean | 'auto'): boolean {
  return verbose !== 'auto' && Number(verbose) > 0
}

const earlyStopping = parameters('EarlyStopping', {
  monitor: monitorParameters.monitor,
  /** What counts as an improvement at least. */
  minDelta: number.or(0),
  /** Epochs without an improvement after which training stops. */
  patience: number.or(0),
  verbose: monitorParameters.verbose,
  mode: monitorParameters.mode,
  /** A value that has to be reached as well. */
  baseline: number.or(null),
  /** Whether the model ends with the weights of its best epoch instead of the last. */
  restoreBestWeights: flag.or(false),
  /** Epochs that are not watched. */
  startFromEpoch: number.or(0),
})

/** Stops when a figure has stopped improving. Source: keras.callbacks.EarlyStopping. */
export class EarlyStopping extends MonitorCallback {
  /** Epoch of the best value, from 0. */
  bestEpoch = 0
  /** Epoch after which training was stopped; 0 if it was not. */
  stoppedEpoch = 0
  readonly #options: Pick<
    Values<typeof earlyStopping.table>,
    'patience' | 'baseline' | 'restoreBestWeights' | 'startFromEpoch'
  >
  #wait = 0
  #bestWeights: NdArray[] | null = null

  constructor(...given: Given<typeof earlyStopping.table>) {
    const options = earlyStopping.read(given)
    super('EarlyStopping', options, { minDelta: options.minDelta })
    this.#options = options
  }

  override onTrainBegin(): void {
    this.#wait = 0
    this.stoppedEpoch = 0
    this.best = null
    this.bestEpoch = 0
    this.#bestWeights = null
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { patience, baseline, restoreBestWeights, startFromEpoch } = this.#options
    const current = this.current(logs)
    if (current === null || epoch < startFromEpoch || !this.model) return
    // Without any improvement the first epoch's weights are the best.
    if (restoreBestWeights) this.#bestWeights ??= await this.model.getWeights()
    this.#wait++
    if (this.isImprovement(current, this.best)) {
      this.best = current
      this.bestEpoch = epoch
      if (restoreBestWeights) this.#bestWeights = await this.model.getWeights()
      if (baseline === null || this.isImprovement(current, baseline)) this.#wait = 0
      return
    }
    if (this.#wait >= patience && epoch > 0) {
      this.stoppedEpoch = epoch
      this.say(epoch, 'early stopping')
      this.model.stopTraining = true
    }
  }

  override onTrainEnd(): void {
    if (this.#bestWeights) this.model?.setWeights(this.#bestWeights)
  }
}

const reduceLROnPlateau = parameters('ReduceLROnPlateau', {
  monitor: monitorParameters.monitor,
  /** What the learning rate is multiplied by. */
  factor: number.or(0.1),
  /** Epochs without an improvement after which it is. */
  patience: number.or(10),
  verbose: monitorParameters.verbose,
  mode: monitorParameters.mode,
  /** What counts as an improvement at least. */
  minDelta: number.or(1e-4),
  /** Epochs after a reduction that are not watched. */
  cooldown: number.or(0),
  /** The learning rate does not get smaller. */
  minLr: number.or(0),
})

/** Lowers the learning rate when a figure has stopped improving. Source: keras.callbacks.ReduceLROnPlateau. */
export class ReduceLROnPlateau extends MonitorCallback {
  readonly #options: Pick<
    Values<typeof reduceLROnPlateau.table>,
    'factor' | 'patience' | 'cooldown' | 'minLr'
  >
  #wait = 0
  #cooldownLeft = 0

  constructor(...given: Given<typeof reduceLROnPlateau.table>) {
    const options = reduceLROnPlateau.read(given)
    if (!(options.factor < 1)) {
      throw new ArgumentError(
        `ReduceLROnPlateau: expected a factor below 1, got ${options.factor}. Use one such as 0.1.`,
      )
    }
    super('ReduceLROnPlateau', options, { minDelta: options.minDelta })
    this.#options = options
  }

  override onTrainBegin(): void {
    this.best = null
    this.#wait = 0
    this.#cooldownLeft = 0
  }

  override onEpochEnd(epoch: number, logs: Record<string, number>): void {
    const optimizer = this.model?.optimizer
    if (!optimizer) return
    const { learningRate } = optimizer
    logs['learningRate'] = learningRate
    const current = this.current(logs)
    if (current === null) return
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--
      this.#wait = 0
    }
    if (this.isImprovement(current, this.best)) {
      this.best = current
      this.#wait = 0
      return
    }
    if (this.#cooldownLeft > 0) return
    this.#wait++
    const { factor, patience, cooldown, minLr } = this.#options
    if (this.#wait < patience || learningRate <= minLr) return
    optimizer.learningRate = Math.max(learningRate * factor, minLr)
    this.say(epoch, `ReduceLROnPlateau reducing learning rate to ${optimizer.learningRate}.`)
    this.#cooldownLeft = cooldown
    this.#wait = 0
  }
}
