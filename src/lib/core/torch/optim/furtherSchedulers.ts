/** Schedulers that fewer programs use. Source: torch.optim.lr_scheduler. */
import { ArgumentError } from '../../util/errors'
import { argumentsOf, type Arguments } from '../options'
import type { Optimizer, ParameterGroup } from './optimizer'
import { assertEpochs, LRScheduler, type LrLambda } from './scheduler'

export interface ConstantLROptions {
  /** 1/3 when left out. */
  readonly factor?: number
  /** Epochs that the factor holds for; 5 when left out. */
  readonly totalIters?: number
}

/** Times `factor` for the first `totalIters` epochs. */
export class ConstantLR extends LRScheduler {
  readonly factor: number
  readonly totalIters: number

  constructor(optimizer: Optimizer, ...given: Arguments<ConstantLROptions>) {
    super('ConstantLR', optimizer)
    const { factor = 1 / 3, totalIters = 5 } = argumentsOf('ConstantLR', given, ['factor', 'totalIters'])
    if (!(factor >= 0 && factor <= 1)) {
      throw new ArgumentError(
        `ConstantLR: expected factor from 0 to 1, got ${factor}. Set the optimizer's lr higher instead.`,
      )
    }
    this.factor = factor
    this.totalIters = totalIters
    for (const group of optimizer.paramGroups) group.lr *= factor
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return this.lastEpoch === this.totalIters ? lr / this.factor : lr
  }
}

export interface PolynomialLROptions {
  /** Epochs until 0; 5 when left out. */
  readonly totalIters?: number
  /** 1 when left out: along a line. */
  readonly power?: number
}

/** From the first learning rate to 0 over `totalIters` epochs: times (1 − t/totalIters)^power. */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number
  readonly power: number

  constructor(optimizer: Optimizer, ...given: Arguments<PolynomialLROptions>) {
    super('PolynomialLR', optimizer)
    const { totalIters = 5, power = 1 } = argumentsOf('PolynomialLR', given, ['totalIters', 'power'])
    this.totalIters = totalIters
    this.power = power
  }

  protected nextRate({ lr }: ParameterGroup): number {
    const { lastEpoch, totalIters, power } = this
    if (lastEpoch > totalIters) return lr
    return lr * ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** power
  }
}

/** The learning rate so far times what `lrLambda` gives for the epoch, from 1 on. */
export class MultiplicativeLR extends LRScheduler {
  readonly #lambda: LrLambda

  constructor(optimizer: Optimizer, given: LrLambda | { readonly lrLambda: LrLambda }) {
    super('MultiplicativeLR', optimizer)
    this.#lambda = typeof given === 'function' ? given : given.lrLambda
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return lr * this.#lambda(this.lastEpoch)
  }
}

export interface WarmRestartsOptions {
  /** Epochs until the first restart. */
  readonly t0?: number
  /** How many times longer each period is than the one before; 1 when left out. */
  readonly tMult?: number
  /** 0 when left out. */
  readonly etaMin?: number
}

/** Half a cosine from the first learning rate to etaMin, again and again. Source: Loshchilov and Hutter, 2017. */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly etaMin: number
  readonly tMult: number
  /** Epochs until the first restart. */
  readonly t0: number

  /** Takes t0, tMult and etaMin by position, as PyTorch does, or by name. */
  constructor(optimizer: Optimizer, ...given: Arguments<WarmRestartsOptions>) {
    const where = 'CosineAnnealingWarmRestarts'
    super(where, optimizer)
    const { t0 = NaN, tMult = 1, etaMin = 0 } = argumentsOf(where, given, ['t0', 'tMult', 'etaMin'])
    assertEpochs(where, 't0', t0)
    assertEpochs(where, 'tMult', tMult)
    this.t0 = t0
    this.tMult = tMult
    this.etaMin = etaMin
    this.setRates()
  }

  protected nextRate(_group: ParameterGroup, baseLr: number): number {
    let [current, period] = [this.lastEpoch, this.t0]
    while (current >= period) {
      current -= period
      period *= this.tMult
    }
    const height = (1 + Math.cos((Math.PI * current) / period)) / 2
    return this.etaMin + (baseLr - this.etaMin) * height
  }
}
