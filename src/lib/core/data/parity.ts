/** Bits, and whether the number of ones is odd: every token can turn the answer around. */
import { sequences, type SequenceOptions } from './sequences'
import type { Dataset } from './types'

/** Token 1 is a zero, token 2 a one; class 1 has an odd number of ones. All bits but the last are drawn, the last one follows from the class. */
export function parity(options: SequenceOptions = {}): Dataset {
  return sequences('parity', 2, options, (label, length, random) => {
    const bits = Array.from({ length: length - 1 }, () => Math.floor(2 * random()))
    const ones = bits.reduce((sum, bit) => sum + bit, 0)
    return [...bits, (ones + label) % 2].map((bit) => bit + 1)
  })
}
