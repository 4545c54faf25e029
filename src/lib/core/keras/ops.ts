/** keras.ops: functions of tensors for losses and steps of one's own. Whatever they make belongs to the caller's scope. */
import { at } from '../util/at'
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { alongLast } from '../nn/alongLast'
import { absolute, extremeShared } from '../nn/piecewise'
import { ArgumentError } from '../util/errors'
import { flag, integer, integers, number, only } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { toArray } from './arrays'
import { dtype, tensor, tensorList } from './kinds'
import { toTensorOf as t } from './tensorLike'

function unary(name: string, op: (x: tf.Tensor) => tf.Tensor) {
  const list = parameters(`ops.${name}`, { x: tensor })
  return (...given: Given<typeof list.table>): tf.Tensor => op(t(list.read(given).x))
}

function binary(name: string, op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) {
  const list = parameters(`ops.${name}`, { x1: tensor, x2: tensor })
  return (...given: Given<typeof list.table>): tf.Tensor => {
    const { x1, x2 } = list.read(given)
    return op(t(x1), t(x2))
  }
}

const axisParameters = {
  /** One axis, or a list of them; all when left out. */
  axis: integers.or(null),
  /** True keeps the axes with size 1. */
  keepdims: flag.or(false),
}

type Reduce = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor

function reducing(name: string, reduce: Reduce) {
  const list = parameters(`ops.${name}`, { x: tensor, ...axisParameters })
  return (...given: Given<typeof list.table>): tf.Tensor => {
    const { x, axis, keepdims } = list.read(given)
    const values = t(x)
    return reduce(values, axesOf(`ops.${name}`, axis, values.rank), keepdims)
  }
}

/** The largest or smallest values, or `initial` where it is beyond them. */
function extreme(which: 'max' | 'min') {
  const list = parameters(`ops.${which}`, {
    x: tensor,
    ...axisParameters,
    /** What the result is compared with as well. */
    initial: number.or(null),
  })
  return (...given: Given<typeof list.table>): tf.Tensor => {
    const { x, axis, keepdims: keepDims, initial } = list.read(given)
    const values = t(x)
    const axes = axesOf(`ops.${which}`, axis, values.rank)
    const found = extremeShared(which, values, { axes, keepDims })
    if (initial === null) return found
    return which === 'max' ? tf.maximum(found, initial) : tf.minimum(found, initial)
  }
}

/** The axes that a tensor of that rank has; undefined for all. Throws ArgumentError for one that it does not have. */
function axesOf(where: string, axis: number | readonly number[] | null, rank: number): number[] | undefined {
  if (axis === null) return undefined
  return [axis].flat().map((each) => axisOf(where, each, rank))
}

function axisOf(where: string, axis: number, rank: number): number {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis
  throw new ArgumentError(
    `${where}: expected an axis from ${-rank} to ${rank - 1} of a tensor of rank ${rank}, got ${axis}. Use one of these.`,
  )
}

/** x1 + x2 */
export const add = binary('add', tf.add)
/** x1 − x2 */
export const subtract = binary('subtract', tf.sub)
/** x1 · x2, value by value */
export const multiply = binary('multiply', tf.mul)
/** x1 / x2 */
export const divide = binary('divide', tf.div)
/** x1 to the power of x2 */
export const power = binary('power', tf.pow)
/** The larger of both, value by value. */
export const maximum = binary('maximum', tf.maximum)
/** The smaller of both, value by value. */
export const minimum = binary('minimum', tf.minimum)
/** Whether both are equal, value by value. */
export const equal = binary('equal', tf.equal)
/** Whether x1 is larger, value by value. */
export const greater = binary('greater', tf.greater)
/** Whether x1 is smaller, value by value. */
export const less = binary('less', tf.less)
/** The matrix product. */
export const matmul = binary('matmul', (a, b) => tf.matMul(a, b))

/** |x| */
export const abs = unary('abs', absolute)
/** eˣ */
export const exp = unary('exp', tf.exp)
/** The natural logarithm. */
export const log = unary('log', tf.log)
/** −x */
export const negative = unary('negative', tf.neg)
/** √x */
export const sqrt = unary('sqrt', tf.sqrt)
/** x² */
export const square = unary('square', tf.square)
/** The sine. */
export const sin = unary('sin', tf.sin)
/** The cosine. */
export const cos = unary('cos', tf.cos)
/** The hyperbolic tangent. */
export const tanh = unary('tanh', tf.tanh)
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = unary('sigmoid', tf.sigmoid)
/** max(x, 0) */
export const relu = unary('relu', tf.relu)

