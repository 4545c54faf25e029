/** Axes as tfjs kernels are given them. */

/** An axis counted from the front. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** Axes counted from the front, all where none is given. */
export function axesOf(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, axis) => axis)
  return (typeof axes === 'number' ? [axes] : axes).map((axis) => axisOf(axis, rank))
}
