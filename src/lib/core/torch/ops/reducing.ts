/** What brings many elements to one, of the whole tensor or along dims. */
import { tf } from '../../eager/tfjs'
import { normOf, rootOfSquares } from '../../nn/piecewise'
import { unstack } from '../../nn/unstack'
import { ArgumentError } from '../../util/errors'
import { flag, number, taking } from '../../util/kinds'
import { axesOf, axisOf } from '../axes'
import { alongLast, logSumExp } from '../kernels'
import { dim, dims, dtype, type DType } from '../kinds'
import { asFloats, asNumbers } from '../promotion'
import { constant, mapped, result, type Unary } from '../result'
import type { Tensor } from '../tensorBase'
import { tensorOp, type TensorOp } from '../tensorOp'

type Reduction = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor

const keepdim = flag.or(false).also('keepdims')

const reduced = {
  /** The dims that go away; all when left out. */
  dim: dims.or(null),
  /** Keep them with size 1. */
  keepdim,
}

const typed = {
  ...reduced,
  /** The type to compute in. */
  dtype: dtype.named.or(null),
}

interface Reduced {
  readonly dim: number | readonly number[] | null
  readonly keepdim: boolean
  readonly dtype?: DType | null
}

const reducing = (name: string, compute: Reduction): TensorOp<typeof typed, Tensor> =>
  tensorOp(name, typed, (input, values) => reduce(name, input, values, compute))

/** Sum of all elements, or along `dim`. */
export const sum = reducing('sum', tf.sum)

/** Mean of all elements, or along `dim`. */
export const mean = reducing('mean', (x, axes, keep) => {
  const value = tf.mean(x, axes, keep)
  return x.size === 0 ? tf.fill(value.shape, NaN) : value
})

/** Product of all elements, or along `dim`. */
export const prod = tensorOp(
  'prod',
  { dim: dim.or(null), keepdim, dtype: dtype.named.or(null) },
  (input, values): Tensor =>
    reduce('prod', input, values, (x, axes, keep) => productAlong(asNumbers(x), axes, keep)),
)

/** log Σ exp(x), without overflow. */
export const logsumexp = tensorOp('logsumexp', { dim: dims, keepdim }, (input, values): Tensor =>
  reduce('logsumexp', input, values, (x, axes, keep) => logSumExp(asFloats(x), axes, keep)),
)

/** (Σ |x|ᵖ)^(1/p) of all elements, or along `dim`. */
export const norm = tensorOp(
  'norm',
  {
    /** The power; Infinity for the largest. 'fro' is 2. */
    p: taking<number | 'fro'>(
      "a number or 'fro'",
      (value) => typeof value === 'number' || value === 'fro',
    ).or('fro'),
    ...typed,
    dtype: dtype.or(null),
  },
  (input, { p, ...values }): Tensor =>
    reduce('norm', input, values, (x, axes, keepDims) =>
      normOf(asFloats(x), p === 'fro' ? 2 : p, { axes, keepDims }),
    ),
)

const spread = {
  /** The dims that go away; all when left out. True or false here is `unbiased`, as in PyTorch. */
  dim: taking<number | readonly number[] | boolean>(
    'a whole number or a list of them',
    (value) => typeof value === 'boolean' || dims.facts.kind.accepts(value),
  )
    .or(null)
    .also('axis'),
  /** Divide by n − 1 instead of by n: another way to say `correction`. */
  unbiased: flag.or(null),
  keepdim,
  /** What is taken from n in the divisor. */
  correction: number.named.or(null),
}

interface Spread {
  readonly dim: number | readonly number[] | boolean | null
  readonly unbiased: boolean | null
  readonly keepdim: boolean
  readonly correction: number | null
}

const spreading = (name: string, finish: Unary): TensorOp<typeof spread, Tensor> =>
  tensorOp(name, spread, (input, values) => spreadOf(name, input, values, finish))

/** Variance of all elements, or along `dim`; divided by n − 1 unless told otherwise. */
const variance = spreading('var', (x) => x)
// A word of the language, which only an export may be called.
export { variance as var }

/** Standard deviation of all elements, or along `dim`; with n − 1 unless told otherwise. */
export const std = spreading('std', rootOfSquares)

