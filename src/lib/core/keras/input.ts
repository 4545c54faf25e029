/** What `Input` states: the shape of one example. */
import { ArgumentError } from '../util/errors'
import { flag, only, text } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { openSize } from '../util/shapes'
import { KerasTensor } from './kerasTensor'
import { count, openShape } from './kinds'

const inputParameters = parameters('Input', {
  /** Without the batch axis; null for a size that differs from batch to batch: [null] for sequences. */
  shape: openShape.or(null),
  /** Has no effect: batches may have any size. */
  batchSize: count.or(null).unused('batches may have any size'),
  /** Has no effect: data keep their own type. */
  dtype: text.or(null).unused('data keep their own type'),
  /** Inputs have all their values. */
  sparse: only<boolean | null>(null, 'inputs have all their values here', false),
  /** A ragged input is one with an open size. */
  ragged: only<boolean | null>(null, 'write null for the size that is open', false),
  /** The shape with the batch axis in front, instead of shape. */
  batchShape: openShape.or(null),
  /** Key of the input where examples are given by name. */
  name: text.or(null),
  /** Models begin with symbolic tensors. */
  tensor: only(null, 'Leave it out: models begin with symbolic tensors.'),
  /** Has no effect: every input is given. */
  optional: flag.or(false).unused('every input is given'),
})

/**
 * Opens a model: `Input({ shape: [28, 28, 1] })`, `Input([28, 28, 1])`, or `Input({ shape: [null] })` for sequences of different length. Sizes are
 * positive integers, without the batch axis.
 * Source: keras.Input.
 */
export function Input(...given: Given<typeof inputParameters.table>): KerasTensor {
  const { shape: sizes, batchShape, name } = inputParameters.read(given)
  const shape = sizes ?? batchShape?.slice(1) ?? null
  if (shape === null || (sizes && batchShape) || shape.some((size) => size !== null && size < 1)) {
    throw new ArgumentError(
      `Input: expected a shape of positive integers, got ${JSON.stringify(sizes && batchShape ? { shape: sizes, batchShape } : shape)}. Leave the batch axis out: shape: [2].`,
    )
  }
  const exampleShape = shape.map((size) => size ?? openSize)
  return new KerasTensor(exampleShape, null, name ?? '')
}
