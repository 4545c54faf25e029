/** Values that PyTorch refuses: probabilities and weights that are none, and numbers that int32 cannot hold. */
import { checkNow, isHostBackend } from '../eager/indexRange'
import { tf } from '../eager/tfjs'
import { activeTrace, type ValueCheck } from '../eager/tracing'
import { at } from '../util/at'
import { ArgumentError } from '../util/errors'
import type { Tensor } from './tensorBase'

/** Has `check` look at the values, as at positions: in a compiled step at its data and at the bounds of what it computes. */
function look(values: tf.Tensor, check: ValueCheck): void {
  const trace = activeTrace()
  if (trace) trace.checkValues(values, check)
  else if (values.size > 0) checkNow(values, check)
}

/** Throws what `wrong` makes of the first value that is not allowed. */
function each(isAllowed: (value: number) => boolean, wrong: (value: number) => ArgumentError): ValueCheck {
  return (values) => {
    for (let index = 0; index < values.length; index++) {
      if (!isAllowed(at(values, index))) throw wrong(at(values, index))
    }
  }
}

const advice = {
  input: 'Give the model a sigmoid at its end, or use BCEWithLogitsLoss.',
  target: 'Write 0 for one class and 1 for the other.',
  p: 'Divide counts by their sum, or use torch.sigmoid.',
} as const

/**
 * Throws ArgumentError for values outside of 0 to 1. An input that a compiled step or a GPU computes is not looked at, which would
 * cost every step: there the logarithm of a wrong one makes the loss NaN.
 */
export function assertProbabilities(where: string, what: keyof typeof advice, { value }: Tensor): void {
  if (what === 'input' && (activeTrace() || !isHostBackend(tf.getBackend()))) return
  const isProbability = (each: number) => each >= 0 && each <= 1
  const wrong = (given: number) =>
    new ArgumentError(`${where}: expected values of ${what} from 0 to 1, got ${given}. ${advice[what]}`)
  look(value, each(isProbability, wrong))
}

/** Throws ArgumentError for weights that are negative, infinite or NaN, and for rows of nothing but zeros. */
export function assertWeights(where: string, { value }: Tensor): void {
  const fix = 'Give weights of 0 or more for each row, one of them above 0.'
  const isWeight = (weight: number) => weight >= 0 && weight < Infinity
  look(
    value,
    each(
      isWeight,
      (given) => new ArgumentError(`${where}: expected weights of 0 or more, got ${given}. ${fix}`),
    ),
  )
  look(
    tf.tidy(() => tf.sum(tf.cast(value, 'float32'), -1)),
    each(
      (sum) => sum > 0,
      (given) => new ArgumentError(`${where}: expected weights with a sum above 0, got ${given}. ${fix}`),
    ),
  )
}

const smallest = -(2 ** 31)

/** Throws ArgumentError for numbers that int32 cannot hold, where PyTorch has 64 bits. */
export function assertInt32({ value, dtype }: Tensor): void {
  if (dtype !== 'float32') return
  const fits = (number: number) =>
    !Number.isFinite(number) || (Math.trunc(number) >= smallest && Math.trunc(number) < -smallest)
  const wrong = (given: number) =>
    new ArgumentError(
      `long: expected numbers from ${smallest} to ${-smallest - 1}, got ${given}. ` +
        'Whole numbers are int32 here: leave larger ones in float32.',
    )
  look(value, each(fits, wrong))
}
