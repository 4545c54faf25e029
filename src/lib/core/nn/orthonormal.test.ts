import { expect, it } from 'vitest'
import { randomStream } from '../util/random'
import { orthonormal } from './orthonormal'

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

function expectOrthonormal(vectors: readonly Float64Array[]): void {
  for (const [row, a] of vectors.entries()) {
    for (const [column, b] of vectors.entries()) expect(dot(a, b)).toBeCloseTo(row === column ? 1 : 0, 12)
  }
}

it('gives vectors of length 1 at right angles', () => {
  const vectors = orthonormal(5, 8, randomStream(1, 'test'))
  expect(vectors).toHaveLength(5)
  expectOrthonormal(vectors)
})

it('draws again where a vector is 0, or lies in the space of those before it', () => {
  // Box and Muller make 0 of (0, 0) and √(2 ln 2) of (½, 0).
  const [zero, some] = [
    [0, 0],
    [0.5, 0],
  ] as const
  const draws = [zero, zero, some, zero, some, zero, zero, some].flat()
  const vectors = orthonormal(2, 2, () => draws.shift() ?? NaN)
  expect(vectors).toHaveLength(2)
  expectOrthonormal(vectors)
})
