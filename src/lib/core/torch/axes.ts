/** Checks of dimensions and shapes, with messages that name the operation. */
import { at } from '../util/at'
import { ArgumentError, ShapeError } from '../util/errors'
import { isSameShape, printShape, type Shape } from '../util/shapes'

/** `dim` as an index from the front; negative dims count from the back. Throws ArgumentError. */
export function axisOf(where: string, dim: number, rank: number): number {
  const axis = dim < 0 ? dim + rank : dim
  if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis
  throw new ArgumentError(
    `${where}: expected a dim from ${-rank} to ${rank - 1}, got ${dim}. The tensor has ${rank} dimensions.`,
  )
}

/** The same for several dims. Throws ArgumentError, also for a dim that comes twice. */
export function axesOf(where: string, dims: number | readonly number[], rank: number): number[] {
  const axes = (typeof dims === 'number' ? [dims] : dims).map((dim) => axisOf(where, dim, rank))
  if (new Set(axes).size === axes.length) return axes
  throw new ArgumentError(
    `${where}: expected each dim at most once, got ${String(dims)}. Leave out the one that repeats.`,
  )
}

/** What `expand(...sizes)` makes of `shape`: −1 keeps a size, a 1 stretches. Throws ShapeError. */
export function expandedShape(shape: Shape, sizes: readonly number[]): number[] {
  const added = sizes.length - shape.length
  const expanded = sizes.map((size, axis) => (size === -1 && axis >= added ? at(shape, axis - added) : size))
  const fits = shape.every((size, axis) => size === 1 || size === expanded[axis + added])
  if (added >= 0 && fits && expanded.every((size) => size >= 0)) return expanded
  throw new ShapeError(
    `expand: expected sizes that ${printShape(shape)} stretches to, got ${printShape(sizes)}. ` +
      'Only axes of size 1 stretch; −1 keeps a size.',
  )
}

/** Sizes of the parts: all of `size` but for a smaller last one, or as listed. Throws ArgumentError. */
export function partSizes(where: string, size: number | readonly number[], length: number): number[] {
  if (typeof size !== 'number') {
    if (size.reduce((sum, part) => sum + part, 0) === length) return [...size]
    throw new ArgumentError(
      `${where}: expected sizes that add up to ${length}, got ${printShape(size)}. Change the last one.`,
    )
  }
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError(`${where}: expected a size of 1 or more, got ${size}. Pass a number such as 2.`)
  }
  return Array.from({ length: Math.ceil(length / size) }, (_, part) => Math.min(size, length - part * size))
}

/** Throws ShapeError where values of one shape are to replace those of another. */
export function assertSameShape(where: string, expected: Shape, given: Shape): void {
  if (isSameShape(expected, given)) return
  throw new ShapeError(
    `${where}: expected shape ${printShape(expected)}, got ${printShape(given)}. Reshape it first.`,
  )
}
