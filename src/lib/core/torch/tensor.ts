/** The PyTorch-style tensor: a tfjs tensor with `requiresGrad`, `grad` and methods. Images are [n, c, h, w]. */
import { tf } from '../eager/tfjs'
import { normOf, rootOfSquares } from '../nn/piecewise'
import { unstack } from '../nn/unstack'
import { ArgumentError, ShapeError } from '../util/errors'
import { isSameShape, printShape, sizeOf, type Shape } from '../util/shapes'
import { execute, isGradEnabled } from './autograd'
import {
  assertBroadcastable,
  assertMatMul,
  axesOf,
  axisOf,
  expandedShape,
  partSizes,
  resolveShape,
  sizesOf,
} from './axes'
import { alongLast, extreme, logSumExp, picked, productOf, type Extreme } from './kernels'
import { byNameOrPosition } from './options'
import { asFloats } from './promotion'
import { ElementwiseTensor } from './tensorElementwise'
import { makeIndexable } from './tensorIndex'
import type { TensorKind } from './tensorBase'

export type { ClampOptions, DivOptions, Operand } from './tensorElementwise'
export type { RemovableHandle, TensorHook } from './tensorBase'

export interface ReduceOptions {
  /** Which dim to reduce, where it is not given by position; all when left out. */
  readonly dim?: number | readonly number[]
  /** Keep the reduced axis with size 1. */
  readonly keepdim?: boolean
}

export interface SpreadOptions extends ReduceOptions {
  /** Divide by n − 1 (true when left out) instead of by n. */
  readonly unbiased?: boolean
}

export interface TopkOptions {
  readonly dim?: number
  /** The largest, when left out, or the smallest. */
  readonly largest?: boolean
}

export interface SortOptions {
  readonly dim?: number
  readonly descending?: boolean
}

export interface CloseOptions {
  readonly rtol?: number
  readonly atol?: number
}

/** One dim, several dims, or the options that may name them. */
export type Dims = number | readonly number[]

/** The largest or smallest values along a dim and where they are: `const [values, indices] = x.max(1)`. */
export class ValuesAndIndices implements Iterable<Tensor> {
  constructor(
    readonly values: Tensor,
    /** int32 */
    readonly indices: Tensor,
  ) {}

  *[Symbol.iterator](): IterableIterator<Tensor> {
    yield this.values
    yield this.indices
  }
}

type Unary = (x: tf.Tensor) => tf.Tensor
type Reduction = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor

export class Tensor extends ElementwiseTensor {
  /** The row at a position: x[0], x[-1]. */
  readonly [position: number]: Tensor

  protected wrap(value: tf.Tensor, kind?: TensorKind): Tensor {
    return new Tensor(value, kind)
  }

  /** The values as they are now, cut off from the graph; shares their memory. */
  detach(): Tensor {
    const detached = new Tensor(tf.clone(this.value))
    detached.flattenedFrom = this.flattenedFrom
    return detached
  }

  softmax(dim: number | { readonly dim: number }): Tensor {
    const axis = this.#axis('softmax', byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
    return this.mapped((x) => alongLast(asFloats(x), axis, tf.softmax))
  }

  logSoftmax(dim: number | { readonly dim: number }): Tensor {
    const axis = this.#axis('logSoftmax', byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
    return this.mapped((x) => alongLast(x, axis, tf.logSoftmax))
  }

  /** log Σ exp(x), without overflow. */
  logsumexp(dim: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#reduce('logsumexp', dim, options, logSumExp)
  }

  /** Whether all values are true, or all along `dim`. */
  all(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    const { axes, keepdim } = this.#reduction('all', dim, options)
    return new Tensor(tf.tidy(() => tf.all(tf.cast(this.value, 'bool'), axes, keepdim)))
  }

  /** Whether any value is true, or any along `dim`. */
  any(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    const { axes, keepdim } = this.#reduction('any', dim, options)
    return new Tensor(tf.tidy(() => tf.any(tf.cast(this.value, 'bool'), axes, keepdim)))
  }

  /** Sum of all elements, or along `dim`. */
  sum(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#reduce('sum', dim, options, tf.sum)
  }

  /** Mean of all elements, or along `dim`. */
  mean(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#reduce('mean', dim, options, tf.mean)
  }

