/** Two half circles that interlock. Source: scikit-learn's make_moons, shifted and scaled into [−1, 1]². */
import { classPoints, uniform, type ClassOptions } from './points'
import type { Dataset } from './types'

/** Half circles of radius 2/3: class 0 above around (−1/3, −1/6), class 1 below around (1/3, 1/6). */
export function moons(options: ClassOptions = {}): Dataset {
  return classPoints('moons', 2, options, (label, random) => {
    const angle = uniform(0, Math.PI, random)
    const horizontal = (2 / 3) * Math.cos(angle) - 1 / 3
    const vertical = (2 / 3) * Math.sin(angle) - 1 / 6
    return label === 0 ? [horizontal, vertical] : [-horizontal, -vertical]
  })
}
