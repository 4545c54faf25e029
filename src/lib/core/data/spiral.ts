/** Arms wound around each other: needs more units or features than the other datasets. */
import { ArgumentError } from '../util/errors'
import { classPoints, uniform, type ClassOptions } from './points'
import type { Dataset } from './types'

const turns = 1.25
const innerRadius = 0.1

/** How the points of a spiral are drawn. */
export interface SpiralOptions extends ClassOptions {
  /** Number of arms: 2 or 3. */
  readonly classes?: number
}

/** Arm k of K: radius r uniform in [0.1, 1], angle 2π(1.25·r + k/K). */
export function spiral({ classes = 2, ...options }: SpiralOptions = {}): Dataset {
  if (classes !== 2 && classes !== 3) {
    throw new ArgumentError(`spiral: expected 2 or 3 classes, got ${classes}. Pass classes: 2.`)
  }
  return classPoints('spiral', classes, options, (label, random) => {
    const radius = uniform(innerRadius, 1, random)
    const angle = 2 * Math.PI * (turns * radius + label / classes)
    return [radius * Math.sin(angle), radius * Math.cos(angle)]
  })
}
