/** A product of two sine waves: regression that needs a hidden layer. */
import { targetPoints, type PointOptions } from './points'
import type { Dataset } from './types'

/** y = sin(π·x₁)·cos(π·x₂), x uniform in [−1, 1]². */
export function waves(options: PointOptions = {}): Dataset {
  return targetPoints(
    'waves',
    options,
    (horizontal, vertical) => Math.sin(Math.PI * horizontal) * Math.cos(Math.PI * vertical),
  )
}