  /** Variance of all elements, or along `dim`; divided by n − 1 unless `unbiased` is false. */
  var(dim?: Dims | SpreadOptions, options?: SpreadOptions): Tensor {
    return this.#spread('var', dim, options, (variance) => variance)
  }

  /** Standard deviation of all elements, or along `dim`; with n − 1 unless `unbiased` is false. */
  std(dim?: Dims | SpreadOptions, options?: SpreadOptions): Tensor {
    return this.#spread('std', dim, options, rootOfSquares)
  }

  /** (Σ |x|ᵖ)^(1/p) of all elements, or along `dim`; p = 2 when left out, Infinity for the largest. */
  norm(p: number | ReduceOptions = 2, options: ReduceOptions = {}): Tensor {
    const named = typeof p === 'number' ? options : p
    const power = typeof p === 'number' ? p : 2
    return this.#reduce('norm', undefined, named, (x, axes, keepDims) =>
      normOf(asFloats(x), power, { axes, keepDims }),
    )
  }

  /** Largest of all elements; with `dim` the largest along it, and where they are; with a tensor the larger of both. */
  max(other?: Tensor): Tensor
  max(dim: number | (ReduceOptions & { readonly dim: number }), options?: ReduceOptions): ValuesAndIndices
  max(dim?: Tensor | Dims | ReduceOptions, options?: ReduceOptions): Tensor | ValuesAndIndices {
    return this.#extreme('max', dim, options)
  }

  /** Smallest of all elements; with `dim` the smallest along it, and where they are; with a tensor the smaller of both. */
  min(other?: Tensor): Tensor
  min(dim: number | (ReduceOptions & { readonly dim: number }), options?: ReduceOptions): ValuesAndIndices
  min(dim?: Tensor | Dims | ReduceOptions, options?: ReduceOptions): Tensor | ValuesAndIndices {
    return this.#extreme('min', dim, options)
  }

  /** Position of the largest element along `dim`, or in the flattened tensor; int32. */
  argmax(dim?: number | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#position('argmax', dim, options, tf.argMax)
  }

  /** Position of the smallest element along `dim`, or in the flattened tensor; int32. */
  argmin(dim?: number | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#position('argmin', dim, options, tf.argMin)
  }

  /** Sums of the elements so far, along `dim`. */
  cumsum(dim: number | { readonly dim: number }): Tensor {
    const axis = this.#axis('cumsum', byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
    // tfjs' own gradient is wrong along another axis than the last.
    return this.mapped((x) => alongLast(x, axis, (last) => tf.cumsum(last, last.rank - 1)))
  }

  /** Product of matrices [..., n, k] and [..., k, m]; a vector counts as a row on the left, as a column on the right. */
  matmul(other: Tensor): Tensor {
    assertMatMul(this.shape, other.shape)
    if (this.shape.length === 1)
      return this.unsqueeze(0)
        .matmul(other)
        .squeeze(other.ndim === 1 ? 0 : -2)
    if (other.shape.length === 1) return this.matmul(other.unsqueeze(1)).squeeze(-1)
    return result([this, other], () => productOf(this.value, other.value))
  }

  /** Product of two matrices. */
  mm(other: Tensor): Tensor {
    this.#assertRanks('mm', other, 2)
    return this.matmul(other)
  }

  /** Product of two batches of matrices. */
  bmm(other: Tensor): Tensor {
    this.#assertRanks('bmm', other, 3)
    return this.matmul(other)
  }

  /** The same values in another shape; one size may be −1. */
  reshape(...shape: (number | Shape)[]): Tensor {
    return this.#reshape(resolveShape('reshape', sizesOf(shape), this.numel()))
  }

  view(...shape: (number | Shape)[]): Tensor {
    return this.#reshape(resolveShape('view', sizesOf(shape), this.numel()))
  }

  /** Joins the axes from `startDim` to `endDim`: [n, c, h, w] with 1 becomes [n, c·h·w]. */
  flatten(startDim = 0, endDim = -1): Tensor {
    if (this.shape.length === 0) return this.#reshape([1])
    const first = this.#axis('flatten', startDim)
    const behind = this.#axis('flatten', endDim) + 1
    const { shape } = this
    const flat = this.#reshape([
      ...shape.slice(0, first),
      sizeOf(shape.slice(first, behind)),
      ...shape.slice(behind),
    ])
    const [, channels = 1, height = 1, width = 1] = shape
    if (shape.length === 4 && first === 1 && behind === 4) flat.flattenedFrom = [height, width, channels]
    return flat
  }

  /** Without the axes of size 1, or without the one at `dim` if its size is 1. */
  squeeze(dim?: number): Tensor {
    const axis = dim === undefined ? undefined : this.#axis('squeeze', dim)
    return this.#reshape(this.shape.filter((size, i) => size !== 1 || (axis !== undefined && i !== axis)))
  }

  unsqueeze(dim: number): Tensor {
    const axis = axisOf('unsqueeze', dim, this.shape.length + 1)
    return this.#reshape([...this.shape.slice(0, axis), 1, ...this.shape.slice(axis)])
  }

  /** Axis i of the result is axis `dims[i]` of this tensor. */
  permute(...dims: (number | Shape)[]): Tensor {
    const given = sizesOf(dims)
    const axes = given.map((dim) => this.#axis('permute', dim))
    if (axes.length !== this.shape.length || new Set(axes).size !== axes.length) {
      throw new ArgumentError(
        `permute: expected each of the ${this.shape.length} dims once, got ${printShape(given)}. ` +
          'List every dim in its new order.',
      )
    }
    return result([this], () => tf.transpose(this.value, axes))
  }

  transpose(dim0: number, dim1: number): Tensor {
    const axes = this.shape.map((_, axis) => axis)
    const first = this.#axis('transpose', dim0)
    const second = this.#axis('transpose', dim1)
    axes[first] = second
    axes[second] = first
    return this.permute(...axes)
  }

  /** A matrix with rows and columns exchanged; a vector as it is. */
  t(): Tensor {
    if (this.shape.length < 2) return this
    this.#assertRanks('t', this, 2)
    return this.transpose(0, 1)
  }

  /** With axes of size 1 stretched to `sizes`; −1 keeps a size. */
  expand(...sizes: (number | Shape)[]): Tensor {
    const shape = expandedShape(this.shape, sizesOf(sizes))
    return result([this], () => tf.broadcastTo(this.value, shape))
  }

  /** Beside itself as often as `repeats` says, axis by axis. */
  repeat(...repeats: (number | Shape)[]): Tensor {
    const counts = sizesOf(repeats)
    const added = counts.length - this.shape.length
    if (added < 0) {
      throw new ArgumentError(
        `repeat: expected a count for each of the ${this.shape.length} dims, got ${printShape(counts)}. Pass 1 to keep one.`,
      )
    }
    const shape = [...new Array<number>(added).fill(1), ...this.shape]
    return result([this], () => tf.tile(tf.reshape(this.value, shape), counts))
  }

  /** The part at `index` along `dim`, which goes away: x[index] for dim 0. */
  select(dim: number, index: number): Tensor {
    const axis = this.#axis('select', dim)
    const length = this.shape[axis] ?? 0
    return this.narrow(axis, index < 0 ? index + length : index, 1).squeeze(axis)
  }

  /** `length` entries along `dim` from `start` on: x[start:start + length] for dim 0. */
  narrow(dim: number, start: number, length: number): Tensor {
    const axis = this.#axis('narrow', dim)
    const size = this.shape[axis] ?? 0
    if (
      !Number.isInteger(start) ||
      !Number.isInteger(length) ||
      start < 0 ||
      length < 0 ||
      start + length > size
    ) {
      throw new ArgumentError(
        `narrow: expected a range within the ${size} entries of dim ${dim}, got ${length} from ${start} on. ` +
          'Count from 0.',
      )
    }
    const begin = this.shape.map((_, i) => (i === axis ? start : 0))
    const sizes = this.shape.map((whole, i) => (i === axis ? length : whole))
    return result([this], () => tf.slice(this.value, begin, sizes))
  }

  /** The parts along `dim`, which goes away. */
  unbind(dim = 0): Tensor[] {
    const axis = this.#axis('unbind', dim)
    return results([this], () => unstack(this.value, axis))
  }

  /** Parts of `size` along `dim`, the last one smaller; or parts of the listed sizes. */
  split(size: number | readonly number[], dim: number | { readonly dim: number } = 0): Tensor[] {
    const axis = this.#axis('split', byNameOrPosition<'dim', number>(dim, 'dim') ?? 0)
    const sizes = partSizes('split', size, this.shape[axis] ?? 0)
    return results([this], () => tf.split(this.value, sizes, axis))
  }

  /** `count` parts of equal size along `dim`, the last one smaller. */
  chunk(count: number, dim: number | { readonly dim: number } = 0): Tensor[] {
    const axis = this.#axis('chunk', byNameOrPosition<'dim', number>(dim, 'dim') ?? 0)
    return this.split(Math.ceil((this.shape[axis] ?? 0) / count), axis)
  }

  /** The entries along `dim` at the positions in `index`. */
  indexSelect(dim: number, index: Tensor): Tensor {
    const axis = this.#axis('indexSelect', dim)
    return result([this], () => tf.gather(this.value, tf.cast(index.value, 'int32'), axis))
  }

  /** out[i][j] = x[i][index[i][j]] for dim 1, and likewise for others; `index` has the sizes of x along all other dims. */
  gather(dim: number, index: Tensor): Tensor {
    const axis = this.#axis('gather', dim)
    const others = (shape: Shape) => shape.filter((_, i) => i !== axis)
    if (index.ndim !== this.ndim || !isSameShape(others(index.shape), others(this.shape))) {
      throw new ShapeError(
        `gather: expected an index of shape ${printShape(this.shape)} but for dim ${dim}, got ${printShape(index.shape)}. ` +
          'Add the missing dims to the index with .unsqueeze().',
      )
    }
    return result([this], () => picked(this.value, tf.cast(index.value, 'int32'), axis))
  }

  /** The other way round along the listed dims. */
  flip(...dims: (number | Shape)[]): Tensor {
    const axes = axesOf('flip', sizesOf(dims), this.shape.length)
    return result([this], () => tf.reverse(this.value, axes))
  }

  /** Splits the axis `dim` into several; one size may be −1. */
  unflatten(dim: number, sizes: Shape): Tensor {
    const axis = this.#axis('unflatten', dim)
    const { shape } = this
    const split = resolveShape('unflatten', [...sizes], shape[axis] ?? 1)
    return this.#reshape([...shape.slice(0, axis), ...split, ...shape.slice(axis + 1)])
  }

  /** In the shape of another tensor. */
  viewAs(other: Tensor): Tensor {
    return this.view(other.shape)
  }

  /** Stretched to the shape of another tensor. */
  expandAs(other: Tensor): Tensor {
    return this.expand(other.shape)
  }

  /** The same tensor: all are contiguous. */
  contiguous(): this {
    return this
  }

  /** A matrix with rows and columns exchanged: `x.T`. */
  get T(): Tensor {
    return this.t()
  }

  /** The last two axes exchanged: `x.mT`. */
  get mT(): Tensor {
    return this.transpose(-2, -1)
  }

  /** The entries on and below a diagonal of the last two axes, zeros above; `diagonal` 0 is the main one. */
  tril(diagonal = 0): Tensor {
    return this.#triangle('tril', (row, column) => column - row <= diagonal)
  }

  /** The entries on and above a diagonal of the last two axes, zeros below. */
  triu(diagonal = 0): Tensor {
    return this.#triangle('triu', (row, column) => column - row >= diagonal)
  }

  /** Shifted along `dim`; what leaves at the end comes in at the beginning. Without dim in the flattened tensor. */
  roll(shift: number, dim?: number): Tensor {
    if (dim === undefined) return this.flatten().roll(shift, 0).reshape(this.shape)
    const axis = this.#axis('roll', dim)
    const length = this.shape[axis] ?? 0
    const cut = length === 0 ? 0 : ((-shift % length) + length) % length
    return result([this], () => {
      const [front, back] = tf.split(this.value, [cut, length - cut], axis) as [tf.Tensor, tf.Tensor]
      return tf.concat([back, front], axis)
    })
  }

  /** Product of two vectors. */
  dot(other: Tensor): Tensor {
    this.#assertRanks('dot', other, 1)
    if (this.numel() !== other.numel()) {
      throw new ShapeError(
        `dot: expected vectors of one length, got ${printShape(this.shape)} and ${printShape(other.shape)}. ` +
          'Take the same number of entries of both.',
      )
    }
    return this.mul(other).sum()
  }

  /** All products of two vectors, [n, m]. */
  outer(other: Tensor): Tensor {
    this.#assertRanks('outer', other, 1)
    return this.unsqueeze(1).mul(other)
  }

  /** Product of a matrix and a vector. */
  mv(vector: Tensor): Tensor {
    return this.matmul(vector)
  }

  /** Product of all elements, or along `dim`. */
  prod(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#reduce('prod', dim, options, productAlong)
  }

  /** The `k` largest values along `dim` (the last), or the smallest, in order, and where they are. */
  topk(k: number, dim: number | TopkOptions = {}, largest = true): ValuesAndIndices {
    const named = typeof dim === 'number' ? { dim, largest } : dim
    const axis = this.#axis('topk', named.dim ?? -1)
    const size = this.shape[axis] ?? 0
    if (!Number.isInteger(k) || k < 1 || k > size) {
      throw new ArgumentError(
        `topk: expected k from 1 to ${size}, got ${k}. Take fewer than dim ${axis} has.`,
      )
    }
    const ordered = (named.largest ?? true) ? this.value : tf.neg(this.value)
    const indices = new Tensor(tf.tidy(() => alongLast(ordered, axis, (x) => tf.topk(x, k).indices)))
    return new ValuesAndIndices(this.gather(axis, indices), indices)
  }

  /** In rising order along `dim` (the last), and where each value was; the other way round with `descending`. */
  sort(dim: number | SortOptions = {}, descending = false): ValuesAndIndices {
    const named = typeof dim === 'number' ? { dim, descending } : dim
    const axis = this.#axis('sort', named.dim ?? -1)
    return this.topk(this.shape[axis] ?? 1, { dim: axis, largest: named.descending ?? false })
  }

  /** Where the values in rising order along `dim` (the last) are, int32. */
  argsort(dim: number | SortOptions = {}, descending = false): Tensor {
    return this.sort(dim, descending).indices
  }

  /** Whether all values agree within atol + rtol·|other|; reads back: await it. */
  allclose(other: Tensor, options: CloseOptions = {}): Promise<boolean> {
    return isTrue(this.isclose(other, options).all())
  }

  /** Whether each value agrees within atol + rtol·|other|. */
  isclose(other: Tensor, { rtol = 1e-5, atol = 1e-8 }: CloseOptions = {}): Tensor {
    assertBroadcastable('isclose', this.shape, other.shape)
    const isNear = this.sub(other).abs().le(other.abs().mul(rtol).add(atol))
    // Infinities are close to themselves only: ∞ − ∞ is no number, and everything is within rtol·∞.
    return this.eq(other).logicalOr(isNear.logicalAnd(other.isfinite()))
  }

  /** Whether shape and all values are the same; reads back: await it. */
  async equal(other: Tensor): Promise<boolean> {
    return isSameShape(this.shape, other.shape) && isTrue(this.eq(other).all())
  }

  /** The rows: `for (const row of x)`, `const [a, b] = x`. */
  [Symbol.iterator](): Iterator<Tensor> {
    if (this.ndim > 0) return this.unbind(0)[Symbol.iterator]()
    throw new ArgumentError('tensor: expected rows to go through, got a scalar. Write await x.item().')
  }

  #axis(where: string, dim: number): number {
    return axisOf(where, dim, this.shape.length)
  }

  #assertRanks(where: string, other: Tensor, rank: number): void {
    if (this.ndim === rank && other.ndim === rank) return
    throw new ShapeError(
      `${where}: expected tensors of ${rank} dimensions, got ${printShape(this.shape)} and ${printShape(other.shape)}. ` +
        'Use .matmul() for others.',
    )
  }

  /** Which axes a reduction takes, from its dims by position or by name; undefined for all. */
  #reduction(where: string, dim: Dims | ReduceOptions | undefined, options: ReduceOptions = {}) {
    const isNamed = typeof dim === 'object' && !Array.isArray(dim)
    const named = isNamed ? (dim as ReduceOptions) : options
    const dims = isNamed ? named.dim : ((dim as Dims | undefined) ?? options.dim)
    const axes = dims === undefined ? undefined : axesOf(where, dims, this.shape.length)
    return { axes, keepdim: named.keepdim ?? false }
  }

  #reduce(
    where: string,
    dim: Dims | ReduceOptions | undefined,
    options: ReduceOptions | undefined,
    compute: Reduction,
  ): Tensor {
    const { axes, keepdim } = this.#reduction(where, dim, options)
    return result([this], () => compute(this.value, axes, keepdim))
  }

  #spread(
    where: string,
    dim: Dims | SpreadOptions | undefined,
    options: SpreadOptions | undefined,
    finish: Unary,
  ): Tensor {
    const isNamed = typeof dim === 'object' && !Array.isArray(dim)
    const { unbiased = true } = (isNamed ? (dim as SpreadOptions) : options) ?? {}
    return this.#reduce(where, dim, options, (x, axes, keep) => {
      const centred = tf.sub(x, tf.mean(x, axes, true))
      const squares = tf.sum(tf.square(centred), axes, keep)
      const count = x.size / Math.max(1, squares.size)
      return finish(tf.div(squares, unbiased ? count - 1 : count))
    })
  }

  #extreme(
    which: Extreme,
    dim: Tensor | Dims | ReduceOptions | undefined,
    options: ReduceOptions | undefined,
  ): Tensor | ValuesAndIndices {
    if (dim instanceof Tensor) return which === 'max' ? this.maximum(dim) : this.minimum(dim)
    const { axes, keepdim } = this.#reduction(which, dim, options)
    const [axis] = axes ?? []
    const values = result([this], () => extreme(which, this.value, axis, keepdim))
    if (axis === undefined) return values
    const indices = which === 'max' ? this.argmax(axis, { keepdim }) : this.argmin(axis, { keepdim })
    return new ValuesAndIndices(values, indices)
  }

  #position(
    where: string,
    dim: number | ReduceOptions | undefined,
    options: ReduceOptions | undefined,
    compute: (x: tf.Tensor, axis?: number) => tf.Tensor,
  ): Tensor {
    const { axes, keepdim } = this.#reduction(where, dim, options)
    const [axis] = axes ?? []
    return new Tensor(
      tf.tidy(() => {
        if (axis === undefined) return compute(tf.reshape(this.value, [-1]))
        const positions = compute(this.value, axis)
        return keepdim ? tf.expandDims(positions, axis) : positions
      }),
    )
  }

  #triangle(where: string, isKept: (row: number, column: number) => boolean): Tensor {
    return this.mapped((x) => tf.where(triangle(where, this.shape, isKept), x, tf.zerosLike(x)))
  }

  #reshape(shape: number[]): Tensor {
    return result([this], () => tf.reshape(this.value, shape))
  }
}

