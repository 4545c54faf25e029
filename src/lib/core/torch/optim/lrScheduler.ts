/**
 * `optim.lrScheduler`: learning rates that change from epoch to epoch. A scheduler sets `lr` of all groups of its
 * optimizer at every `step()`; compiled steps read it anew, so none is traced again. Source: torch.optim.lr_scheduler.
 */
import { ArgumentError } from '../../util/errors'
<<<<<<< HEAD
import { argumentsOf, type Arguments } from '../options'
import type { Optimizer, ParameterGroup } from './optimizer'
import { assertEpochs, LRScheduler, type LrLambda } from './scheduler'

export { ConstantLR, CosineAnnealingWarmRestarts, MultiplicativeLR, PolynomialLR } from './furtherSchedulers'
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau'
=======
import { assertOneOf, assertOptions } from '../options'
import type { Optimizer, ParameterGroup, Scheduler } from './optimizer'

/** Sets the learning rates from how often it was stepped. */
abstract class LRScheduler implements Scheduler {
  /** How often `step()` was called. */
  lastEpoch = 0
  /** The learning rates of the groups at the beginning. */
  readonly baseLrs: readonly number[]

  constructor(
    where: string,
    protected readonly optimizer: Optimizer,
  ) {
    assertOptimizer(where, optimizer)
    for (const group of optimizer.paramGroups) group.initialLr ??= group.lr
    this.baseLrs = optimizer.paramGroups.map(({ initialLr, lr }) => initialLr ?? lr)
    optimizer.attachScheduler(this)
  }

  /** Call it once per epoch, after optimizer.step(). */
  step(): void {
    eachStep(() => {
      this.lastEpoch++
      this.setRates()
    })
  }

  /** The learning rates of the groups. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr)
  }

  /** How far it is; the learning rates are the optimizer's. */
  stateDict(): Record<string, number> {
    return { lastEpoch: this.lastEpoch }
  }

  /** Goes on from what `stateDict` gave. */
  loadStateDict({ lastEpoch = 0 }: Readonly<Record<string, number>>): void {
    this.lastEpoch = lastEpoch
  }

  /** The learning rate of a group from epoch `lastEpoch` on, from the one it has. */
  protected abstract nextRate(group: ParameterGroup, baseLr: number): number

  protected setRates(): void {
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      group.lr = this.nextRate(group, this.baseLrs[index] ?? group.lr)
    }
  }
}
>>>>>>> 92c34f1 (A spec's optimizer may have a learning rate schedule, in both styles and in the Python translations)

export interface GammaOptions {
  /** Factor; 0.1 when left out. */
  readonly gamma?: number
}

/** Times gamma every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  readonly gamma: number

  readonly stepSize: number

  /** Takes stepSize and gamma by position, as PyTorch does, or by name. */
  constructor(optimizer: Optimizer, ...given: Arguments<GammaOptions & { readonly stepSize?: number }>) {
    super('StepLR', optimizer)
    const { stepSize = NaN, gamma = 0.1 } = argumentsOf('StepLR', given, ['stepSize', 'gamma'])
    assertEpochs('StepLR', 'stepSize', stepSize)
    this.stepSize = stepSize
    this.gamma = gamma
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return this.lastEpoch % this.stepSize === 0 ? lr * this.gamma : lr
  }
}

/** Times gamma at each of the epochs `milestones`. */
export class MultiStepLR extends LRScheduler {
  readonly gamma: number

  readonly milestones: readonly number[]

  /** Takes milestones and gamma by position, as PyTorch does, or by name. */
  constructor(
    optimizer: Optimizer,
    ...given: Arguments<GammaOptions & { readonly milestones?: readonly number[] }>
  ) {
    super('MultiStepLR', optimizer)
    const { milestones, gamma = 0.1 } = argumentsOf('MultiStepLR', given, ['milestones', 'gamma'])
    if (!Array.isArray(milestones)) {
      throw new ArgumentError(
        `MultiStepLR: expected milestones as a list of epochs, got ${String(milestones)}. Pass [30, 80].`,
      )
    }
    this.milestones = milestones as readonly number[]
    this.gamma = gamma
  }

  protected nextRate({ lr }: ParameterGroup): number {
    const times = this.milestones.filter((milestone) => milestone === this.lastEpoch).length
    return lr * this.gamma ** times
  }
}

/** Times gamma every epoch. */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number

  /** Takes gamma by position, as PyTorch does, or by name. */
  constructor(optimizer: Optimizer, ...given: Arguments<GammaOptions>) {
    super('ExponentialLR', optimizer)
    const { gamma = NaN } = argumentsOf('ExponentialLR', given, ['gamma'])
    this.gamma = gamma
    if (!(gamma > 0)) {
      throw new ArgumentError(
        `ExponentialLR: expected gamma above 0, got ${gamma}. Pass a number such as 0.9.`,
      )
    }
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return lr * this.gamma
  }
}

/** The first learning rate times what `lrLambda` gives for the epoch, from 0 on; one function, or one for each group. */
export class LambdaLR extends LRScheduler {
  readonly #lambdas: readonly LrLambda[]

  constructor(
    optimizer: Optimizer,
    given: LrLambda | readonly LrLambda[] | { readonly lrLambda: LrLambda | readonly LrLambda[] },
  ) {
    super('LambdaLR', optimizer)
    const lrLambda = typeof given === 'object' && 'lrLambda' in given ? given.lrLambda : given
    const count = optimizer.paramGroups.length
    this.#lambdas = typeof lrLambda === 'function' ? new Array<LrLambda>(count).fill(lrLambda) : lrLambda
    if (this.#lambdas.length !== count) {
      throw new ArgumentError(
        `LambdaLR: expected a function for each of the ${count} groups, got ${this.#lambdas.length}. Pass one function for all.`,
      )
    }
    this.setRates()
  }

