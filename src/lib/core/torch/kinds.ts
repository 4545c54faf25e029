/** The kinds of values that parameters of the PyTorch style take. */
import { integer, integers, oneOf, taking } from '../util/kinds'
import type { Shape } from '../util/shapes'
import { assertDevice } from './device'
import { Tensor } from './tensorBase'

/** The types of elements: `torch.float32`, `torch.long`, which is int32 here, and `torch.bool`. */
export type DType = 'float32' | 'int32' | 'bool'

/** What arithmetic takes. */
export type Operand = Tensor | number | boolean

/** A tensor. */
export const tensor = taking<Tensor>('a tensor', (value) => value instanceof Tensor)

/** Tensors in a list. */
export const tensors = taking<readonly Tensor[]>(
  'a list of tensors',
  (value) => Array.isArray(value) && value.every((each) => each instanceof Tensor),
)

/** The other operand under PyTorch's name. */
export const other = taking<Operand>(
  'a tensor or a number',
  (value) => value instanceof Tensor || typeof value === 'number' || typeof value === 'boolean',
).also('x2')

/** The other operand where it has to be a tensor. */
export const otherTensor = tensor.also('x2')

/** One dim; NumPy's name of it is taken too, as PyTorch does. */
export const dim = integer.also('axis')

/** One dim or several. */
export const dims = integers.also('axis')

/** A type of elements by name. */
export const dtype = oneOf('float32', 'int32', 'bool')

/** Sizes, or other whole numbers for each dim, one by one or in one list. */
export const sizes = taking<Shape>(
  'whole numbers',
  (value) => Array.isArray(value) && value.every(Number.isInteger),
).gathered

/** A device, all of which are the lane's backend. Throws ArgumentError for one that cannot be had. */
export const device = taking<unknown>('a device', (value) => {
  assertDevice('device', [value])
  return true
})
