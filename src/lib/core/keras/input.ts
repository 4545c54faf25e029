/** What `Input` states: the shape of one example. */
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'

/** Shape of one example, without the batch axis. */
export interface InputSpec {
  readonly kind: 'input'
  readonly shape: Shape
}

/** Opens a model: `Input({ shape: [28, 28, 1] })`. Sizes are positive integers, without the batch axis. */
export function Input({ shape }: { shape: Shape }): InputSpec {
  const isValid = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0)
  if (!isValid) {
    throw new ArgumentError(
      `Input: expected a shape of positive integers, got ${JSON.stringify(shape)}. Leave the batch axis out: shape: [2].`,
    )
  }
  return { kind: 'input', shape }
}
