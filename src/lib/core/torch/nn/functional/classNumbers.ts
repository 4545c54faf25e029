/** Checks of class numbers. */
import { assertIndices } from '../../../eager/indexRange'
import type { Tensor } from '../../tensor'

/** Throws ArgumentError for targets that are no class, unless they are `ignoreIndex`. */
export function assertClassNumbers(
  where: string,
  target: Tensor,
  classes: number,
  ignoreIndex: number | null | undefined,
): void {
  const fix = (value: number) =>
    Number.isInteger(value)
      ? `Give the model an output for each class, or leave such examples out with { ignoreIndex: ${value} }.`
      : 'Give class numbers, or probabilities of the shape of the input.'
  assertIndices(target.value, { where, size: classes, what: 'targets', except: ignoreIndex, fix })
}
