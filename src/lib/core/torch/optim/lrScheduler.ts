/**
 * `optim.lrScheduler`: learning rates that change from epoch to epoch. A scheduler sets `lr` of all groups of its
 * optimizer at every `step()`; compiled steps read it anew, so none is traced again. Source: torch.optim.lr_scheduler.
 */
import { number, numberList } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { aboveZero } from '../nn/kinds'
import type { ParameterGroup } from './parameterGroup'
import { epochs, lambdasOf, lastEpoch, LRScheduler, lrLambda, scheduled, type LrLambda } from './scheduler'

export { ConstantLR, CosineAnnealingWarmRestarts, MultiplicativeLR, PolynomialLR } from './furtherSchedulers'
export { ReduceLROnPlateau } from './plateau'

const factor = {
  /** Factor of the learning rates. */
  gamma: number.or(0.1),
}

const stepParameters = parameters('StepLR', {
  ...scheduled,
  /** Epochs from one change to the next. */
  stepSize: epochs,
  ...factor,
  ...lastEpoch,
})

/** Times gamma every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  readonly gamma: number

  readonly stepSize: number

  constructor(...given: Given<typeof stepParameters.table>) {
    const { optimizer, stepSize, gamma } = stepParameters.read(given)
    super('StepLR', optimizer)
    this.stepSize = stepSize
    this.gamma = gamma
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return this.lastEpoch % this.stepSize === 0 ? lr * this.gamma : lr
  }
}

const multiStepParameters = parameters('MultiStepLR', {
  ...scheduled,
  /** The epochs of the changes. */
  milestones: numberList,
  ...factor,
  ...lastEpoch,
})

/** Times gamma at each of the epochs `milestones`. */
export class MultiStepLR extends LRScheduler {
  readonly gamma: number

  readonly milestones: readonly number[]

  constructor(...given: Given<typeof multiStepParameters.table>) {
    const { optimizer, milestones, gamma } = multiStepParameters.read(given)
    super('MultiStepLR', optimizer)
    this.milestones = milestones
    this.gamma = gamma
  }

  protected nextRate({ lr }: ParameterGroup): number {
    const times = this.milestones.filter((milestone) => milestone === this.lastEpoch).length
    return lr * this.gamma ** times
  }
}

const exponentialParameters = parameters('ExponentialLR', {
  ...scheduled,
  /** Factor of the learning rates. */
  gamma: aboveZero,
  ...lastEpoch,
})

/** Times gamma every epoch. */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number

  constructor(...given: Given<typeof exponentialParameters.table>) {
    const { optimizer, gamma } = exponentialParameters.read(given)
    super('ExponentialLR', optimizer)
    this.gamma = gamma
  }

  protected nextRate({ lr }: ParameterGroup): number {
    return lr * this.gamma
  }
}

const lambdaParameters = parameters('LambdaLR', {
  ...scheduled,
  /** What the first learning rate is multiplied by. */
  lrLambda,
  ...lastEpoch,
})

/** The first learning rate times what `lrLambda` gives for the epoch, from 0 on; one function, or one for each group. */
export class LambdaLR extends LRScheduler {
  readonly #lambdas: readonly LrLambda[]

  constructor(...given: Given<typeof lambdaParameters.table>) {
    const { optimizer, lrLambda: lambda } = lambdaParameters.read(given)
    super('LambdaLR', optimizer)
    this.#lambdas = lambdasOf('LambdaLR', lambda, optimizer.paramGroups.length)
    this.setRates()
  }

  protected nextRate(group: ParameterGroup, baseLr: number): number {
    const index = (this.optimizer.paramGroups as readonly ParameterGroup[]).indexOf(group)
    return baseLr * (this.#lambdas[index]?.(this.lastEpoch) ?? 1)
  }
}

const linearParameters = parameters('LinearLR', {
  ...scheduled,
  /** What the first learning rate is multiplied by at the beginning. */
  startFactor: number.or(1 / 3),
  /** What it is multiplied by at the end. */
  endFactor: number.or(1),
  /** Epochs until `endFactor`. */
  totalIters: epochs.or(5),
  ...lastEpoch,
})

/** From startFactor to endFactor times the first learning rate, along a line over `totalIters` epochs. */
export class LinearLR extends LRScheduler {
  readonly startFactor: number
  readonly endFactor: number
  readonly totalIters: number

  constructor(...given: Given<typeof linearParameters.table>) {
    const { optimizer, startFactor, endFactor, totalIters } = linearParameters.read(given)
    super('LinearLR', optimizer)
    this.startFactor = startFactor
    this.endFactor = endFactor
    this.totalIters = totalIters
    for (const group of optimizer.paramGroups) group.lr *= this.startFactor
  }

  protected nextRate({ lr }: ParameterGroup): number {
    if (this.lastEpoch > this.totalIters) return lr
    const factorAt = (epoch: number) =>
      this.startFactor + ((this.endFactor - this.startFactor) * epoch) / this.totalIters
    return (lr * factorAt(this.lastEpoch)) / factorAt(this.lastEpoch - 1)
  }
}

const cosineParameters = parameters('CosineAnnealingLR', {
  ...scheduled,
  /** Epochs from the first learning rate to etaMin. */
  tMax: epochs.also('TMax'),
  /** The least learning rate. */
  etaMin: number.or(0),
  ...lastEpoch,
})

/**
 * From the first learning rate to etaMin along half a cosine over `tMax` epochs, and back:
 * lr ← etaMin + (lr − etaMin)·(1 + cos(π·t/tMax)) / (1 + cos(π·(t − 1)/tMax)). Source: Loshchilov and Hutter, 2017.
 */
export class CosineAnnealingLR extends LRScheduler {
  readonly etaMin: number

  readonly tMax: number

  constructor(...given: Given<typeof cosineParameters.table>) {
    const { optimizer, tMax, etaMin } = cosineParameters.read(given)
    super('CosineAnnealingLR', optimizer)
    this.tMax = tMax
    this.etaMin = etaMin
  }

  protected nextRate({ lr }: ParameterGroup, baseLr: number): number {
    const { etaMin, tMax, lastEpoch: now } = this
    // At the turning point the quotient would be 0/0.
    if ((now - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((baseLr - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2
    }
    const height = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / tMax)
    return etaMin + ((lr - etaMin) * height(now)) / height(now - 1)
  }
}
