/** Initial weights on the host, from our own random numbers: the same bits on every backend. */
import type { RandomSource } from '../util/random'
import { sizeOf, type Shape } from '../util/shapes'

/** Uniform in [−limit, limit), row-major. */
export function uniform(shape: Shape, limit: number, random: RandomSource): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) * limit)
}

/**
 * PyTorch's default for weights: limit = √(6 / ((1 + a²) fanIn)), which for a = √5 is 1/√fanIn.
 * Source: He et al., 2015; torch.nn.Linear.reset_parameters.
 */
export function kaimingUniform(
  shape: Shape,
  fanIn: number,
  random: RandomSource,
  a = Math.sqrt(5),
): Float32Array {
  return uniform(shape, Math.sqrt(6 / ((1 + a * a) * fanIn)), random)
}
