/** The scheduler that watches a metric. Source: torch.optim.lr_scheduler.ReduceLROnPlateau. */
import { at } from '../../util/at'
import { number, numberList, oneOf, only, taking } from '../../util/kinds'
import { ArgumentError } from '../../util/errors'
import {
  assertNoArguments,
  parameters,
  type Given,
  type NoArguments,
  type Values,
} from '../../util/parameters'
import { atLeastZero, countOrNone } from '../nn/kinds'
import { answerUnknown } from '../../util/unknownNames'
import { schedulerAnswers } from '../otherNames'
import type { SchedulerState } from '../../optim/optimizer'
import type { Optimizer, Scheduler } from './optimizer'
import { assertState, methodParameters, scheduled } from './scheduler'

const plateauParameters = parameters('ReduceLROnPlateau', {
  ...scheduled,
  /** Whether the metric should fall or rise. */
  mode: oneOf('min', 'max').or('min'),
  /** What the learning rates are multiplied by. */
  factor: taking<number>(
    'a number below 1',
    (value) => typeof value === 'number' && value < 1,
    'Leave it out for 0.1.',
  ).or(0.1),
  /** Epochs without improvement that are let pass. */
  patience: countOrNone.or(10),
  /** What counts as an improvement. */
  threshold: number.or(1e-4),
  /** Whether the threshold is a share of the best value or a difference from it. */
  thresholdMode: oneOf('rel', 'abs').or('rel'),
  /** Epochs after a reduction that do not count. */
  cooldown: countOrNone.or(0),
  /** The least learning rate; one for all groups or one for each. */
  minLr: taking<number | readonly number[]>(
    'a number or a list of them',
    (value) => typeof value === 'number' || numberList.facts.kind.accepts(value),
  ).or(0),
  /** The least change of a learning rate. */
  eps: atLeastZero.or(1e-8),
})

const stepParameters = parameters('ReduceLROnPlateau.step', {
  /** The value that is watched. */
  metrics: taking<number>(
    'a number',
    (value) => typeof value === 'number',
    'Write scheduler.step(await loss.item()).',
  ),
  epoch: only(null as number | null, 'Leave it out, and call step() once per epoch.'),
})

type Options = Omit<Values<typeof plateauParameters.table>, 'optimizer'>

/** Times `factor` when a metric has stopped improving: `scheduler.step(await loss.item())`. */
export class ReduceLROnPlateau implements Scheduler {
  lastEpoch = 0
  /** The best metric so far. */
  best: number
  numBadEpochs = 0
  #options: Options
  #lastLrs: readonly number[] | null = null
  #cooldownLeft = 0

  readonly optimizer: Optimizer

  constructor(...given: Given<typeof plateauParameters.table>) {
    const { optimizer, ...options } = plateauParameters.read(given)
    this.optimizer = optimizer
    this.#options = options
    const { mode, minLr } = options
    if (typeof minLr !== 'number' && minLr.length !== optimizer.paramGroups.length) {
      throw new ArgumentError(
        `ReduceLROnPlateau: expected a minLr for each of the ${optimizer.paramGroups.length} groups, got ${minLr.length}. ` +
          'Pass one number for all.',
      )
    }
    this.best = mode === 'min' ? Infinity : -Infinity
    optimizer.attachScheduler(this)
  }

  /** What it was made with, the best metric and the counts. */
  stateDict(...given: NoArguments): SchedulerState {
    assertNoArguments('ReduceLROnPlateau.stateDict', given)
    const { lastEpoch, best, numBadEpochs } = this
    const counts = { lastEpoch, best, numBadEpochs, cooldownCounter: this.#cooldownLeft }
    return { ...this.#options, ...counts, lastLr: this.getLastLr() }
  }

  /** Continues from what `stateDict` gave; the learning rates are the optimizer's. */
  loadStateDict(...given: Given<typeof methodParameters.loadStateDict.table>): void {
    const { stateDict: state } = methodParameters.loadStateDict.read(given)
    const own = this.stateDict()
    assertState('ReduceLROnPlateau', state, own)
    const { lastEpoch, best, numBadEpochs, cooldownCounter, lastLr, ...options } = { ...own, ...state }
    this.#options = options as unknown as Options
    this.lastEpoch = lastEpoch as number
    this.best = best as number
    this.numBadEpochs = numBadEpochs as number
    this.#cooldownLeft = cooldownCounter as number
    this.#lastLrs = lastLr as readonly number[]
  }

  /** The learning rates of the groups, as the last step left them. */
  getLastLr(...given: NoArguments): number[] {
    assertNoArguments('ReduceLROnPlateau.getLastLr', given)
    return [...(this.#lastLrs ?? this.#rates)]
  }

  get #rates(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr)
  }

  /** Call it once per epoch with the metric, a number. */
  step(...given: Given<typeof stepParameters.table>): void {
    const { metrics: metric } = stepParameters.read(given)
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
      const least = typeof minLr === 'number' ? minLr : at(minLr, index)
      const reduced = Math.max(group.lr * factor, least)
      if (group.lr - reduced > eps) group.lr = reduced
    }
  }
}

answerUnknown(ReduceLROnPlateau.prototype, schedulerAnswers)
