/** Two round clouds: a problem that a linear model solves. */
import { normal } from '../util/random'
import { classPoints, type ClassOptions } from './points'
import type { Dataset } from './types'

const centre = 0.5
const deviation = 0.15

/** Normal around (0.5, 0.5) for class 1 and (−0.5, −0.5) for class 0, deviation 0.15 before noise. */
export function gaussians(options: ClassOptions = {}): Dataset {
  return classPoints('gaussians', 2, options, (label, random) => {
    const middle = label === 1 ? centre : -centre
    return [middle + deviation * normal(random), middle + deviation * normal(random)]
  })
}
