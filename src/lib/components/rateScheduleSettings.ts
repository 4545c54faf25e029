/** The settings of each learning rate schedule as the page shows them. */
import type { RateSchedule, RateScheduleType } from '$lib/core/catalogue/rateSchedules'
import type { Setting } from '$lib/core/catalogue/settings'
import type { OptimizerSpec } from '$lib/core/spec/schema'

const decaySteps = {
  kind: 'number',
  key: 'decaySteps',
  label: 'Steps',
  title: 'Updates of the weights',
  min: 1,
  max: 1_000_000,
  isInteger: true,
} as const

/** Fields of each schedule, but for boundaries, which are a list. */
export const rateScheduleSettings: { readonly [T in RateScheduleType]: readonly Setting[] } = {
  exponentialDecay: [
    { ...decaySteps, title: 'Updates in which the rate decays once' },
    {
      kind: 'number',
      key: 'decayRate',
      label: 'Decay rate',
      title: 'The rate is multiplied by this once in so many steps',
      min: 0,
      max: 1,
      isMinExcluded: true,
    },
    { kind: 'flag', key: 'staircase', label: 'Staircase' },
  ],
  cosineDecay: [
    { ...decaySteps, title: 'Updates until the rate is at its lowest' },
    {
      kind: 'number',
      key: 'alpha',
      label: 'Alpha',
      title: 'Share of the rate that is left in the end',
      min: 0,
      max: 1,
    },
  ],
  piecewiseConstantDecay: [
    {
      kind: 'number',
      key: 'factor',
      label: 'Factor',
      title: 'The rate is multiplied by this at each boundary',
      min: 0,
      max: 10,
      isMinExcluded: true,
    },
  ],
}

/** What a schedule of each type starts with. */
export const freshRateSchedules: { readonly [T in RateScheduleType]: Extract<RateSchedule, { type: T }> } = {
  exponentialDecay: { type: 'exponentialDecay', decaySteps: 100, decayRate: 0.5, staircase: false },
  cosineDecay: { type: 'cosineDecay', decaySteps: 400, alpha: 0 },
  piecewiseConstantDecay: { type: 'piecewiseConstantDecay', boundaries: [100, 200], factor: 0.1 },
}

/** Each type, and none, as choices. */
export const rateScheduleChoices: readonly {
  readonly value: RateScheduleType | 'none'
  readonly label: string
}[] = [
  { value: 'none', label: 'None: constant' },
  { value: 'exponentialDecay', label: 'Exponential decay' },
  { value: 'cosineDecay', label: 'Cosine decay' },
  { value: 'piecewiseConstantDecay', label: 'Constant in pieces' },
]

/** The optimizer with another schedule; null for a constant rate. */
export function withRateSchedule(optimizer: OptimizerSpec, schedule: RateSchedule | null): OptimizerSpec {
  const { schedule: _former, ...rest } = optimizer
  return schedule ? { ...rest, schedule } : rest
}
