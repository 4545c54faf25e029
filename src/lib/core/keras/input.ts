/** What `Input` states: the shape of one example. */
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { KerasTensor } from './kerasTensor'
import { assertOptions } from './names'

export interface InputOptions {
  readonly shape: Shape
  /** Key of the input where examples are given by name. */
  readonly name?: string
}

/**
 * Opens a model: `Input({ shape: [28, 28, 1] })`. Sizes are positive integers, without the batch axis.
 * Source: keras.Input.
 */
export function Input(options: InputOptions): KerasTensor {
  assertOptions('Input', options, ['shape', 'name'])
  const { shape, name } = options
  const isValid = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0)
  if (!isValid) {
    throw new ArgumentError(
      `Input: expected a shape of positive integers, got ${JSON.stringify(shape)}. Leave the batch axis out: shape: [2].`,
    )
  }
  return new KerasTensor(shape, null, name)
}