/** The sum over axes. */
export const sum = reducing('sum', tf.sum)
/** The mean over axes. */
export const mean = reducing('mean', tf.mean)
/** The largest value over axes; equal ones share the gradient. */
export const max = extreme('max')
/** The smallest value over axes; equal ones share the gradient. */
export const min = extreme('min')

const softmaxParameters = parameters('ops.softmax', {
  x: tensor,
  /** The axis, or axes, along which probabilities sum to 1. */
  axis: integers.or(-1),
})

/** Probabilities along an axis, the last unless told otherwise. */
export function softmax(...given: Given<typeof softmaxParameters.table>): tf.Tensor {
  const { x, axis } = softmaxParameters.read(given)
  const values = t(x)
  const [first = 0, ...others] = axesOf('ops.softmax', axis, values.rank) ?? []
  if (others.length === 0) return alongLast(values, first, tf.softmax)
  // exp(x − log Σ exp x), over all of the axes
  return tf.exp(tf.sub(values, tf.logSumExp(values, [first, ...others], true)))
}

const argmaxParameters = parameters('ops.argmax', {
  x: tensor,
  /** The axis; all values in one row when left out. */
  axis: integer.or(null),
  keepdims: axisParameters.keepdims,
})

/** Position of the largest value along an axis, or among all. */
export function argmax(...given: Given<typeof argmaxParameters.table>): tf.Tensor {
  const { x, axis, keepdims } = argmaxParameters.read(given)
  const values = t(x)
  if (axis === null) {
    const position = tf.argMax(tf.reshape(values, [-1]), 0)
    return keepdims ? tf.reshape(position, values.shape.map(() => 1)) : position // prettier-ignore
  }
  const at = axisOf('ops.argmax', axis, values.rank)
  const positions = tf.argMax(values, at)
  return keepdims ? tf.expandDims(positions, at) : positions
}

const clipParameters = parameters('ops.clip', { x: tensor, xMin: number, xMax: number })

/** Values held between two bounds. */
export function clip(...given: Given<typeof clipParameters.table>): tf.Tensor {
  const { x, xMin, xMax } = clipParameters.read(given)
  return tf.clipByValue(t(x), xMin, xMax)
}

const whereParameters = parameters('ops.where', { condition: tensor, x1: tensor, x2: tensor })

/** `x1` where the condition holds, `x2` elsewhere. */
export function where(...given: Given<typeof whereParameters.table>): tf.Tensor {
  const { condition, x1, x2 } = whereParameters.read(given)
  return tf.where(tf.cast(t(condition), 'bool'), t(x1), t(x2))
}

const reshapeParameters = parameters('ops.reshape', {
  x: tensor,
  /** One size may be −1. */
  newshape: integers,
})

/** The same values in another shape. */
export function reshape(...given: Given<typeof reshapeParameters.table>): tf.Tensor {
  const { x, newshape } = reshapeParameters.read(given)
  return tf.reshape(t(x), [newshape].flat())
}

const transposeParameters = parameters('ops.transpose', {
  x: tensor,
  /** Positions of the axes; reversed when left out. */
  axes: integers.or(null),
})

/** Axes in another order; reversed when left out. */
export function transpose(...given: Given<typeof transposeParameters.table>): tf.Tensor {
  const { x, axes } = transposeParameters.read(given)
  const values = t(x)
  return tf.transpose(values, axesOf('ops.transpose', axes, values.rank))
}

const expandDimsParameters = parameters('ops.expandDims', {
  x: tensor,
  /** Where axes of size 1 are put: one, or a list. */
  axis: integers,
})

/** With new axes of size 1. */
export function expandDims(...given: Given<typeof expandDimsParameters.table>): tf.Tensor {
  const { x, axis } = expandDimsParameters.read(given)
  const values = t(x)
  const rank = values.rank + [axis].flat().length
  const places = axesOf('ops.expandDims', axis, rank) ?? []
  const sizes = [...values.shape]
  return tf.reshape(
    values,
    Array.from({ length: rank }, (_, place) => (places.includes(place) ? 1 : (sizes.shift() ?? 1))),
  )
}

