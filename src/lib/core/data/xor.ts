/** Exclusive or: opposite quadrants share a class. */
import { classPoints, uniform, type ClassOptions } from './points'
import type { Dataset } from './types'

/** |coordinates| uniform in [0.15, 1]; class 1 where the signs of the two differ. */
export function xor(options: ClassOptions = {}): Dataset {
  return classPoints('xor', 2, options, (label, random) => {
    const sign = random() < 0.5 ? -1 : 1
    const otherSign = label === 1 ? -sign : sign
    return [sign * uniform(0.15, 1, random), otherSign * uniform(0.15, 1, random)]
  })
}