const logically = (name: 'all' | 'any', compute: Reduction): TensorOp<typeof reduced, Tensor> =>
  tensorOp(name, reduced, (input, { dim: given, keepdim: keep }) => {
    const axes = given === null ? undefined : axesOf(name, given, input.ndim)
    return constant(() => compute(tf.cast(input.value, 'bool'), axes, keep))
  })

/** Whether all values are true, or all along `dim`. */
export const all = logically('all', tf.all)

/** Whether any value is true, or any along `dim`. */
export const any = logically('any', tf.any)

const along = {
  dim,
  /** The type to compute in. */
  dtype: dtype.or(null),
}

/** eˣ / Σ eˣ along `dim`. */
export const softmax = tensorOp('softmax', along, (input, values): Tensor =>
  alongDim('softmax', input, values, tf.softmax),
)

/** log softmax(x) along `dim`. */
export const logSoftmax = tensorOp('logSoftmax', along, (input, values): Tensor =>
  alongDim('logSoftmax', input, values, tf.logSoftmax),
)

/** Sums of the elements so far, along `dim`. */
export const cumsum = tensorOp(
  'cumsum',
  { dim, dtype: dtype.named.or(null) },
  (input, { dim: given, dtype: type }): Tensor => {
    const axis = axisOf('cumsum', given, input.ndim)
    // tfjs' own gradient is wrong along another axis than the last.
    return mapped(input, (x) => alongLast(inType(x, type), axis, (last) => tf.cumsum(last, last.rank - 1)))
  },
)

function reduce(where: string, input: Tensor, values: Reduced, compute: Reduction): Tensor {
  const axes = reducedAxes(where, values.dim, input.ndim)
  return result([input], () => compute(inType(input.value, values.dtype), axes, values.keepdim))
}

/** Undefined for all: of an empty list too, as in PyTorch. A scalar counts as a vector of one. */
function reducedAxes(where: string, given: Reduced['dim'], rank: number): number[] | undefined {
  if (given === null || (Array.isArray(given) && given.length === 0)) return undefined
  const axes = axesOf(where, given, Math.max(1, rank))
  return rank === 0 ? undefined : axes
}

/** Factor by factor; 1 where there is none. */
function productOver(x: tf.Tensor, axis: number): tf.Tensor {
  const [first, ...others] = unstack(x, axis)
  return first
    ? others.reduce((left, right) => tf.mul(left, right), first)
    : tf.ones(x.shape.toSpliced(axis, 1), x.dtype)
}

function inType(x: tf.Tensor, type: DType | null | undefined): tf.Tensor {
  return type === null || type === undefined || type === x.dtype ? x : tf.cast(x, type)
}

function alongDim(
  where: string,
  input: Tensor,
  values: { readonly dim: number; readonly dtype: DType | null },
  compute: Unary,
): Tensor {
  const axis = axisOf(where, values.dim, input.ndim)
  return mapped(input, (x) => alongLast(inType(asFloats(x), values.dtype), axis, compute))
}

function spreadOf(where: string, input: Tensor, values: Spread, finish: Unary): Tensor {
  const isFlag = typeof values.dim === 'boolean'
  const unbiased = isFlag ? values.dim : values.unbiased
  if (unbiased !== null && values.correction !== null) {
    throw new ArgumentError(
      `${where}: expected unbiased or correction, got both. Write { correction: 0 } to divide by n.`,
    )
  }
  const correction = values.correction ?? (unbiased === false ? 0 : 1)
  const given = { dim: isFlag ? null : values.dim, keepdim: values.keepdim } as Reduced
  return reduce(where, input, given, (x, axes, keep) => {
    const centred = tf.sub(x, tf.mean(x, axes, true))
    const squares = tf.sum(tf.square(centred), axes, keep)
    const count = x.size / Math.max(1, squares.size)
    return finish(tf.div(squares, Math.max(0, count - correction)))
  })
}

/** Factor by factor, whose gradients hold also where one is 0. */
function productAlong(x: tf.Tensor, axes?: number[], keepDims?: boolean): tf.Tensor {
  const reducedAxes = axes ?? x.shape.map((_, axis) => axis)
  const product = reducedAxes.toSorted((a, b) => b - a).reduce((rest, axis) => productOver(rest, axis), x)
  return keepDims
    ? tf.reshape(
        product,
        x.shape.map((size, axis) => (reducedAxes.includes(axis) ? 1 : size)),
      )
    : product
}
