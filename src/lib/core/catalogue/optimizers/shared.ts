/** Entries and facts that optimizers share. */
import * as v from 'valibot'
import { positive } from '../fields'
import { rateScheduleSchema } from '../rateSchedules'
import { belowOne, setElsewhere, upTo, withDefault } from '../settings'

/** What every optimizer has: the learning rate, where a schedule begins if there is one. The page sets both elsewhere. */
export const rate = {
  learningRate: setElsewhere(positive(10)),
  schedule: setElsewhere(v.optional(rateScheduleSchema)),
}

/** The entry for momentum; 0 for none. */
export const momentum = withDefault(belowOne('Momentum', 0.9999), 0)

/** The entry for weight decay, where the frameworks apply it in different ways. */
export const coupledDecay = withDefault(
  upTo('Weight decay', 1, 'Decoupled in Keras, added to the gradient in PyTorch'),
  0,
)

/** An optimizer whose decay is coupled in PyTorch, and whose entries fit together whatever they are. */
export const plain = {
  defaultDecay: { keras: 0, torch: 0 },
  isDecoupled: false,
  hasTwoFormulations: () => true,
  check() {
    // Nothing to contradict.
  },
  corrections: () => ({}),
  locked: () => ({}),
} as const

/** The difference that a coupled decay makes. */
export function decayDifference({ weightDecay }: { readonly weightDecay: number }): readonly string[] {
  if (weightDecay === 0) return []
  return ['weight decay: applied to the weights in Keras, added to the gradients in PyTorch']
}
