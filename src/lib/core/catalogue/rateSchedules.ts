/** How the learning rate falls while a model trains. Both frameworks have these; steps are updates of the weights. */
import * as v from 'valibot'
import { SpecError } from '../util/errors'
import { flag, integer, list, object, positive, real, variant } from './fields'

/** The latest step that a schedule may name. */
export const maxScheduleSteps = 1_000_000
/** The most boundaries of a piecewise constant decay. */
export const maxBoundaries = 20

const decaySteps = integer(1, maxScheduleSteps)

/** The schema of a learning-rate schedule. */
export const rateScheduleSchema = variant('type', [
  /** learningRate · decayRate^(step / decaySteps), with `staircase` only where those steps are over. */
  object({
    type: v.literal('exponentialDecay'),
    decaySteps,
    decayRate: positive(1),
    staircase: v.optional(flag(), false),
  }),
  /** Half a cosine from learningRate to alpha · learningRate in decaySteps, where it stays. */
  object({
    type: v.literal('cosineDecay'),
    decaySteps,
    alpha: v.optional(real(0, 1), 0),
  }),
  /** Times `factor` after so many steps, at each of the boundaries. */
  object({
    type: v.literal('piecewiseConstantDecay'),
    boundaries: list(integer(1, maxScheduleSteps), 1, maxBoundaries),
    factor: v.optional(positive(10), 0.1),
  }),
])

type DecaySpec = v.InferOutput<typeof rateScheduleSchema>
/** How the learning rate falls. */
export type RateSchedule = Readonly<DecaySpec>
/** The name of a schedule's type. */
export type RateScheduleType = RateSchedule['type']

/** Throws `SpecError` for a boundary that is not above the one before. */
export function checkRateSchedule(schedule: RateSchedule): void {
  if (schedule.type !== 'piecewiseConstantDecay') return
  const { boundaries } = schedule
  const index = boundaries.findIndex((boundary, at) => at > 0 && boundary <= (boundaries[at - 1] ?? 0))
  if (index < 0) return
  throw new SpecError(
    `optimizer.schedule.boundaries[${index}]`,
    `expected more than ${boundaries[index - 1]}, the one before, got ${boundaries[index]}. Sort them.`,
  )
}
