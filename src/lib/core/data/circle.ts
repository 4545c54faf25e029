/** A disc inside a ring: the smallest problem that a linear model cannot solve and a hidden layer can. */
import { classPoints, uniform, type ClassOptions } from './points'
import type { Dataset } from './types'

/** Class 1: radius uniform in [0, 0.4]; class 0: radius in [0.7, 1]; angles uniform. */
export function circle(options: ClassOptions = {}): Dataset {
  return classPoints('circle', 2, options, (label, random) => {
    const radius = label === 1 ? uniform(0, 0.4, random) : uniform(0.7, 1, random)
    const angle = uniform(0, 2 * Math.PI, random)
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
}
