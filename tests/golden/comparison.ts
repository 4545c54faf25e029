/** How close our numbers have to be to those of the real frameworks. */
import { expect } from 'vitest'

/** Of a tensor's largest value; float32 rounding over ten steps stays well below. */
const tolerance = 1e-5
/** Below it, errors are not relative to a tensor's size. */
const smallest = 1e-3

/** max |a − b| / max(smallest, max |b|) */
function error(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity
  const size = Math.max(smallest, ...expected.map(Math.abs))
  return Math.max(0, ...expected.map((value, index) => Math.abs((actual[index] ?? NaN) - value) / size))
}

/** Fails unless the two lists are equal but for rounding. */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  const difference = error(actual, expected)
  expect(difference, `${what}: ${[...Array.from(actual)].join(' ')}`).toBeLessThanOrEqual(tolerance)
}

/** Mean, standard deviation, least and largest of many draws. */
export type Statistics = readonly [mean: number, deviation: number, least: number, largest: number]

/** Fails unless values spread as the draws did: mean and deviation within five times their standard errors. */
export function expectStatistics(
  values: ArrayLike<number>,
  [mean, deviation, least, largest]: Statistics,
  what: string,
): void {
  const all = Float64Array.from(Array.from(values))
  const ownMean = all.reduce((sum, value) => sum + value, 0) / all.length
  const ownDeviation = Math.sqrt(all.reduce((sum, value) => sum + (value - ownMean) ** 2, 0) / all.length)
  const scale = Math.max(deviation, 1e-6)
  // Both samples are random: their difference has twice the variance.
  const allowed = 5 * Math.sqrt(2 / all.length)
  expect(Math.abs(ownMean - mean) / scale, `${what}: mean ${ownMean}`).toBeLessThan(allowed)
  expect(Math.abs(ownDeviation - deviation) / scale, `${what}: deviation ${ownDeviation}`).toBeLessThan(
    allowed,
  )
  // Ranges end where they end for the framework; a normal distribution has no ends.
  const width = largest - least
  const isBounded = width < 5.5 * deviation
  const range = isBounded ? Math.max(20 / all.length, 1e-6) : 0.25
  const size = Math.max(width, Math.abs(largest), 1e-6)
  const ownLeast = all.reduce((a, b) => Math.min(a, b))
  const ownLargest = all.reduce((a, b) => Math.max(a, b))
  expect(Math.abs(ownLeast - least) / size, `${what}: least ${ownLeast}`).toBeLessThan(range)
  expect(Math.abs(ownLargest - largest) / size, `${what}: largest ${ownLargest}`).toBeLessThan(range)
}
