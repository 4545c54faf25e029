/** Learning rates that depend on the number of updates: numbers of the host, so that no step is traced anew. */
import { ArgumentError } from '../util/errors'
import { flag, number, numberList, text } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments, type Values } from '../util/parameters'
import { notNegative, positive } from './kinds'
import { assertOverrides } from './overrides'

const stepParameters = parameters('schedule.apply', {
  /** Number of updates before. */
  step: notNegative,
})

/**
 * A learning rate for each step. Override `call(step)` for one of your own; steps count from 0.
 * Source: keras.optimizers.schedules.LearningRateSchedule.
 */
export class LearningRateSchedule {
  constructor(...given: NoArguments) {
    assertNoArguments('LearningRateSchedule', given)
    assertOverrides(this, { base: LearningRateSchedule, names: ['call', 'apply'] })
  }

  /** The rate of the update after `step` others. */
  call(_step: number): number {
    throw new ArgumentError(
      `${this.constructor.name}: expected a method call(step), got a schedule without it. Write call(step) { return … }.`,
    )
  }

  /** What Python writes as `schedule(step)`. */
  apply(...given: Given<typeof stepParameters.table>): number {
    const { step } = stepParameters.read(given)
    return this.call(step)
  }
}

const name = text.or(null).unused('nothing shows it')

const decayParameters = {
  /** Rate of the first update. */
  initialLearningRate: notNegative,
  /** Updates in which the rate decays once. */
  decaySteps: positive,
}

const rateParameters = {
  ...decayParameters,
  /** Factor of each decay. */
  decayRate: notNegative,
  /** True to decay only when those updates are over. */
  staircase: flag.or(false),
  /** Has no effect: nothing shows it. */
  name,
}

const exponentialDecay = parameters('ExponentialDecay', rateParameters)

/** initialLearningRate · decayRate^(step / decaySteps). Source: keras.optimizers.schedules.ExponentialDecay. */
export class ExponentialDecay extends LearningRateSchedule {
  readonly #options: Values<typeof rateParameters>

  constructor(...given: Given<typeof exponentialDecay.table>) {
    super()
    this.#options = exponentialDecay.read(given)
  }

  override call(step: number): number {
    const { initialLearningRate, decayRate } = this.#options
    return initialLearningRate * decayRate ** periods(step, this.#options)
  }
}

const inverseTimeDecay = parameters('InverseTimeDecay', rateParameters)

/** initialLearningRate / (1 + decayRate · step / decaySteps). Source: keras.optimizers.schedules.InverseTimeDecay. */
export class InverseTimeDecay extends LearningRateSchedule {
  readonly #options: Values<typeof rateParameters>

  constructor(...given: Given<typeof inverseTimeDecay.table>) {
    super()
    this.#options = inverseTimeDecay.read(given)
  }