const concatenateParameters = parameters('ops.concatenate', {
  /** Tensors that differ along the axis only. */
  xs: tensorList,
  axis: integer.or(0),
})

/** Tensors one behind the other along an axis. */
export function concatenate(...given: Given<typeof concatenateParameters.table>): tf.Tensor {
  const { xs, axis } = concatenateParameters.read(given)
  return tf.concat(xs.map(t), axis)
}

const stackParameters = parameters('ops.stack', {
  /** Tensors of one shape. */
  x: tensorList,
  axis: integer.or(0),
})

/** Tensors side by side along a new axis. */
export function stack(...given: Given<typeof stackParameters.table>): tf.Tensor {
  const { x, axis } = stackParameters.read(given)
  return tf.stack(x.map(t), axis)
}

const oneHotParameters = parameters('ops.oneHot', {
  /** Whole numbers. */
  x: tensor,
  numClasses: integer,
  /** Where the new axis is put. */
  axis: integer.or(-1),
  /** 'float32' when left out. */
  dtype: dtype.or(null),
  /** All values are there. */
  sparse: only(false, 'Leave it out: tensors have all their values here.'),
})

/** 1 at the position that a number names, 0 elsewhere, along a new axis. */
export function oneHot(...given: Given<typeof oneHotParameters.table>): tf.Tensor {
  const { x, numClasses, axis, dtype: type } = oneHotParameters.read(given)
  const rows = tf.oneHot(tf.cast(t(x), 'int32'), numClasses)
  const at = axisOf('ops.oneHot', axis, rows.rank)
  const order = rows.shape.slice(1).map((_, place) => place)
  const placed = at === rows.rank - 1 ? rows : tf.transpose(rows, order.toSpliced(at, 0, rows.rank - 1))
  return tf.cast(placed, type ?? 'float32')
}

const castParameters = parameters('ops.cast', { x: tensor, dtype })

/** The same values of another type. */
export function cast(...given: Given<typeof castParameters.table>): tf.Tensor {
  const { x, dtype: type } = castParameters.read(given)
  return tf.cast(t(x), type)
}

const filledParameters = {
  /** Sizes of the axes. */
  shape: integers,
  /** 'float32' when left out. */
  dtype: dtype.or(null),
}
const zerosParameters = parameters('ops.zeros', filledParameters)
const onesParameters = parameters('ops.ones', filledParameters)

/** A tensor of 0. */
export function zeros(...given: Given<typeof zerosParameters.table>): tf.Tensor {
  const { shape, dtype: type } = zerosParameters.read(given)
  return tf.zeros([shape].flat(), type ?? 'float32')
}

/** A tensor of 1. */
export function ones(...given: Given<typeof onesParameters.table>): tf.Tensor {
  const { shape, dtype: type } = onesParameters.read(given)
  return tf.ones([shape].flat(), type ?? 'float32')
}

const convertParameters = parameters('ops.convertToTensor', {
  x: tensor,
  /** That of x when left out. */
  dtype: dtype.or(null),
  /** All values are there. */
  sparse: only<boolean | null>(null, 'tensors have all their values here', false),
  /** Rows have one length. */
  ragged: only<boolean | null>(null, 'rows of a tensor have one length', false),
})

/** A tensor of numbers, lists or arrays. */
export function convertToTensor(...given: Given<typeof convertParameters.table>): tf.Tensor {
  const { x, dtype: type } = convertParameters.read(given)
  const values = t(x)
  return type === null ? values : tf.cast(values, type)
}

const shapeParameters = parameters('ops.shape', { x: tensor })
const numpyParameters = parameters('ops.convertToNumpy', { x: tensor })
const itemParameters = parameters('ops.item', { x: tensor })

/** The shape of a tensor. */
export function shape(...given: Given<typeof shapeParameters.table>): readonly number[] {
  return t(shapeParameters.read(given).x).shape
}

/** Values on the host; settles when they are there. Not inside of a step that is compiled. */
export function convertToNumpy(...given: Given<typeof numpyParameters.table>): Promise<NdArray> {
  return toArray(t(numpyParameters.read(given).x))
}

/** The one value of a tensor, as a number. Not inside of a step that is compiled. */
export async function item(...given: Given<typeof itemParameters.table>): Promise<number> {
  return at(await readBack(t(itemParameters.read(given).x)), 0)
}
