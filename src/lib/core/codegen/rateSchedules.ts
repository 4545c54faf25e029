/** A learning rate schedule as each framework's own class. */
import { call, unless, type ClassCall } from '../catalogue/calls'
import type { RateSchedule, RateScheduleType } from '../catalogue/rateSchedules'
import type { Spec } from '../spec/schema'

/** Languages differ in functions alone. */
export type Language = 'javaScript' | 'python'

type Of<T extends RateScheduleType> = Extract<RateSchedule, { type: T }>

interface Writer<T extends RateScheduleType> {
  /** Keras' class in `optimizers.schedules`: it gives the rate of each step. */
  readonly keras: (schedule: Of<T>, rate: number) => ClassCall
  /** PyTorch's class, made with the optimizer: each `step()` sets the rate of the next one. */
  readonly torch: (schedule: Of<T>, language: Language) => ClassCall
}

const writers: { readonly [T in RateScheduleType]: Writer<T> } = {
  exponentialDecay: {
    keras: ({ decaySteps, decayRate, staircase }, rate) =>
      call(
        'ExponentialDecay',
        [],
        [
          ['initialLearningRate', String(rate)],
          ['decaySteps', String(decaySteps)],
          ['decayRate', String(decayRate)],
          ...unless('staircase', staircase, false),
        ],
      ),
    torch: ({ decaySteps, decayRate, staircase }) =>
      staircase
        ? call('StepLR', ['optimizer', String(decaySteps)], unless('gamma', decayRate, 0.1))
        : call('ExponentialLR', ['optimizer', perStep(decayRate, decaySteps)], []),
  },
  cosineDecay: {
    keras: ({ decaySteps, alpha }, rate) =>
      call(
        'CosineDecay',
        [],
        [
          ['initialLearningRate', String(rate)],
          ['decaySteps', String(decaySteps)],
          ...unless('alpha', alpha, 0),
        ],
      ),
    // CosineAnnealingLR would rise again behind the last of its steps.
    torch: (schedule, language) => call('LambdaLR', ['optimizer', cosine(schedule, language)], []),
  },
  piecewiseConstantDecay: {
    // A value holds up to and including the step of its boundary, and steps count from 0.
    keras: ({ boundaries, factor }, rate) =>
      call(
        'PiecewiseConstantDecay',
        [],
        [
          ['boundaries', listOf(boundaries.map((boundary) => boundary - 1))],
          ['values', listOf([0, ...boundaries].map((_, index) => tidy(rate * factor ** index)))],
        ],
      ),
    torch: ({ boundaries, factor }) =>
      call('MultiStepLR', ['optimizer', listOf(boundaries)], unless('gamma', factor, 0.1)),
  },
}

/** The class that gives a Keras optimizer its rates; null without a schedule. */
export function kerasSchedule({ optimizer }: Pick<Spec, 'optimizer'>): ClassCall | null {
  const { schedule, learningRate } = optimizer
  return schedule ? writerOf(schedule).keras(schedule, learningRate) : null
}

/** The class in `lrScheduler` that is made behind a PyTorch optimizer; null without a schedule. */
export function torchSchedule(
  { optimizer: { schedule } }: Pick<Spec, 'optimizer'>,
  language: Language,
): ClassCall | null {
  return schedule ? writerOf(schedule).torch(schedule, language) : null
}

/** The table's key is the schedule's own type, which TypeScript cannot follow through the union. */
function writerOf({ type }: RateSchedule): Writer<RateScheduleType> {
  return writers[type] as Writer<RateScheduleType>
}

/** What the rate is multiplied by at each step. */
function perStep(decayRate: number, decaySteps: number): string {
  return decaySteps === 1 ? String(decayRate) : `${decayRate} ** (1 / ${decaySteps})`
}

/** (1 + cos(π · t)) / 2 from 1 to alpha, as a function of the step. */
function cosine({ decaySteps, alpha }: Of<'cosineDecay'>, language: Language): string {
  const half =
    language === 'javaScript'
      ? `(1 + Math.cos(Math.PI * Math.min(step / ${decaySteps}, 1))) / 2`
      : `(1 + np.cos(np.pi * min(step / ${decaySteps}, 1))) / 2`
  const factor = alpha === 0 ? half : `${alpha} + ${tidy(1 - alpha)} * ${half}`
  return language === 'javaScript' ? `(step) => ${factor}` : `lambda step: ${factor}`
}

function listOf(numbers: readonly number[]): string {
  return `[${numbers.join(', ')}]`
}

/** Without the last digit that a product of decimals may show. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
