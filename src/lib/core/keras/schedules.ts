/** Learning rates that depend on the number of updates: numbers of the host, so that no step is traced anew. */
import { ArgumentError } from '../util/errors'
import { argumentsOf, type Arguments } from './arguments'

/**
 * A learning rate for each step. Override `call(step)` for one of your own; steps count from 0.
 * Source: keras.optimizers.schedules.LearningRateSchedule.
 */
export abstract class LearningRateSchedule {
  /** The rate of the update after `step` others. */
  abstract call(step: number): number

  /** What Python writes as `schedule(step)`. */
  apply(step: number): number {
    return this.call(step)
  }
}

export interface ExponentialDecayOptions {
  readonly initialLearningRate: number
  /** Steps in which the rate decays once. */
  readonly decaySteps: number
  readonly decayRate: number
  /** True to decay only when those steps are over. */
  readonly staircase?: boolean
}

const decayOptions = ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase'] as const

/** initialLearningRate · decayRate^(step / decaySteps). Source: keras.optimizers.schedules.ExponentialDecay. */
export class ExponentialDecay extends LearningRateSchedule {
  private readonly options: ExponentialDecayOptions

  /** Takes its options by position, as Keras does, or by name. */
  constructor(...given: Arguments<ExponentialDecayOptions>) {
    super()
    const options = argumentsOf('ExponentialDecay', given, decayOptions) as ExponentialDecayOptions
    this.options = options
    assertDecay('ExponentialDecay', options)
    assertNumber('ExponentialDecay', 'decayRate', options.decayRate)
  }

  override call(step: number): number {
    const { initialLearningRate, decayRate } = this.options
    return initialLearningRate * decayRate ** periods(step, this.options)
  }
}

/** initialLearningRate / (1 + decayRate · step / decaySteps). Source: keras.optimizers.schedules.InverseTimeDecay. */
export class InverseTimeDecay extends LearningRateSchedule {
  private readonly options: ExponentialDecayOptions

  /** Takes its options by position, as Keras does, or by name. */
  constructor(...given: Arguments<ExponentialDecayOptions>) {
    super()
    const options = argumentsOf('InverseTimeDecay', given, decayOptions) as ExponentialDecayOptions
    this.options = options
    assertDecay('InverseTimeDecay', options)
    assertNumber('InverseTimeDecay', 'decayRate', options.decayRate)
  }

  override call(step: number): number {
    const { initialLearningRate, decayRate } = this.options
    return initialLearningRate / (1 + decayRate * periods(step, this.options))
  }
}

function periods(step: number, { decaySteps, staircase = false }: ExponentialDecayOptions): number {
  return staircase ? Math.floor(step / decaySteps) : step / decaySteps
}

export interface PiecewiseConstantDecayOptions {
  /** Steps up to which each value but the last holds, rising. */
  readonly boundaries: readonly number[]
  /** One more than boundaries. */
  readonly values: readonly number[]
}

/** A value up to and including each boundary, and one beyond. Source: keras.optimizers.schedules.PiecewiseConstantDecay. */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  private readonly options: PiecewiseConstantDecayOptions

  /** Takes boundaries and values by position, as Keras does, or by name. */
  constructor(...given: Arguments<PiecewiseConstantDecayOptions>) {
    super()
    const known = ['boundaries', 'values'] as const
    const options = argumentsOf('PiecewiseConstantDecay', given, known) as PiecewiseConstantDecayOptions
    this.options = options
    const { boundaries, values } = options
    if (!Array.isArray(boundaries) || !Array.isArray(values) || values.length !== boundaries.length + 1) {
      throw new ArgumentError(
        `PiecewiseConstantDecay: expected one value more than boundaries, got ${JSON.stringify(options)}. ` +
          'Write { boundaries: [100], values: [0.1, 0.01] }.',
      )
    }
  }

  override call(step: number): number {
    const { boundaries, values } = this.options
    const index = boundaries.findIndex((boundary) => step <= boundary)
    return (index < 0 ? values.at(-1) : values[index]) ?? NaN
  }
}

export interface PolynomialDecayOptions {
  readonly initialLearningRate: number
  readonly decaySteps: number
  readonly endLearningRate?: number
  readonly power?: number
  /** True to begin again, with a longer decay, when the steps are over. */
  readonly cycle?: boolean
}

/** From one rate to another along (1 − step / decaySteps)^power. Source: keras.optimizers.schedules.PolynomialDecay. */
export class PolynomialDecay extends LearningRateSchedule {
  private readonly options: PolynomialDecayOptions

