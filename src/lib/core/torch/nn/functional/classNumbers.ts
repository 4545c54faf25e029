/** Checks of class numbers, as far as the host knows them. */
import { ArgumentError } from '../../../util/errors'
import { hostValues } from '../../hostValues'
import type { Tensor } from '../../tensor'

/**
 * Throws ArgumentError for targets that are no class, unless they are `ignoreIndex`. Those that were computed, or are inputs
 * of a compiled step, are not looked at: that would take a read at every step.
 */
export function assertClassNumbers(
  where: string,
  target: Tensor,
  classes: number,
  ignoreIndex: number | null | undefined,
): void {
  const values = hostValues(target.value)
  if (values === undefined || target.dtype === 'bool') return
  for (const given of values) {
    const value = target.dtype === 'int32' ? Math.trunc(given) : given
    if ((Number.isInteger(value) && value >= 0 && value < classes) || value === ignoreIndex) continue
    const fix = Number.isInteger(value)
      ? `Give the model an output for each class, or leave such examples out with { ignoreIndex: ${value} }.`
      : 'Give class numbers, or probabilities of the shape of the input.'
    throw new ArgumentError(
      `${where}: expected targets that are whole numbers from 0 to ${classes - 1}, got ${value}. ${fix}`,
    )
  }
}
