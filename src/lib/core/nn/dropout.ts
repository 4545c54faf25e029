/** Inverted dropout masks on the host: the same mask in both styles and on every backend. */
import { ArgumentError } from '../util/errors'
import type { RandomSource } from '../util/random'
import { sizeOf, type Shape } from '../util/shapes'

/**
 * A mask of 0 (with probability `rate`) and 1/(1−rate), all 0 at a rate of 1, drawn in channels-last order, row-major.
 * Source: Srivastava et al., 2014, scaled at training time as both frameworks do.
 */
export function dropoutMask(shapeChannelsLast: Shape, rate: number, random: RandomSource): Float32Array {
  const kept = 1 / (1 - rate)
  return Float32Array.from({ length: sizeOf(shapeChannelsLast) }, () => (random() < rate ? 0 : kept))
}

/** Throws ArgumentError unless 0 ≤ rate ≤ 1. */
export function assertDropoutRate(where: string, rate: number): void {
  if (rate >= 0 && rate <= 1) return
  throw new ArgumentError(
    `${where}: expected a rate from 0 to 1, got ${rate}. Pass the share of values to drop, such as 0.2.`,
  )
}
