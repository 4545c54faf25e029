/** keras.ops: functions of tensors for losses and steps of one's own. Whatever they make belongs to the caller's scope. */
import { at } from '../util/at'
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { alongLast } from '../nn/alongLast'
import { positionOf } from '../nn/extremes'
import { absolute, extremeShared } from '../nn/piecewise'
import { productOf } from '../nn/product'
import { ArgumentError, ShapeError } from '../util/errors'
import { flag, integer, integers, number, only } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { assertBroadcastable, assertMatMul } from '../util/shapeChecks'
import { printShape } from '../util/shapes'
import { toArray } from './arrays'
import { axesOf, axisOf } from './axes'
import { dtype, tensor } from './kinds'
import { toTensorOf as t } from './tensorLike'

export { concatenate, expandDims, reshape, stack, transpose } from './shapingOps'

function unary(name: string, op: (x: tf.Tensor) => tf.Tensor) {
  const list = parameters(`ops.${name}`, { x: tensor })
  return (...given: Given<typeof list.table>): tf.Tensor => op(t(list.read(given).x))
}

/** Also of whole numbers, which have no such function in tfjs. */
function ofFloats(name: string, op: (x: tf.Tensor) => tf.Tensor) {
  return unary(name, (x) => op(asFloats(x)))
}

function asFloats(x: tf.Tensor): tf.Tensor {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32')
}

function binary(name: string, op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) {
  const list = parameters(`ops.${name}`, { x1: tensor, x2: tensor })
  return (...given: Given<typeof list.table>): tf.Tensor => {
    const { x1, x2 } = list.read(given)
    const [a, b] = [t(x1), t(x2)]
    assertBroadcastable(list.where, a.shape, b.shape)
    return op(a, b)
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

/** x1 + x2 */
export const add = binary('add', tf.add)
/** x1 − x2 */
export const subtract = binary('subtract', tf.sub)
/** x1 · x2, value by value */
export const multiply = binary('multiply', tf.mul)
/** x1 / x2 */
export const divide = binary('divide', (a, b) => tf.div(asFloats(a), asFloats(b)))
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

const matmulParameters = parameters('ops.matmul', { x1: tensor, x2: tensor })

/** The product of two matrices, of batches of them, which may broadcast, or of vectors. */
export function matmul(...given: Given<typeof matmulParameters.table>): tf.Tensor {
  const { x1, x2 } = matmulParameters.read(given)
  const [a, b] = [t(x1), t(x2)]
  assertMatMul('ops.matmul', a.shape, b.shape)
  const product = productOf(a.rank === 1 ? tf.expandDims(a, 0) : a, b.rank === 1 ? tf.expandDims(b, 1) : b)
  const axes = [...(a.rank === 1 ? [-2] : []), ...(b.rank === 1 ? [-1] : [])]
  return axes.length === 0 ? product : tf.squeeze(product, axes.map((axis) => axis + product.rank)) // prettier-ignore
}

/** |x| */
export const abs = unary('abs', absolute)
/** eˣ */
export const exp = ofFloats('exp', tf.exp)
/** The natural logarithm. */
export const log = ofFloats('log', tf.log)
/** −x */
export const negative = unary('negative', tf.neg)
/** √x */
export const sqrt = ofFloats('sqrt', tf.sqrt)
/** x² */
export const square = unary('square', tf.square)
/** The sine. */
export const sin = ofFloats('sin', tf.sin)
/** The cosine. */
export const cos = ofFloats('cos', tf.cos)
/** The hyperbolic tangent. */
export const tanh = ofFloats('tanh', tf.tanh)
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = ofFloats('sigmoid', tf.sigmoid)
/** max(x, 0) */
export const relu = unary('relu', tf.relu)

/** The sum over axes. */
export const sum = reducing('sum', tf.sum)
/** The mean over axes. */
export const mean = reducing('mean', (x, axes, keepDims) => {
  // Of no values it is not a number.
  return x.size > 0 ? tf.mean(x, axes, keepDims) : tf.div(tf.sum(x, axes, keepDims), 0)
})
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
  if (others.length === 0) return alongLast(asFloats(values), first, tf.softmax)
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
    const position = positionOf('max', tf.reshape(values, [-1]))
    return keepdims ? tf.reshape(position, values.shape.map(() => 1)) : position // prettier-ignore
  }
  const at = axisOf('ops.argmax', axis, values.rank)
  const positions = positionOf('max', values, at)
  return keepdims ? tf.expandDims(positions, at) : positions
}

const clipParameters = parameters('ops.clip', { x: tensor, xMin: number, xMax: number })

/** Values held between two bounds. */
export function clip(...given: Given<typeof clipParameters.table>): tf.Tensor {
  const { x, xMin, xMax } = clipParameters.read(given)
  if (xMin <= xMax) return tf.clipByValue(t(x), xMin, xMax)
  throw new ArgumentError(
    `ops.clip: expected xMin of at most xMax, got ${xMin} and ${xMax}. Write the smaller one first.`,
  )
}

const whereParameters = parameters('ops.where', { condition: tensor, x1: tensor, x2: tensor })

/** `x1` where the condition holds, `x2` elsewhere. */
export function where(...given: Given<typeof whereParameters.table>): tf.Tensor {
  const { condition, x1, x2 } = whereParameters.read(given)
  const [holds, a, b] = [t(condition), t(x1), t(x2)]
  assertBroadcastable('ops.where', a.shape, b.shape)
  for (const { shape } of [a, b]) assertBroadcastable('ops.where', holds.shape, shape)
  return tf.where(tf.cast(holds, 'bool'), a, b)
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
  const x = t(itemParameters.read(given).x)
  if (x.size === 1) return at(await readBack(x), 0)
  throw new ShapeError(
    `ops.item: expected a tensor of one value, got ${printShape(x.shape)}. Write await ops.convertToNumpy(x) for all values.`,
  )
}
