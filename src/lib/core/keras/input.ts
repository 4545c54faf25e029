/** What `Input` states: the shape of one example. */
import { ArgumentError } from '../util/errors'
import { openSize } from '../util/shapes'
import { KerasTensor } from './kerasTensor'
import { assertOptions } from './names'

export interface InputOptions {
  /** Null for a size that differs from batch to batch: `[null]` for sequences of different length. */
  readonly shape: readonly (number | null)[]
  /** Key of the input where examples are given by name. */
  readonly name?: string
}

/**
 * Opens a model: `Input({ shape: [28, 28, 1] })`, `Input([28, 28, 1])`, or `Input({ shape: [null] })` for sequences of different length. Sizes are
 * positive integers, without the batch axis.
 * Source: keras.Input.
 */
export function Input(given: InputOptions | InputOptions['shape']): KerasTensor {
  const options: InputOptions = isShape(given) ? { shape: given } : given
  assertOptions('Input', options, ['shape', 'name'])
  const { shape, name } = options
  const isValid =
    Array.isArray(shape) && shape.every((size) => size === null || (Number.isInteger(size) && size > 0))
  if (!isValid) {
    throw new ArgumentError(
      `Input: expected a shape of positive integers, got ${JSON.stringify(shape)}. Leave the batch axis out: shape: [2].`,
    )
  }
  const sizes: readonly (number | null)[] = shape
  const exampleShape = sizes.map((size) => size ?? openSize)
  return new KerasTensor(exampleShape, null, name)
}

function isShape(given: InputOptions | InputOptions['shape']): given is InputOptions['shape'] {
  return Array.isArray(given)
}
