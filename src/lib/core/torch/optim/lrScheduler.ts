/**
 * `optim.lrScheduler`: learning rates that change from epoch to epoch. A scheduler sets `lr` of all groups of its
 * optimizer at every `step()`; compiled steps read it anew, so none is traced again. Source: torch.optim.lr_scheduler.
 */
import { ArgumentError } from '../../util/errors'
import { argumentsOf, type Arguments } from '../options'
import type { Optimizer, ParameterGroup } from './optimizer'
import { assertEpochs, LRScheduler, type LrLambda } from './scheduler'

export { ConstantLR, CosineAnnealingWarmRestarts, MultiplicativeLR, PolynomialLR } from './furtherSchedulers'
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau'

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
