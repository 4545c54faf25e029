/** The scheduler that watches a metric. Source: torch.optim.lr_scheduler.ReduceLROnPlateau. */
import { ArgumentError } from '../../util/errors'
import { argumentsOf, assertOneOf, type Arguments } from '../options'
import type { SchedulerState } from '../../optim/optimizer'
import type { Optimizer, Scheduler } from './optimizer'
import { assertOptimizer, assertState } from './scheduler'

export interface ReduceLROnPlateauOptions {
  /** Whether the metric should fall ('min', when left out) or rise. */
  readonly mode?: 'min' | 'max'
  /** 0.1 when left out. */
  readonly factor?: number
  /** Epochs without improvement that are let pass; 10 when left out. */
  readonly patience?: number
  /** What counts as an improvement; 0.0001 when left out. */
  readonly threshold?: number
  /** Whether the threshold is a share of the best value ('rel', when left out) or a difference from it. */
  readonly thresholdMode?: 'rel' | 'abs'
  /** Epochs after a reduction that do not count; 0 when left out. */
  readonly cooldown?: number
  /** 0 when left out; one for all groups or one for each. */
  readonly minLr?: number | readonly number[]
  /** The least change of a learning rate; 1e-8 when left out. */
  readonly eps?: number
}

/** Times `factor` when a metric has stopped improving: `scheduler.step(await loss.item())`. */
export class ReduceLROnPlateau implements Scheduler {
  lastEpoch = 0
  /** The best metric so far. */
  best: number
  numBadEpochs = 0
  #options: Required<ReduceLROnPlateauOptions>
  #lastLrs: readonly number[] | null = null
  #cooldownLeft = 0

  constructor(
    readonly optimizer: Optimizer,
    ...given: Arguments<ReduceLROnPlateauOptions>
  ) {
    const where = 'ReduceLROnPlateau'
    assertOptimizer(where, optimizer)
    const options = argumentsOf(where, given, [
      'mode',
      'factor',
      'patience',
      'threshold',
      'thresholdMode',
      'cooldown',
      'minLr',
      'eps',
    ])
    const defaults = {
      mode: 'min',
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: 'rel',
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
    } as const
    this.#options = { ...defaults, ...options }
    const { mode, factor, thresholdMode, minLr } = this.#options
    assertOneOf(where, 'mode', mode, ['min', 'max'])
    assertOneOf(where, 'thresholdMode', thresholdMode, ['rel', 'abs'])
    if (!(factor < 1)) {
      throw new ArgumentError(`${where}: expected factor below 1, got ${factor}. Leave it out for 0.1.`)
    }
    if (typeof minLr !== 'number' && minLr.length !== optimizer.paramGroups.length) {
      throw new ArgumentError(
        `${where}: expected a minLr for each of the ${optimizer.paramGroups.length} groups, got ${minLr.length}. ` +
          'Pass one number for all.',
      )
    }
    this.best = mode === 'min' ? Infinity : -Infinity
    optimizer.attachScheduler(this)
  }

  /** What it was made with, the best metric and the counts. */
  stateDict(): SchedulerState {
    const { lastEpoch, best, numBadEpochs } = this
    const counts = { lastEpoch, best, numBadEpochs, cooldownCounter: this.#cooldownLeft }
    return { ...this.#options, ...counts, lastLr: this.getLastLr() }
  }

  /** Continues from what `stateDict` gave; the learning rates are the optimizer's. */
  loadStateDict(given: SchedulerState): void {
    const own = this.stateDict()
    assertState('ReduceLROnPlateau', given, own)
    const { lastEpoch, best, numBadEpochs, cooldownCounter, lastLr, ...options } = { ...own, ...given }
    this.#options = options as unknown as Required<ReduceLROnPlateauOptions>
    this.lastEpoch = lastEpoch as number
    this.best = best as number
    this.numBadEpochs = numBadEpochs as number
    this.#cooldownLeft = cooldownCounter as number
    this.#lastLrs = lastLr as readonly number[]
  }

  /** The learning rates of the groups, as the last step left them. */
  getLastLr(): number[] {
    return [...(this.#lastLrs ?? this.#rates)]
  }

  get #rates(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr)
  }

  /** Call it once per epoch with the metric, a number. */
  step(metric: number): void {
    if (typeof metric !== 'number') {
      throw new ArgumentError(
        'ReduceLROnPlateau: expected the metric as a number, got something else. Write scheduler.step(await loss.item()).',
      )
    }
    const { patience, cooldown } = this.#options
    this.lastEpoch++
    if (this.#isBetter(metric)) {
      this.best = metric
      this.numBadEpochs = 0
    } else {
      this.numBadEpochs++
    }
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--
      this.numBadEpochs = 0
    }
    if (this.numBadEpochs > patience) {
      this.#reduce()
      this.#cooldownLeft = cooldown
      this.numBadEpochs = 0
    }
    this.#lastLrs = this.#rates
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options
    const sign = mode === 'min' ? -1 : 1
    // Nothing has been better yet: its share would be no number.
    if (!Number.isFinite(this.best)) return sign * metric > sign * this.best
    const bound = thresholdMode === 'rel' ? this.best * (1 + sign * threshold) : this.best + sign * threshold
    return sign * metric > sign * bound
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#options
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      const least = typeof minLr === 'number' ? minLr : (minLr[index] ?? 0)
      const reduced = Math.max(group.lr * factor, least)
      if (group.lr - reduced > eps) group.lr = reduced
    }
  }
}
