/** Tensor shapes as plain arrays of sizes. */

export type Shape = readonly number[]

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** In the place of a size that differs from batch to batch, as the length of sequences does. Written `null` in programs. */
export const openSize = -1

/** Whether all sizes are known. */
export function isClosed(shape: Shape): boolean {
  return !shape.includes(openSize)
}

/** A shape as people write it: `[32, 10]`, `[null, 8]`. */
export function printShape(shape: Shape): string {
  return `[${shape.map((size) => (size === openSize ? 'null' : size)).join(', ')}]`
}

/** A list of numbers that are no sizes, such as axes: `[0, -1]`. */
export function printNumbers(numbers: readonly number[]): string {
  return `[${numbers.join(', ')}]`
}

/** Whether `shape` is one of those that `pattern` stands for: its open sizes may be any. */
export function fitsShape(shape: Shape, pattern: Shape): boolean {
  return (
    shape.length === pattern.length &&
    pattern.every((size, axis) => size === openSize || size === shape[axis])
  )
}

/** Whether two shapes have the same sizes. */
export function isSameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}
