/** Seeded random numbers: one root seed, independent named streams. Not cryptographic. */
import { at } from './at'

/** A source of uniform numbers in [0, 1). */
export type RandomSource = () => number

/** 32-bit FNV-1a over the text of the key parts: names a stream. */
function hashKey(parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const character of parts.join('\u0000')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  }
  return hash >>> 0
}

/**
 * Uniform numbers in [0, 1) from a 32-bit seed.
 * Source: splitmix32 seeding and sfc32, from PractRand (public domain).
 */
export function randomSource(seed: number): RandomSource {
  let state = seed >>> 0
  const splitmix = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let counter = splitmix()
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4294967296
  }
}

/** An independent stream for one purpose, e.g. `randomStream(seed, 'dropout', layer, call)`. */
export function randomStream(seed: number, ...key: (string | number)[]): RandomSource {
  return randomSource((seed >>> 0) ^ hashKey(key))
}

/** One draw from the standard normal distribution (Box and Muller, 1958). */
export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A uniformly random order of 0 … count−1 (Fisher and Yates). */
export function permutation(count: number, random: RandomSource): Uint32Array {
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) order[index] = index
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const swapped = at(order, last)
    order[last] = at(order, other)
    order[other] = swapped
  }
  return order
}
