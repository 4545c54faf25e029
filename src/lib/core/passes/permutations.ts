/** Permutations of axes as lists, read like `perm` of Transpose: axis i of the result is axis `perm[i]` of the operand. */
import { at } from '../util/at'
import type { Shape } from '../util/shapes'

/** Axes in another order. */
export type Permutation = readonly number[]

/** Whether every axis stays where it is. */
export function isIdentity(perm: Permutation): boolean {
  return perm.every((axis, index) => axis === index)
}

/** Transpose(second) after Transpose(first), as one. */
export function compose(first: Permutation, second: Permutation): Permutation {
  return second.map((axis) => at(first, axis))
}

/** What undoes a permutation. */
export function inverse(perm: Permutation): Permutation {
  return perm.map((_, axis) => perm.indexOf(axis))
}

/** A list with one entry per axis, in the order after the permutation. */
export function permute<T>(list: readonly T[], perm: Permutation): T[] {
  return perm.flatMap((axis) => list.slice(axis, axis + 1))
}

/** Whether the elements stay in their order in memory: only axes of size 1 change places. */
export function keepsOrder(shape: Shape, perm: Permutation): boolean {
  const moved = perm.filter((axis) => shape[axis] !== 1)
  return moved.every((axis, index) => index === 0 || axis > at(moved, index - 1))
}