  /** Takes its options by position, as Keras does, or by name. */
  constructor(...given: Arguments<PolynomialDecayOptions>) {
    super()
    const known = ['initialLearningRate', 'decaySteps', 'endLearningRate', 'power', 'cycle'] as const
    const options = argumentsOf('PolynomialDecay', given, known) as PolynomialDecayOptions
    this.options = options
    assertDecay('PolynomialDecay', options)
  }

  override call(step: number): number {
    const { initialLearningRate, endLearningRate = 0.0001, power = 1, cycle = false } = this.options
    const { decaySteps } = this.options
    const steps = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps
    const done = Math.min(step, steps) / steps
    return (initialLearningRate - endLearningRate) * (1 - done) ** power + endLearningRate
  }
}

export interface CosineDecayOptions {
  /** Where the warm-up starts, or the decay if there is none. */
  readonly initialLearningRate: number
  /** Of the decay alone. */
  readonly decaySteps: number
  /** Share of the rate that is left in the end. */
  readonly alpha?: number
  /** Rate after the warm-up, from which the decay starts. */
  readonly warmupTarget?: number | null
  readonly warmupSteps?: number
}

/**
 * Half a cosine down to alpha · rate, after a linear warm-up if there is a target for it.
 * Source: Loshchilov and Hutter, 2016; keras.optimizers.schedules.CosineDecay.
 */
export class CosineDecay extends LearningRateSchedule {
  private readonly options: CosineDecayOptions

  /** Takes its options by position, as Keras does, or by name. */
  constructor(...given: Arguments<CosineDecayOptions>) {
    super()
    const known = ['initialLearningRate', 'decaySteps', 'alpha', 'warmupTarget', 'warmupSteps'] as const
    const options = argumentsOf('CosineDecay', given, known) as CosineDecayOptions
    this.options = options
    assertDecay('CosineDecay', options)
  }

  override call(step: number): number {
    const { initialLearningRate, decaySteps, alpha = 0, warmupTarget = null, warmupSteps = 0 } = this.options
    if (warmupTarget === null) return initialLearningRate * cosine(step / decaySteps, alpha)
    if (step < warmupSteps)
      return initialLearningRate + ((warmupTarget - initialLearningRate) * step) / warmupSteps
    return warmupTarget * cosine((step - warmupSteps) / decaySteps, alpha)
  }
}

export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number
  /** Steps up to the first restart. */
  readonly firstDecaySteps: number
  /** Each period's length over that of the one before. */
  readonly tMul?: number
  /** Each period's first rate over that of the one before. */
  readonly mMul?: number
  readonly alpha?: number
}

/** Half cosines one after the other. Source: Loshchilov and Hutter, 2016; keras.optimizers.schedules.CosineDecayRestarts. */
export class CosineDecayRestarts extends LearningRateSchedule {
  private readonly options: CosineDecayRestartsOptions

  /** Takes its options by position, as Keras does, or by name. */
  constructor(...given: Arguments<CosineDecayRestartsOptions>) {
    super()
    const known = ['initialLearningRate', 'firstDecaySteps', 'tMul', 'mMul', 'alpha'] as const
    const options = argumentsOf('CosineDecayRestarts', given, known) as CosineDecayRestartsOptions
    this.options = options
    const { initialLearningRate, firstDecaySteps: decaySteps } = options
    assertDecay('CosineDecayRestarts', { initialLearningRate, decaySteps }, 'firstDecaySteps')
    const { tMul = 2 } = options
    if (tMul >= 1 && Number.isFinite(tMul)) return
    throw new ArgumentError(
      `CosineDecayRestarts: expected tMul of at least 1, got ${tMul}. Shorter and shorter periods would end; use 1 for equal ones.`,
    )
  }

  override call(step: number): number {
    const { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 } = this.options
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

function assertDecay(
  where: string,
  { initialLearningRate, decaySteps }: { readonly initialLearningRate: number; readonly decaySteps: number },
  stepsName = 'decaySteps',
): void {
  assertNumber(where, 'initialLearningRate', initialLearningRate)
  if (decaySteps > 0) return
  throw new ArgumentError(
    `${where}: expected ${stepsName} above 0, got ${decaySteps}. Give the number of updates, such as 1000.`,
  )
}

function assertNumber(where: string, option: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0) return
  throw new ArgumentError(
    `${where}: expected ${option} of at least 0, got ${String(value)}. Use a number such as 0.1.`,
  )
}
