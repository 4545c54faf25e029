/** Orthonormal vectors at random: what both styles' orthogonal initial weights are made of. */
import { at } from '../util/at'
import { normal, type RandomSource } from '../util/random'

/** A vector this short lay in the space of those before it; what is left of it is rounding. */
const shortest = 1e-8

/** `count` orthonormal vectors of normal ones, each made orthogonal to those before it (Gram and Schmidt, twice for accuracy). */
export function orthonormal(count: number, length: number, random: RandomSource): readonly Float64Array[] {
  const basis: Float64Array[] = []
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => normal(random))
    for (const other of [...basis, ...basis]) {
      const share = vector.reduce((sum, value, index) => sum + value * at(other, index), 0)
      for (const [index, value] of other.entries()) vector[index] = at(vector, index) - share * value
    }
    const norm = Math.hypot(...vector)
    if (norm > shortest) basis.push(vector.map((value) => value / norm))
  }
  return basis
}
