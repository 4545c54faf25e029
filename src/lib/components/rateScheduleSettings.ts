/** Changes of an optimizer's learning rate schedule, and the choices for it. */
import {
  rateScheduleRecords,
  rateScheduleTypes,
  type RateSchedule,
  type RateScheduleType,
} from '$lib/core/catalogue/rateSchedules'
import type { OptimizerSpec } from '$lib/core/spec/schema'

/** Each type, and none, as choices. */
export const rateScheduleChoices: readonly {
  readonly value: RateScheduleType | 'none'
  readonly label: string
}[] = [
  { value: 'none', label: 'None: constant' },
  ...rateScheduleTypes.map((value) => ({ value, label: rateScheduleRecords[value].label })),
]

/** The optimizer with another schedule; null for a constant rate. */
export function withRateSchedule(optimizer: OptimizerSpec, schedule: RateSchedule | null): OptimizerSpec {
  const { schedule: _former, ...rest } = optimizer
  return schedule ? { ...rest, schedule } : rest
}
