/** A tilted plane: what linear regression recovers exactly. */
import { targetPoints, type PointOptions } from './points'
import type { Dataset } from './types'

/** y = 0.6·x₁ − 0.4·x₂ + 0.2, x uniform in [−1, 1]². */
export function plane(options: PointOptions = {}): Dataset {
  return targetPoints('plane', options, (horizontal, vertical) => 0.6 * horizontal - 0.4 * vertical + 0.2)
}
