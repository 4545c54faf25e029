/** A function of tensors that reaches certain kernels, and the values to call it with. */
import { tf } from '../../../src/lib/core/eager/tfjs'
import { randomStream } from '../../../src/lib/core/util/random'
import { sizeOf, type Shape } from '../../../src/lib/core/util/shapes'

/** An argument: its values are drawn anew for each case, the same in each run. */
export interface Argument {
  readonly dtype: 'float32' | 'int32' | 'bool'
  readonly shape: Shape
  /** The next value, from a uniform number in [0, 1) and the index of the element. */
  readonly value: (uniform: number, index: number) => number
}

export interface KernelCase {
  readonly name: string
  readonly inputs: readonly Argument[]
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[]
}

const argument =
  (dtype: Argument['dtype'], value: Argument['value']) =>
  (...shape: number[]): Argument => ({ dtype, shape, value })

/** Real numbers from −2 to 2. */
export const floats = argument('float32', (uniform) => 4 * uniform - 2)
/** Real numbers from 0.1 to 2. */
export const positives = argument('float32', (uniform) => 0.1 + 1.9 * uniform)
/** −1, 0 and 1 as real numbers: equal values are common. */
export const ties = argument('float32', (uniform) => Math.floor(3 * uniform) - 1)
/** Real numbers from −2 to −0.1: padding with 0 would be a maximum. */
export const negatives = argument('float32', (uniform) => -0.1 - 1.9 * uniform)
/** Whole numbers from −5 to 5. */
export const integers = argument('int32', (uniform) => Math.floor(11 * uniform) - 5)
/** Whole numbers from 0 up to 5: positions along an axis of 5. */
export const positions = argument('int32', (uniform) => Math.floor(5 * uniform))
/** Truth values. */
export const flags = argument('bool', (uniform) => (uniform < 0.5 ? 0 : 1))

/** Row-major values of an argument. */
export function valuesOf({ shape, value }: Argument, ...key: (string | number)[]): number[] {
  const random = randomStream(1, ...key)
  return Array.from({ length: sizeOf(shape) }, (_, index) => value(random(), index))
}

/** Different numbers from −1 to 1, so that no two elements of a gradient can be exchanged unseen. */
function ramp(shape: Shape): tf.Tensor {
  const size = sizeOf(shape)
  const values = Float32Array.from({ length: size }, (_, index) => (2 * index + 1) / size - 1)
  return tf.tensor(values, [...shape])
}

/** The value of `run` and its gradients with respect to all arguments, or the first `count` of them. */
export function withGradients(
  run: (...inputs: tf.Tensor[]) => tf.Tensor,
  count = Infinity,
): KernelCase['run'] {
  return (...inputs) => {
    const [varied, fixed] = [inputs.slice(0, count), inputs.slice(count)]
    const value = run(...inputs)
    const gradients = tf.grads((...some: tf.Tensor[]) => run(...some, ...fixed))
    return [value, ...gradients(varied, ramp(value.shape))]
  }
}
