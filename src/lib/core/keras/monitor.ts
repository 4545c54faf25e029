/** Callbacks that watch a figure of the epochs: when to stop, and when to go on more slowly. */
import type { NdArray } from '../data/types'
import { currentRun } from '../events/currentRun'
import { ArgumentError } from '../util/errors'
import { Callback, type Logs } from './callbacks'
import { assertOptions, unknownName } from './names'
import { inCamelCase } from '../util/spelling'

export type MonitorMode = 'auto' | 'min' | 'max'

export interface MonitorOptions {
  /** Name of the figure in the logs; `valLoss` when left out. */
  readonly monitor?: string
  /** Whether less is better; `auto` asks the metric. */
  readonly mode?: MonitorMode
}

/** What watching callbacks share. Source: keras.src.callbacks.MonitorCallback. */
export abstract class MonitorCallback extends Callback {
  readonly monitor: string
  /** The best value so far; null before any. */
  best: number | null
  readonly #className: string
  /** The figure as the logs call it: `valLoss` where Python writes `val_loss`. */
  readonly #figure: string
  readonly #mode: MonitorMode
  readonly #minDelta: number
  #sign: 1 | -1 | null = null
  #hasWarned = false

  constructor(
    className: string,
    { monitor = 'valLoss', mode = 'auto' }: MonitorOptions,
    { minDelta = 0, best = null }: { readonly minDelta?: number; readonly best?: number | null },
  ) {
    super()
    if (!['auto', 'min', 'max'].includes(mode))
      throw unknownName(`${className} mode`, mode, ['auto', 'min', 'max'])
    this.#className = className
    this.monitor = monitor
    this.#figure = inCamelCase(monitor)
    this.#mode = mode
    this.#minDelta = Math.abs(minDelta)
    this.best = best
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

export interface EarlyStoppingOptions extends MonitorOptions {
  /** What counts as an improvement at least. */
  readonly minDelta?: number
  /** Epochs without an improvement after which training stops. */
  readonly patience?: number
  /** A value that has to be reached as well. */
  readonly baseline?: number | null
  /** Whether the model ends with the weights of its best epoch instead of the last. */
  readonly restoreBestWeights?: boolean
  /** Epochs that are not watched. */
  readonly startFromEpoch?: number
}

/** Stops when a figure has stopped improving. Source: keras.callbacks.EarlyStopping. */
export class EarlyStopping extends MonitorCallback {
  /** Epoch of the best value, from 0. */
  bestEpoch = 0
  /** Epoch after which training was stopped; 0 if it was not. */
  stoppedEpoch = 0
  readonly #options: Required<
    Pick<EarlyStoppingOptions, 'patience' | 'restoreBestWeights' | 'startFromEpoch'>
  >
  readonly #baseline: number | null
  #wait = 0
  #bestWeights: NdArray[] | null = null

  constructor(options: EarlyStoppingOptions = {}) {
    assertOptions('EarlyStopping', options, [
      'monitor',
      'mode',
      'minDelta',
      'patience',
      'baseline',
      'restoreBestWeights',
      'startFromEpoch',
    ])
    super('EarlyStopping', options, { minDelta: options.minDelta ?? 0 })
    const { patience = 0, restoreBestWeights = false, startFromEpoch = 0 } = options
    this.#options = { patience, restoreBestWeights, startFromEpoch }
    this.#baseline = options.baseline ?? null
  }

  override onTrainBegin(): void {
    this.#wait = 0
    this.stoppedEpoch = 0
    this.best = null
    this.bestEpoch = 0
    this.#bestWeights = null
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { patience, restoreBestWeights, startFromEpoch } = this.#options
    const current = this.current(logs)
    if (current === null || epoch < startFromEpoch || !this.model) return
    // Without any improvement the first epoch's weights are the best.
    if (restoreBestWeights) this.#bestWeights ??= await this.model.getWeights()
    this.#wait++
    if (this.isImprovement(current, this.best)) {
      this.best = current
      this.bestEpoch = epoch
      if (restoreBestWeights) this.#bestWeights = await this.model.getWeights()
      if (this.#baseline === null || this.isImprovement(current, this.#baseline)) this.#wait = 0
      return
    }
    if (this.#wait >= patience && epoch > 0) {
      this.stoppedEpoch = epoch
      this.model.stopTraining = true
    }
  }

  override onTrainEnd(): void {
    if (this.#bestWeights) this.model?.setWeights(this.#bestWeights)
  }
}

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied by. */
  readonly factor?: number
  /** Epochs without an improvement after which it is. */
  readonly patience?: number
  readonly minDelta?: number
  /** Epochs after a reduction that are not watched. */
  readonly cooldown?: number
  /** The learning rate does not get smaller. */
  readonly minLr?: number
}

/** Lowers the learning rate when a figure has stopped improving. Source: keras.callbacks.ReduceLROnPlateau. */
export class ReduceLROnPlateau extends MonitorCallback {
  readonly #options: Required<Pick<ReduceLROnPlateauOptions, 'factor' | 'patience' | 'cooldown' | 'minLr'>>
  #wait = 0
  #cooldownLeft = 0

  constructor(options: ReduceLROnPlateauOptions = {}) {
    const known = ['monitor', 'mode', 'factor', 'patience', 'minDelta', 'cooldown', 'minLr']
    assertOptions('ReduceLROnPlateau', options, known)
    super('ReduceLROnPlateau', options, { minDelta: options.minDelta ?? 1e-4 })
    const { factor = 0.1, patience = 10, cooldown = 0, minLr = 0 } = options
    if (!(factor < 1)) {
      throw new ArgumentError(
        `ReduceLROnPlateau: expected a factor below 1, got ${factor}. Use one such as 0.1.`,
      )
    }
    this.#options = { factor, patience, cooldown, minLr }
  }

  override onTrainBegin(): void {
    this.best = null
    this.#wait = 0
    this.#cooldownLeft = 0
  }

  override onEpochEnd(_epoch: number, logs: Record<string, number>): void {
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
    this.#cooldownLeft = cooldown
    this.#wait = 0
  }
}
