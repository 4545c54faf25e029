/** Axes as programs of the Keras style name them. */
import { ArgumentError } from '../util/errors'
import { printNumbers } from '../util/shapes'

/** The axes that a tensor of that rank has; undefined for all. Throws ArgumentError for one that it does not have. */
export function axesOf(
  where: string,
  axis: number | readonly number[] | null,
  rank: number,
): number[] | undefined {
  if (axis === null) return undefined
  const axes = [axis].flat().map((each) => axisOf(where, each, rank))
  if (new Set(axes).size === axes.length) return axes
  throw new ArgumentError(
    `${where}: expected each axis at most once, got ${printNumbers([axis].flat())}. Leave out the one that repeats.`,
  )
}

/** The axis counted from 0. Throws ArgumentError for one that a tensor of that rank does not have. */
export function axisOf(where: string, axis: number, rank: number): number {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis
  throw new ArgumentError(
    `${where}: expected an axis from ${-rank} to ${rank - 1} of a tensor of rank ${rank}, got ${axis}. Use one of these.`,
  )
}
