/** The learning rate schedule of a spec as each framework's own class. */
import type { ClassCall } from '../catalogue/calls'
import { rateScheduleFacts, type Language } from '../catalogue/rateSchedules'
import type { Spec } from '../spec/schema'

/** The class that gives a Keras optimizer its rates; null without a schedule. */
export function kerasSchedule({ optimizer }: Pick<Spec, 'optimizer'>): ClassCall | null {
  const { schedule, learningRate } = optimizer
  return schedule ? rateScheduleFacts(schedule).keras(schedule, learningRate) : null
}

/** The class in `lrScheduler` that is made behind a PyTorch optimizer; null without a schedule. */
export function torchSchedule(
  { optimizer: { schedule } }: Pick<Spec, 'optimizer'>,
  language: Language,
): ClassCall | null {
  return schedule ? rateScheduleFacts(schedule).torch(schedule, language) : null
}
