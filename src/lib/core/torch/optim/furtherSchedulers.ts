/** Schedulers that fewer programs use. Source: torch.optim.lr_scheduler. */
import { number } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { share } from '../nn/kinds'
import type { ParameterGroup } from './parameterGroup'
import { epochs, lambdasOf, lastEpoch, LRScheduler, lrLambda, scheduled, type LrLambda } from './scheduler'

const constantParameters = parameters('ConstantLR', {
  ...scheduled,
  /** What the learning rates are multiplied by. */
  factor: share.or(1 / 3),
  /** Epochs that the factor holds for. */
  totalIters: epochs.or(5),
  ...lastEpoch,
})

/** Times `factor` for the first `totalIters` epochs. */
export class ConstantLR extends LRScheduler {
  readonly factor: number
  readonly totalIters: number

  constructor(...given: Given<typeof constantParameters.table>) {
    const { optimizer, factor, totalIters } = constantParameters.read(given)
    super('ConstantLR', optimizer)
    this.factor = factor
    this.totalIters = totalIters
    for (const group of optimizer.paramGroups) group.lr *= factor
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return this.lastEpoch === this.totalIters ? lr / this.factor : lr
  }
}

const polynomialParameters = parameters('PolynomialLR', {
  ...scheduled,
  /** Epochs until 0. */
  totalIters: epochs.or(5),
  /** 1 for a line. */
  power: number.or(1),
  ...lastEpoch,
})

/** From the first learning rate to 0 over `totalIters` epochs: times (1 − t/totalIters)^power. */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number
  readonly power: number

  constructor(...given: Given<typeof polynomialParameters.table>) {
    const { optimizer, totalIters, power } = polynomialParameters.read(given)
    super('PolynomialLR', optimizer)
    this.totalIters = totalIters
    this.power = power
  }

  protected nextRate({ lr }: ParameterGroup): number {
    const { lastEpoch: epoch, totalIters, power } = this
    if (epoch > totalIters) return lr
    return lr * ((1 - epoch / totalIters) / (1 - (epoch - 1) / totalIters)) ** power
  }
}

const multiplicativeParameters = parameters('MultiplicativeLR', {
  ...scheduled,
  /** What the learning rate so far is multiplied by. */
  lrLambda,
  ...lastEpoch,
})

/** The learning rate so far times what `lrLambda` gives for the epoch, from 1 on; one function, or one for each group. */
export class MultiplicativeLR extends LRScheduler {
  readonly #lambdas: readonly LrLambda[]

  constructor(...given: Given<typeof multiplicativeParameters.table>) {
    const { optimizer, lrLambda: lambda } = multiplicativeParameters.read(given)
    super('MultiplicativeLR', optimizer)
    this.#lambdas = lambdasOf('MultiplicativeLR', lambda, optimizer.paramGroups.length)
  }

  protected nextRate(group: ParameterGroup): number {
    const index = (this.optimizer.paramGroups as readonly ParameterGroup[]).indexOf(group)
    return group.lr * (this.#lambdas[index]?.(this.lastEpoch) ?? 1)
  }
}

const restartParameters = parameters('CosineAnnealingWarmRestarts', {
  ...scheduled,
  /** Epochs until the first restart. */
  t0: epochs.also('T0', 'T_0'),
  /** How many times longer each period is than the one before. */
  tMult: epochs.or(1).also('TMult'),
  /** The least learning rate. */
  etaMin: number.or(0),
  ...lastEpoch,
})

/** Half a cosine from the first learning rate to etaMin, again and again. Source: Loshchilov and Hutter, 2017. */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly etaMin: number
  readonly tMult: number
  /** Epochs until the first restart. */
  readonly t0: number

  constructor(...given: Given<typeof restartParameters.table>) {
    const { optimizer, t0, tMult, etaMin } = restartParameters.read(given)
    super('CosineAnnealingWarmRestarts', optimizer)
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