  override call(step: number): number {
    const { initialLearningRate, decayRate } = this.#options
    return initialLearningRate / (1 + decayRate * periods(step, this.#options))
  }
}

function periods(step: number, { decaySteps, staircase }: Values<typeof rateParameters>): number {
  return staircase ? Math.floor(step / decaySteps) : step / decaySteps
}

const piecewiseConstantDecay = parameters('PiecewiseConstantDecay', {
  /** Updates up to which each value but the last holds, rising. */
  boundaries: numberList,
  /** One more than boundaries. */
  values: numberList,
  /** Has no effect: nothing shows it. */
  name,
})

/** A value up to and including each boundary, and one beyond. Source: keras.optimizers.schedules.PiecewiseConstantDecay. */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  readonly #boundaries: readonly number[]
  readonly #values: readonly number[]

  constructor(...given: Given<typeof piecewiseConstantDecay.table>) {
    super()
    const { boundaries, values } = piecewiseConstantDecay.read(given)
    if (values.length !== boundaries.length + 1) {
      throw new ArgumentError(
        `PiecewiseConstantDecay: expected one value more than boundaries, got ${boundaries.length} boundaries and ${values.length} values. ` +
          'Write { boundaries: [100], values: [0.1, 0.01] }.',
      )
    }
    this.#boundaries = boundaries
    this.#values = values
  }

  override call(step: number): number {
    const index = this.#boundaries.findIndex((boundary) => step <= boundary)
    return (index < 0 ? this.#values.at(-1) : this.#values[index]) ?? NaN
  }
}

const polynomialDecay = parameters('PolynomialDecay', {
  ...decayParameters,
  /** Rate that is left in the end. */
  endLearningRate: notNegative.or(0.0001),
  /** 1 for a straight line. */
  power: number.or(1),
  /** True to begin again, with a longer decay, when the updates are over. */
  cycle: flag.or(false),
  /** Has no effect: nothing shows it. */
  name,
})

/** From one rate to another along (1 − step / decaySteps)^power. Source: keras.optimizers.schedules.PolynomialDecay. */
export class PolynomialDecay extends LearningRateSchedule {
  readonly #options: Values<typeof polynomialDecay.table>

  constructor(...given: Given<typeof polynomialDecay.table>) {
    super()
    this.#options = polynomialDecay.read(given)
  }

  override call(step: number): number {
    const { initialLearningRate, decaySteps, endLearningRate, power, cycle } = this.#options
    const steps = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps
    const done = Math.min(step, steps) / steps
    return (initialLearningRate - endLearningRate) * (1 - done) ** power + endLearningRate
  }
}

const cosineDecay = parameters('CosineDecay', {
  /** Where the warm-up starts, or the decay if there is none. */
  initialLearningRate: notNegative,
  /** Updates of the decay alone. */
  decaySteps: positive,
  /** Share of the rate that is left in the end. */
  alpha: number.or(0),
  /** Has no effect: nothing shows it. */
  name,
  /** Rate after the warm-up, from which the decay starts. */
  warmupTarget: notNegative.or(null),
  /** Updates of the warm-up. */
  warmupSteps: notNegative.or(0),
})

/**
 * Half a cosine down to alpha · rate, after a linear warm-up if there is a target for it.
 * Source: Loshchilov and Hutter, 2016; keras.optimizers.schedules.CosineDecay.
 */
export class CosineDecay extends LearningRateSchedule {
  readonly #options: Values<typeof cosineDecay.table>

  constructor(...given: Given<typeof cosineDecay.table>) {
    super()
    this.#options = cosineDecay.read(given)
  }

  override call(step: number): number {
    const { initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps } = this.#options
    if (warmupTarget === null) return initialLearningRate * cosine(step / decaySteps, alpha)
    if (step < warmupSteps)
      return initialLearningRate + ((warmupTarget - initialLearningRate) * step) / warmupSteps
    return warmupTarget * cosine((step - warmupSteps) / decaySteps, alpha)
  }
}

const cosineDecayRestarts = parameters('CosineDecayRestarts', {
  /** Rate of the first update. */
  initialLearningRate: notNegative,
  /** Updates up to the first restart. */
  firstDecaySteps: positive,
  /** Each period's length over that of the one before. */
  tMul: number.or(2),
  /** Each period's first rate over that of the one before. */
  mMul: number.or(1),
  /** Share of the rate that is left in the end of a period. */
  alpha: number.or(0),
  /** Has no effect: nothing shows it. */
  name,
})

/** Half cosines one after the other. Source: Loshchilov and Hutter, 2016; keras.optimizers.schedules.CosineDecayRestarts. */
export class CosineDecayRestarts extends LearningRateSchedule {
  readonly #options: Values<typeof cosineDecayRestarts.table>

  constructor(...given: Given<typeof cosineDecayRestarts.table>) {
    super()
    this.#options = cosineDecayRestarts.read(given)
    const { tMul } = this.#options
    if (tMul >= 1 && Number.isFinite(tMul)) return
    throw new ArgumentError(
      `CosineDecayRestarts: expected tMul of at least 1, got ${tMul}. Shorter and shorter periods would end; use 1 for equal ones.`,
    )
  }

  override call(step: number): number {
    const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = this.#options
    const [restarts, done] = periodOf(step / firstDecaySteps, tMul)
    return initialLearningRate * (mMul ** restarts * (1 - alpha) * halfCosine(done) + alpha)
  }
}

/** How many periods are over, each `tMul` times as long as the one before, and how much of the next; the first has length 1. */
function periodOf(time: number, tMul: number): readonly [restarts: number, done: number] {
  const beginOf = (period: number) => (tMul === 1 ? period : (tMul ** period - 1) / (tMul - 1))
  const estimate = tMul === 1 ? time : Math.log(1 + time * (tMul - 1)) / Math.log(tMul)
  // At a restart the logarithms may round to just below it.
  const next = Math.round(estimate)
  const restarts = beginOf(next) <= time ? next : Math.floor(estimate)
  return [restarts, (time - beginOf(restarts)) / tMul ** restarts]
}

/** From 1 to alpha. */
function cosine(done: number, alpha: number): number {
  return (1 - alpha) * halfCosine(Math.min(done, 1)) + alpha
}

function halfCosine(done: number): number {
  return (1 + Math.cos(Math.PI * done)) / 2
}
