/** Checks of shapes before kernels see them, with messages that name the operation. */
import { ShapeError } from './errors'
import { printShape, type Shape } from './shapes'

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

/** Throws ShapeError unless the inner dimensions of two matrices, batches of them, or vectors, agree, and batches broadcast. */
export function assertMatMul(where: string, a: Shape, b: Shape): void {
  const inner = b.length === 1 ? b[0] : b.at(-2)
  if (a.length >= 1 && b.length >= 1 && a.at(-1) === inner)
    return assertBroadcastable(where, a.slice(0, -2), b.slice(0, -2))
  throw new ShapeError(
    `${where}: expected [..., n, k] and [..., k, m], got ${printShape(a)} and ${printShape(b)}. ` +
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
      `${where}: expected a shape of ${size} elements, got [${shape.join(', ')}]. Use −1 for at most one size.`,
    )
  }
  return shape.map((entry) => (entry === -1 ? size / known : entry))
}
