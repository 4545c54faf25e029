/** Checks that layers and their functions share. */
import { ArgumentError } from '../../../util/errors'

/** Throws ArgumentError unless `value` is a whole number of at least `least`. */
export function assertCount(where: string, name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return
  throw new ArgumentError(
    `${where}: expected ${name} to be a whole number of at least ${least}, got ${value}. ` +
      `Pass a number such as ${Math.max(least, 8)}.`,
  )
}
