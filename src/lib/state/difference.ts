/** How far two models' answers are apart. */
import { at } from '$lib/core/util/at'

/** Largest absolute difference; NaN where lengths differ or an answer is not a number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN
  let largest = 0
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs(at(a, index) - at(b, index))
    if (!(difference <= largest)) largest = difference
    if (Number.isNaN(largest)) return NaN
  }
  return largest
}