makeIndexable(Object.getPrototypeOf(ElementwiseTensor.prototype) as object)

/** [rows, columns], true where `isKept`, for the last two axes of a shape. */
function triangle(where: string, shape: Shape, isKept: (row: number, column: number) => boolean): tf.Tensor {
  const [rows = 1, columns = 1] = shape.slice(-2)
  if (shape.length < 2) {
    throw new ShapeError(
      `${where}: expected a matrix, got shape ${printShape(shape)}. Add an axis with .unsqueeze(0).`,
    )
  }
  const values = Uint8Array.from({ length: rows * columns }, (_, index) =>
    isKept(Math.floor(index / columns), index % columns) ? 1 : 0,
  )
  return tf.tensor(values, [rows, columns], 'bool')
}

async function isTrue(tensor: Tensor): Promise<boolean> {
  return (await tensor.item()) === 1
}

/** Factor by factor, whose gradients hold also where one is 0. */
function productAlong(x: tf.Tensor, axes?: number[], keepDims?: boolean): tf.Tensor {
  const all = axes ?? x.shape.map((_, axis) => axis)
  const product = all
    .toSorted((a, b) => b - a)
    .reduce((rest, axis) => {
      return unstack(rest, axis).reduce((left, right) => tf.mul(left, right))
    }, x)
  return keepDims
    ? tf.reshape(
        product,
        x.shape.map((size, axis) => (all.includes(axis) ? 1 : size)),
      )
    : product
}

/** A tensor computed from `inputs`: recorded when any of them requires grad and grad is enabled. */
export function result(inputs: readonly Tensor[], compute: () => tf.Tensor): Tensor {
  const isRecorded = isGradEnabled() && inputs.some((input) => input.requiresGrad)
  return new Tensor(execute(isRecorded, compute), isRecorded ? 'result' : 'constant')
}

/** Several tensors computed from `inputs` in one go. */
export function results(inputs: readonly Tensor[], compute: () => tf.Tensor[]): Tensor[] {
  const isRecorded = isGradEnabled() && inputs.some((input) => input.requiresGrad)
  return execute(isRecorded, compute).map((value) => new Tensor(value, isRecorded ? 'result' : 'constant'))
}
