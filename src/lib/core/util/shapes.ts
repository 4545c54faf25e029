/** Tensor shapes as plain arrays of sizes. */

export type Shape = readonly number[]

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A shape as people write it: `[32, 10]`. */
export function printShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

export function isSameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}
