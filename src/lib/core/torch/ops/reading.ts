/** What brings the values of a tensor to the host. */
import type { NdArray } from '../../data/types'
import { readBack } from '../../eager/readBack'
import { tf } from '../../eager/tfjs'
import { at } from '../../util/at'
import { ArgumentError } from '../../util/errors'
import { flag } from '../../util/kinds'
import { printShape, sizeOf } from '../../util/shapes'
import { PendingValue } from '../pendingValue'
import { StepResult } from '../stepResult'
import { holderOf, type Tensor } from '../tensorBase'
import { tensorOp } from '../tensorOp'

/** The one value of this tensor, once it is read back from the backend: await it. Throws ArgumentError. */
export const item = tensorOp('item', {}, (input): PendingValue => {
  const holder = holderOf(input)
  if (sizeOf(input.shape) !== 1) {
    throw new ArgumentError(
      `item: expected a tensor of one element, got shape ${printShape(input.shape)}. Use .tolist() instead.`,
    )
  }
  if (holder instanceof StepResult) return new PendingValue(holder.number())
  const reading = readBack(holder)
  return new PendingValue({ settled: async () => at(await reading, 0) })
})

/** All values as nested arrays; a number for a scalar. Reads back from the backend: await it. */
export const tolist = tensorOp('tolist', {}, (input): Promise<unknown> => nested(input))

/** The values as nested arrays; another name of `tolist`. Reads back from the backend: await it. */
export const numpy = tensorOp(
  'numpy',
  { force: flag.or(false).unused('it always detaches') },
  (input): Promise<unknown> => nested(input),
)

/** All values on the host, row-major. Reads back from the backend: await it. */
export const toNdArray = tensorOp('toNdArray', {}, (input): Promise<NdArray> => {
  const { shape, dtype } = input
  return read(input).then((values) =>
    dtype === 'float32'
      ? { values: Float32Array.from(values), shape, dtype }
      : { values: Int32Array.from(values), shape, dtype: 'int32' },
  )
})

function nested(input: Tensor): Promise<unknown> {
  return read(input).then((values) => tf.util.toNestedArray([...input.shape], values))
}

function read(input: Tensor): Promise<Float32Array | Int32Array | Uint8Array> {
  const holder = holderOf(input)
  return holder instanceof StepResult ? holder.read() : readBack(holder)
}
