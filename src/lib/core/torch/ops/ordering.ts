/** The largest and smallest values, where they are, and values in order. */
import { at, last } from '../../util/at'
import { withoutCounting } from '../../eager/counters'
import { isHostBackend } from '../../eager/indexRange'
import { tf } from '../../eager/tfjs'
import { ArgumentError } from '../../util/errors'
import { flag, integer, taking } from '../../util/kinds'
import type { Given } from '../../util/parameters'
import { printShape, type Shape } from '../../util/shapes'
import { positionOf, type Extreme } from '../../nn/extremes'
import { axisOf } from '../axes'
import { alongLast, extreme, picked } from '../kernels'
import { dim, otherTensor } from '../kinds'
import { asNumbers } from '../promotion'
import { constant, result } from '../result'
import { Tensor } from '../tensorBase'
import { tensorOp, type Input, type TensorOp } from '../tensorOp'
import { ValuesAndIndices } from '../valuesAndIndices'
import { maximum, minimum } from './elementwise'

const extremeTable = {
  /** The dim along which to look; with a tensor here the two are compared element by element. */
  dim: taking<number | Tensor>(
    'a whole number or a tensor',
    (value) => Number.isInteger(value) || value instanceof Tensor,
  )
    .or(null)
    .also('axis'),
  keepdim: flag.or(false).also('keepdims'),
  /** A tensor to compare with, element by element. */
  other: otherTensor.named.or(null),
}

type Whole = readonly [] | readonly [Tensor] | readonly [{ readonly other: Tensor }]
type Along =
  | readonly [dim: number, ...rest: readonly (boolean | { readonly keepdim?: boolean })[]]
  | readonly [{ readonly dim: number; readonly keepdim?: boolean }]

/** What `max` and `min` give depends on whether they look along a dim. */
interface ExtremeOp {
  (input: Tensor, ...given: Whole): Tensor
  (input: Tensor, ...given: Along): ValuesAndIndices
  (...given: Given<Input & typeof extremeTable>): Tensor | ValuesAndIndices
  readonly method: {
    (this: Tensor, ...given: Whole): Tensor
    (this: Tensor, ...given: Along): ValuesAndIndices
    (this: Tensor, ...given: Given<typeof extremeTable>): Tensor | ValuesAndIndices
  }
}

const extremeOp = (which: Extreme): ExtremeOp =>
  tensorOp(which, extremeTable, (input, { dim: given, keepdim, other }): Tensor | ValuesAndIndices => {
    const operand = given instanceof Tensor ? given : other
    if (operand) {
      if (given !== operand && given !== null) throw twoWays(which)
      return which === 'max' ? maximum(input, operand) : minimum(input, operand)
    }
    assertSome(which, input, given)
    if (given === null) return result([input], () => extreme(which, input.value, undefined, false))
    const axis = axisOf(which, Number(given), input.ndim)
    const values = result([input], () => extreme(which, input.value, axis, keepdim))
    return new ValuesAndIndices(values, position(which, input, axis, keepdim))
  }) as unknown as ExtremeOp

/** Largest of all elements; with `dim` the largest along it, and where they are; with a tensor the larger of both. */
export const max = extremeOp('max')

/** Smallest of all elements; with `dim` the smallest along it, and where they are; with a tensor the smaller of both. */
export const min = extremeOp('min')

const positionTable = {
  /** The dim along which to look; the flattened tensor when left out. */
  dim: dim.or(null),
  keepdim: flag.or(false).also('keepdims'),
}

const positional = (which: Extreme): TensorOp<typeof positionTable, Tensor> =>
  tensorOp(`arg${which}`, positionTable, (input, { dim: given, keepdim }) => {
    assertSome(`arg${which}`, input, given)
    return position(which, input, given === null ? null : axisOf(`arg${which}`, given, input.ndim), keepdim)
  })

/** Position of the largest element along `dim`, or in the flattened tensor; int32. */
export const argmax = positional('max')

/** Position of the smallest element along `dim`, or in the flattened tensor; int32. */
export const argmin = positional('min')

/** The `k` largest values along `dim`, or the smallest, in order, and where they are. */
export const topk = tensorOp(
  'topk',
  {
    k: integer,
    dim: dim.or(-1),
    /** The largest, or the smallest. */
    largest: flag.or(true),
    sorted: flag.or(true).unused('they always come in order'),
  },
  (input, { k, dim: given, largest }): ValuesAndIndices => {
    const axis = axisOf('topk', given, input.ndim)
    const size = at(input.shape, axis)
    if (k < 1 || k > size) {
      throw new ArgumentError(
        `topk: expected k from 1 to ${size}, got ${k}. Take fewer than dim ${axis} has.`,
      )
    }
    return ordered(input, axis, k, largest)
  },
)