  protected nextRate(group: ParameterGroup, baseLr: number): number {
    const index = (this.optimizer.paramGroups as readonly ParameterGroup[]).indexOf(group)
    return baseLr * (this.#lambdas[index]?.(this.lastEpoch) ?? 1)
  }
}

export interface LinearLROptions {
  /** 1/3 when left out. */
  readonly startFactor?: number
  /** 1 when left out. */
  readonly endFactor?: number
  /** Epochs until `endFactor`; 5 when left out. */
  readonly totalIters?: number
}

/** From startFactor to endFactor times the first learning rate, along a line over `totalIters` epochs. */
export class LinearLR extends LRScheduler {
  readonly startFactor: number
  readonly endFactor: number
  readonly totalIters: number

  constructor(optimizer: Optimizer, ...given: Arguments<LinearLROptions>) {
    super('LinearLR', optimizer)
    const options = argumentsOf('LinearLR', given, ['startFactor', 'endFactor', 'totalIters'])
    this.startFactor = options.startFactor ?? 1 / 3
    this.endFactor = options.endFactor ?? 1
    this.totalIters = options.totalIters ?? 5
    assertEpochs('LinearLR', 'totalIters', this.totalIters)
    for (const group of optimizer.paramGroups) group.lr *= this.startFactor
  }

  protected nextRate({ lr }: ParameterGroup): number {
    if (this.lastEpoch > this.totalIters) return lr
    const factorAt = (epoch: number) =>
      this.startFactor + ((this.endFactor - this.startFactor) * epoch) / this.totalIters
    return (lr * factorAt(this.lastEpoch)) / factorAt(this.lastEpoch - 1)
  }
}

export interface CosineAnnealingLROptions {
  /** Epochs from the first learning rate to etaMin. */
  readonly tMax?: number
  /** 0 when left out. */
  readonly etaMin?: number
}

/**
 * From the first learning rate to etaMin along half a cosine over `tMax` epochs, and back:
 * lr ← etaMin + (lr − etaMin)·(1 + cos(π·t/tMax)) / (1 + cos(π·(t − 1)/tMax)). Source: Loshchilov and Hutter, 2017.
 */
export class CosineAnnealingLR extends LRScheduler {
  readonly etaMin: number

  readonly tMax: number

  /** Takes tMax and etaMin by position, as PyTorch does, or by name; PyTorch's own spelling `TMax` will do too. */
  constructor(
    optimizer: Optimizer,
    ...given: Arguments<CosineAnnealingLROptions & { readonly TMax?: number }>
  ) {
    super('CosineAnnealingLR', optimizer)
    const options = argumentsOf('CosineAnnealingLR', given, ['tMax', 'etaMin'], ['TMax'])
    const { tMax = options.TMax ?? NaN, etaMin = 0 } = options
    assertEpochs('CosineAnnealingLR', 'tMax', tMax)
    this.tMax = tMax
    this.etaMin = etaMin
  }

  protected nextRate({ lr }: ParameterGroup, baseLr: number): number {
    const { etaMin, tMax, lastEpoch } = this
    // At the turning point the quotient would be 0/0.
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((baseLr - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2
    }
    const height = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / tMax)
    return etaMin + ((lr - etaMin) * height(lastEpoch)) / height(lastEpoch - 1)
  }
}
<<<<<<< HEAD
=======

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
  readonly #options: Required<ReduceLROnPlateauOptions>
  #cooldownLeft = 0

  constructor(
    private readonly optimizer: Optimizer,
    options: ReduceLROnPlateauOptions = {},
  ) {
    const where = 'ReduceLROnPlateau'
    assertOptimizer(where, optimizer)
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
    assertOptions(where, options, Object.keys(defaults))
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

  /** The best metric and the counts. */
  stateDict(): Record<string, number> {
    const { lastEpoch, best, numBadEpochs } = this
    return { lastEpoch, best, numBadEpochs, cooldownCounter: this.#cooldownLeft }
  }

  /** Goes on from what `stateDict` gave. */
  loadStateDict(state: Readonly<Record<string, number>>): void {
    this.lastEpoch = state['lastEpoch'] ?? this.lastEpoch
    this.best = state['best'] ?? this.best
    this.numBadEpochs = state['numBadEpochs'] ?? this.numBadEpochs
    this.#cooldownLeft = state['cooldownCounter'] ?? this.#cooldownLeft
  }

  /** The learning rates of the groups. */
  getLastLr(): number[] {
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
    if (this.numBadEpochs <= patience) return
    this.#reduce()
    this.#cooldownLeft = cooldown
    this.numBadEpochs = 0
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

function assertEpochs(where: string, name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new ArgumentError(
    `${where}: expected ${name} to be a whole number of epochs, at least 1, got ${value}. Pass a number such as 10.`,
  )
}

function assertOptimizer(where: string, optimizer: Optimizer): void {
  const given: unknown = optimizer
  if (typeof given === 'object' && given !== null && 'paramGroups' in given) return
  throw new ArgumentError(
    `${where}: expected an optimizer, got something else. Pass it as the first argument.`,
  )
}
>>>>>>> 92c34f1 (A spec's optimizer may have a learning rate schedule, in both styles and in the Python translations)
