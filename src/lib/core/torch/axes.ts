/** Checks of dimensions and shapes, with messages that name the operation. */
import { ArgumentError, ShapeError } from '../util/errors'
import { printShape, type Shape } from '../util/shapes'

/** `dim` as an index from the front; negative dims count from the back. Throws ArgumentError. */
export function axisOf(where: string, dim: number, rank: number): number {
  const axis = dim < 0 ? dim + rank : dim
  if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis
  throw new ArgumentError(
    `${where}: expected a dim from ${-rank} to ${rank - 1}, got ${dim}. The tensor has ${rank} dimensions.`,
  )
}

/** Throws ShapeError unless the shapes agree, or have a 1, wherever both have an axis, counted from the back. */
export function assertBroadcastable(where: string, a: Shape, b: Shape): void {
  for (let fromBack = 1; fromBack <= Math.min(a.length, b.length); fromBack++) {
    const left = a.at(-fromBack)
    const right = b.at(-fromBack)
    if (left === right || left === 1 || right === 1) continue
    throw new ShapeError(
      `${where}: expected shapes that broadcast, got ${printShape(a)} and ${printShape(b)}. ` +
        'Reshape one of them so that the axes line up from the right.',
    )
  }
}

/** Throws ShapeError unless the inner dimensions of two matrices, or batches of them, agree. */
export function assertMatMul(a: Shape, b: Shape): void {
  if (a.length >= 2 && b.length >= 2 && a.at(-1) === b.at(-2)) return
  throw new ShapeError(
    `matmul: expected [..., n, k] and [..., k, m], got ${printShape(a)} and ${printShape(b)}. ` +
      'Transpose one of them or change the layer sizes.',
  )
}

/** `shape` with its one −1, if any, worked out for `size` elements. Throws ShapeError. */
export function resolveShape(where: string, shape: readonly number[], size: number): number[] {
  const known = shape.reduce((product, entry) => (entry === -1 ? product : product * entry), 1)
  const unknown = shape.filter((entry) => entry === -1).length
  const fits = unknown === 0 ? known === size : unknown === 1 && known > 0 && size % known === 0
  if (!fits) {
    throw new ShapeError(
      `${where}: expected a shape of ${size} elements, got ${printShape(shape)}. Use −1 for at most one size.`,
    )
  }
  return shape.map((entry) => (entry === -1 ? size / known : entry))
}