const sortTable = {
  dim: dim.or(-1),
  /** From the largest to the smallest. */
  descending: flag.or(false),
  stable: flag.named.or(false).unused('equal values always keep their order'),
}

/** In rising order along `dim`, and where each value was; the other way round with `descending`. */
export const sort = tensorOp('sort', sortTable, (input, values): ValuesAndIndices =>
  sorted('sort', input, values),
)

/** Where the values in rising order along `dim` are, int32. */
export const argsort = tensorOp(
  'argsort',
  { ...sortTable, stable: flag.or(false).unused('equal values always keep their order') },
  (input, values): Tensor => sorted('argsort', input, values).indices,
)

function sorted(
  where: string,
  input: Tensor,
  { dim: given, descending }: { readonly dim: number; readonly descending: boolean },
): ValuesAndIndices {
  const axis = axisOf(where, given, input.ndim)
  return ordered(input, axis, at(input.shape, axis), descending)
}

function ordered(input: Tensor, axis: number, k: number, largest: boolean): ValuesAndIndices {
  const numbers = () => asNumbers(input.value)
  const indices = constant(() => alongLast(numbers(), axis, (x) => order(x, k, largest)))
  return new ValuesAndIndices(
    result([input], () => tf.cast(picked(numbers(), indices.value, axis), input.dtype)),
    indices,
  )
}

/** Where the first `k` in order are, along the last axis. */
function order(x: tf.Tensor, k: number, largest: boolean): tf.Tensor {
  const missing = missingIn(x)
  const keys = largest ? x : tf.neg(x)
  return missing ? orderWithNaN(missing, x.shape, k, largest) : tf.topk(keys, k).indices
}

/** The values where there is a NaN among them, with which no comparison puts anything in order. */
function missingIn(x: tf.Tensor): ArrayLike<number> | null {
  if (x.dtype !== 'float32' || !isHostBackend(tf.getBackend())) return null
  const values = withoutCounting(() => x.dataSync())
  return values.some((value) => Number.isNaN(value)) ? values : null
}

/** NaN is larger than all others. */
function orderWithNaN(values: ArrayLike<number>, shape: Shape, k: number, largest: boolean): tf.Tensor {
  const size = last(shape)
  const compare = (a: number, b: number) => {
    const [isNaNFirst, isNaNSecond] = [Number.isNaN(a), Number.isNaN(b)]
    if (isNaNFirst || isNaNSecond) return Number(isNaNFirst) - Number(isNaNSecond)
    return a === b ? 0 : a < b ? -1 : 1
  }
  const rows = Array.from({ length: values.length / size }, (_, row) => {
    const valueAt = (position: number) => at(values, row * size + position)
    const positions = Array.from({ length: size }, (_each, position) => position)
    const sign = largest ? -1 : 1
    return positions.sort((a, b) => sign * compare(valueAt(a), valueAt(b))).slice(0, k)
  })
  return tf.tensor(rows.flat(), [...shape.slice(0, -1), k], 'int32')
}

function position(which: Extreme, input: Tensor, axis: number | null, keepdim: boolean): Tensor {
  return constant(() => {
    if (axis === null) {
      const found = positionOf(which, tf.reshape(input.value, [-1]))
      return keepdim
        ? tf.reshape(
            found,
            input.shape.map(() => 1),
          )
        : found
    }
    const positions = positionOf(which, input.value, axis)
    return keepdim ? tf.expandDims(positions, axis) : positions
  })
}

/** Throws ArgumentError where there is nothing to compare. */
function assertSome(where: string, { shape, ndim }: Tensor, dim: unknown): void {
  const looked = typeof dim === 'number' ? shape.slice(axisOf(where, dim, ndim)).slice(0, 1) : shape
  if (!looked.includes(0)) return
  throw new ArgumentError(
    `${where}: expected elements to compare, got shape ${printShape(shape)}. Leave out empty tensors.`,
  )
}

function twoWays(where: string): ArgumentError {
  return new ArgumentError(`${where}: expected a dim or another tensor, got both. Leave out one of them.`)
}
