/** How the learning rate falls while a model trains. Both frameworks have these; steps are updates of the weights. */
import { at } from '../util/at'
import { SpecError } from '../util/errors'
import { call, unless, type ClassCall } from './calls'
import { integer, list, variant } from './fields'
import {
  above0,
  recordOf,
  setElsewhere,
  toggle,
  upTo,
  whole,
  withDefault,
  type Entries,
  type ObjectOf,
  type ReadBy,
  type Setting,
  type ValuesOf,
} from './settings'

/** The latest step that a schedule may name. */
export const maxScheduleSteps = 1_000_000
/** The most boundaries of a piecewise constant decay. */
const maxBoundaries = 20

/** Languages differ in functions alone. */
export type Language = 'javaScript' | 'python'

/** The facts of a schedule whose entries have the values `V`. */
interface ScheduleFacts<V> {
  /** What the page's list calls it. */
  readonly label: string
  /** What the page starts with. */
  readonly fresh: V
  /** Keras' class in `optimizers.schedules`: it gives the rate of each step. */
  readonly keras: (schedule: V, rate: number) => ClassCall
  /** PyTorch's class, made with the optimizer: each `step()` sets the rate of the next one. */
  readonly torch: (schedule: V, language: Language) => ClassCall
}

interface ScheduleRecord<T extends string, E extends Entries> extends Omit<
  ScheduleFacts<ValuesOf<E>>,
  'fresh'
> {
  readonly type: T
  readonly fresh: ValuesOf<E> & { readonly type: T }
  readonly schema: ObjectOf<'type', T, E>
  /** Its plain fields on the page, in this order. */
  readonly settings: readonly Setting[]
}

function record<const T extends string, E extends Entries>(
  type: T,
  entries: E,
  facts: ScheduleFacts<ValuesOf<E>>,
): ScheduleRecord<T, E> {
  return recordOf(type, entries, facts)
}

/** learningRate · decayRate^(step / decaySteps), with `staircase` only where those steps are over. */
const exponentialDecay = record(
  'exponentialDecay',
  {
    decaySteps: whole('Steps', maxScheduleSteps, 'Updates in which the rate decays once'),
    decayRate: above0('Decay rate', 1, 'The rate is multiplied by this once in so many steps'),
    staircase: withDefault(toggle('Staircase'), false),
  },
  {
    label: 'Exponential decay',
    fresh: { decaySteps: 100, decayRate: 0.5, staircase: false },
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
        ? call('StepLR', ['optimizer', decaySteps], unless('gamma', decayRate, 0.1))
        : call('ExponentialLR', ['optimizer', perStep(decayRate, decaySteps)]),
  },
)

/** Half a cosine from learningRate to alpha · learningRate in decaySteps, where it stays. */
const cosineDecay = record(
  'cosineDecay',
  {
    decaySteps: whole('Steps', maxScheduleSteps, 'Updates until the rate is at its lowest'),
    alpha: withDefault(upTo('Alpha', 1, 'Share of the rate that is left in the end'), 0),
  },
  {
    label: 'Cosine decay',
    fresh: { decaySteps: 400, alpha: 0 },
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
    torch: (schedule, language) => call('LambdaLR', ['optimizer', cosine(schedule, language)]),
  },
)

/** Times `factor` after so many steps, at each of the boundaries. */
const piecewiseConstantDecay = record(
  'piecewiseConstantDecay',
  {
    boundaries: setElsewhere(list(integer(1, maxScheduleSteps), 1, maxBoundaries)),
    factor: withDefault(above0('Factor', 10, 'The rate is multiplied by this at each boundary'), 0.1),
  },
  {
    label: 'Constant in pieces',
    fresh: { boundaries: [100, 200], factor: 0.1 },
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
)

const records = { exponentialDecay, cosineDecay, piecewiseConstantDecay } as const

type Records = typeof records

/** The name of a schedule's type. */
export type RateScheduleType = Records[keyof Records]['type']

/** How the learning rate falls. */
export type RateSchedule = ReadBy<Records[keyof Records]['schema']>

/** The records by type: a key that is not the record's own type does not compile. */
export const rateScheduleRecords: {
  readonly [T in RateScheduleType]: Extract<Records[keyof Records], { readonly type: T }>
} = records

/** The types in the order in which the page offers them. */
export const rateScheduleTypes = Object.keys(rateScheduleRecords) as readonly RateScheduleType[]

/** The schema of a learning-rate schedule. */
export const rateScheduleSchema = variant(
  'type',
  rateScheduleTypes.map((type) => rateScheduleRecords[type].schema),
)

/** The facts of a schedule. */
export function rateScheduleFacts({ type }: RateSchedule): ScheduleFacts<RateSchedule> {
  // The table's key is the schedule's own type, which TypeScript cannot follow through the union.
  return rateScheduleRecords[type] as ScheduleFacts<RateSchedule>
}

/** Throws `SpecError` for a boundary that is not above the one before. */
export function checkRateSchedule(schedule: RateSchedule): void {
  if (schedule.type !== 'piecewiseConstantDecay') return
  const { boundaries } = schedule
  const index = boundaries.findIndex((boundary, place) => place > 0 && boundary <= at(boundaries, place - 1))
  if (index < 0) return
  throw new SpecError(
    `optimizer.schedule.boundaries[${index}]`,
    `expected more than ${boundaries[index - 1]}, the one before, got ${boundaries[index]}. Sort them.`,
  )
}

/** What the rate is multiplied by at each step. */
function perStep(decayRate: number, decaySteps: number): string {
  return decaySteps === 1 ? String(decayRate) : `${decayRate} ** (1 / ${decaySteps})`
}

/** (1 + cos(π · t)) / 2 from 1 to alpha, as a function of the step. */
function cosine(
  { decaySteps, alpha }: { readonly decaySteps: number; readonly alpha: number },
  language: Language,
): string {
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
