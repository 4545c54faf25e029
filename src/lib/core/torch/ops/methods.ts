/** What only tensors have as methods: other types, views, and whatever PyTorch has no function for. */
import { at } from '../../util/at'
import { hostValues, madeFrom } from '../../eager/hostValues'
import { tf } from '../../eager/tfjs'
import { ArgumentError } from '../../util/errors'
import { anything, flag, taking } from '../../util/kinds'
import type { Given } from '../../util/parameters'
import { resolveShape } from '../../util/shapeChecks'
import { printShape, sizeOf, type Shape } from '../../util/shapes'
import { axisOf } from '../axes'
import { selected } from '../bounds'
import { assertDevice, Device } from '../device'
import { dim as dimKind, dtype as dtypeKind, other, otherTensor, sizes, tensor, type DType } from '../kinds'
import { isContiguous } from '../layouts'
import { constant, result } from '../result'
import { expanded, reshaped, viewed } from '../shaped'
import { Tensor } from '../tensorBase'
import { tensorOp, type TensorOp } from '../tensorOp'
import { assertInt32 } from '../valueChecks'

/** The same values in another shape; one size may be −1. */
export const view = tensorOp('view', { size: sizes }, (input, { size }): Tensor =>
  viewed('view', input, resolveShape('view', size, input.numel())),
)

/** In the shape of another tensor. */
export const viewAs = tensorOp('viewAs', { other: otherTensor }, (input, values): Tensor =>
  viewed('viewAs', input, resolveShape('viewAs', values.other.shape, input.numel())),
)

/** In the shape of another tensor. */
export const reshapeAs = tensorOp('reshapeAs', { other: otherTensor }, (input, values): Tensor =>
  reshaped(input, resolveShape('reshapeAs', values.other.shape, input.numel())),
)

/** With dims of size 1 stretched to `size`; −1 keeps one. */
export const expand = tensorOp('expand', { size: sizes }, (input, { size }): Tensor => expanded(input, size))

/** Stretched to the shape of another tensor. */
export const expandAs = tensorOp('expandAs', { other: otherTensor }, (input, values): Tensor =>
  expanded(input, values.other.shape),
)

/** Beside itself as often as `repeats` says, dim by dim. */
export const repeat = tensorOp('repeat', { repeats: sizes }, (input, { repeats }): Tensor => {
  const added = repeats.length - input.ndim
  if (added < 0) {
    throw new ArgumentError(
      `repeat: expected a count for each of the ${input.ndim} dims, got ${printShape(repeats)}. Pass 1 to keep one.`,
    )
  }
  const shape = [...new Array<number>(added).fill(1), ...input.shape]
  return result([input], () => tf.tile(tf.reshape(input.value, shape), [...repeats]))
})

/** The tensor where the condition is true, `other` elsewhere. */
export const where = tensorOp('where', { condition: tensor, other }, (input, values): Tensor =>
  selected(values.condition, input, values.other),
)

/** The tensor itself, or a copy of a view in another order. */
export const contiguous = tensorOp(
  'contiguous',
  { memoryFormat: anything().named.or(null).unused('there is one order') },
  (input): Tensor =>
    input.layout === null || isContiguous(input.layout)
      ? input
      : result([input], () => tf.clone(input.value)),
)

/** As float32. */
export const float = tensorOp('float', {}, (input): Tensor => asFloat(input))

/** As float32, which stands in for PyTorch's float64. */
export const double = tensorOp('double', {}, (input): Tensor => asFloat(input))

/** As int32, which stands in for PyTorch's int64. */
export const long = tensorOp('long', {}, (input): Tensor => asWhole(input))

/** As int32. */
export const int = tensorOp('int', {}, (input): Tensor => asWhole(input))

/** True where not 0. */
export const bool = tensorOp('bool', {}, (input): Tensor => asFlags(input))

const conversion = {
  /** A device, a type such as torch.float32, or a tensor whose type to take. */
  device: taking<string | Device | Tensor>(
    'a type, a device or a tensor',
    (value) => typeof value === 'string' || value instanceof Device || value instanceof Tensor,
  )
    .or(null)
    .also('other'),
  /** The type of the elements, where the device comes first. */
  dtype: dtypeKind.or(null),
  nonBlocking: flag.or(false).unused('everything is on the lane’s backend'),
  /** A copy also where the type is the same. */
  copy: flag.or(false),
}

/** As another type: `x.to(torch.float32)`, or on the lane's backend, where it is already: `x.to('cpu')`. */
export const to = tensorOp('to', conversion, (input, { device: target, dtype, copy }): Tensor => {
  const converted = convertedTo(input, target, dtype)
  return copy && converted === input ? result([input], () => tf.clone(input.value)) : converted
})

function convertedTo(input: Tensor, target: string | Device | Tensor | null, dtype: DType | null): Tensor {
  if (target === null && dtype === null) {
    throw new ArgumentError(
      'to: expected a type, a device or a tensor, got nothing. Write x.to(torch.float32).',
    )
  }
  if (target instanceof Tensor) return inType(input, target.dtype)
  const isType: boolean = dtypeKind.facts.kind.accepts(target)
  if (isType) return inType(input, target as DType)
  if (target !== null) assertDevice('to', [target])
  return dtype === null ? input : inType(input, dtype)
}

/** In the type of another tensor. */
export const typeAs = tensorOp('typeAs', { other: otherTensor }, (input, values): Tensor =>
  inType(input, values.other.dtype),
)

/** As PyTorch has it; the values stay where they are. */
export const cpu = tensorOp('cpu', {}, (input): Tensor => input)

/** Number of dimensions. */
export const dim = tensorOp('dim', {}, (input): number => input.ndim)

/** Number of elements. */
export const nelement = tensorOp('nelement', {}, (input): number => sizeOf(input.shape))

const sizeTable = {
  /** Which dim; all when left out. */
  dim: dimKind.or(null),
}

/** What `size` gives depends on whether a dim is named. */
interface SizeOp extends TensorOp<typeof sizeTable, Shape | number> {
  readonly method: {
    (this: Tensor): Shape
    (this: Tensor, dim: number): number
    (this: Tensor, ...given: Given<typeof sizeTable>): Shape | number
  }
}

/** All sizes, or the size of one dim. */
export const size = tensorOp('size', sizeTable, (input, values): Shape | number =>
  values.dim === null ? input.shape : at(input.shape, axisOf('size', values.dim, input.ndim)),
) as SizeOp

function inType(input: Tensor, target: tf.DataType): Tensor {
  if (target === 'float32') return asFloat(input)
  if (target === 'bool') return asFlags(input)
  return asWhole(input)
}

/** The tensor itself where it has the type, as in PyTorch. */
function asFloat(input: Tensor): Tensor {
  if (input.dtype === 'float32') return input
  return result([input], () => tf.cast(input.value, 'float32'))
}

function asFlags(input: Tensor): Tensor {
  return input.dtype === 'bool' ? input : constant(() => tf.cast(input.value, 'bool'))
}

function asWhole(input: Tensor): Tensor {
  if (input.dtype === 'int32') return input
  assertInt32(input)
  const numbers = hostValues(input.value)
  const whole = tf.cast(input.value, 'int32')
  return new Tensor(numbers ? madeFrom(numbers, whole) : whole)
}
