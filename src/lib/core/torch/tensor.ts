/** The PyTorch-style tensor: a tfjs tensor with `requiresGrad`, `grad` and methods. Images are [n, c, h, w]. */
import { tf } from '../eager/tfjs'
import { gelu } from '../nn/activations'
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
import {
  absolute,
  alongLast,
  extreme,
  logSumExp,
  maximumOf,
  picked,
  productOf,
  type Extreme,
} from './kernels'
import { byNameOrPosition } from './options'
import { TensorBase } from './tensorBase'

export type { RemovableHandle, TensorHook } from './tensorBase'

/** What arithmetic methods accept. */
export type Operand = Tensor | number

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

export interface ClampOptions {
  readonly min?: number
  readonly max?: number
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
type Binary = (a: tf.Tensor, b: tf.Tensor | number) => tf.Tensor
type Reduction = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor

export class Tensor extends TensorBase {
  protected wrap(value: tf.Tensor): Tensor {
    return new Tensor(value)
  }

  /** The values as they are now, cut off from the graph; shares their memory. */
  detach(): Tensor {
    const detached = new Tensor(tf.clone(this.value))
    detached.flattenedFrom = this.flattenedFrom
    return detached
  }

  /** A copy that passes gradients on. */
  clone(): Tensor {
    return this.#unary((x) => tf.clone(x))
  }

  add(other: Operand): Tensor {
    return this.#binary('add', other, tf.add)
  }

  sub(other: Operand): Tensor {
    return this.#binary('sub', other, tf.sub)
  }

  mul(other: Operand): Tensor {
    return this.#binary('mul', other, tf.mul)
  }

  div(other: Operand): Tensor {
    return this.#binary('div', other, tf.div)
  }

  pow(exponent: Operand): Tensor {
    return exponent === 2 ? this.#unary(tf.square) : this.#binary('pow', exponent, tf.pow)
  }

  neg(): Tensor {
    return this.#unary(tf.neg)
  }

  exp(): Tensor {
    return this.#unary(tf.exp)
  }

  log(): Tensor {
    return this.#unary(tf.log)
  }

  sqrt(): Tensor {
    return this.#unary(tf.sqrt)
  }

  rsqrt(): Tensor {
    return this.#unary(tf.rsqrt)
  }

  square(): Tensor {
    return this.#unary(tf.square)
  }

  reciprocal(): Tensor {
    return this.#unary((x) => tf.div(1, x))
  }

  /** |x|; its gradient at 0 is 0. */
  abs(): Tensor {
    return this.#unary(absolute)
  }

  sin(): Tensor {
    return this.#unary(tf.sin)
  }

  cos(): Tensor {
    return this.#unary(tf.cos)
  }

  /** Values below `min` become it, values above `max` that. */
  clamp(min?: number | ClampOptions | null, max?: number | null): Tensor {
    const given = typeof min === 'object' && min !== null ? min : { min, max }
    const [low, high] = [given.min ?? -Infinity, given.max ?? Infinity]
    if (low === -Infinity && high === Infinity) {
      throw new ArgumentError('clamp: expected min, max or both, got neither. Pass { min: 0 }.')
    }
    return this.#unary((x) => tf.clipByValue(x, low, high))
  }

  relu(): Tensor {
    return this.#unary(tf.relu)
  }

  leakyRelu(negativeSlope = 0.01): Tensor {
    return this.#unary((x) => tf.leakyRelu(x, negativeSlope))
  }

  tanh(): Tensor {
    return this.#unary(tf.tanh)
  }

  sigmoid(): Tensor {
    return this.#unary(tf.sigmoid)
  }

  gelu(): Tensor {
    return this.#unary(gelu)
  }

  softmax(dim: number | { readonly dim: number }): Tensor {
    const axis = this.#axis('softmax', byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
    return this.#unary((x) => alongLast(x, axis, tf.softmax))
  }

  logSoftmax(dim: number | { readonly dim: number }): Tensor {
    const axis = this.#axis('logSoftmax', byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
    return this.#unary((x) => alongLast(x, axis, tf.logSoftmax))
  }

  /** log Σ exp(x), without overflow. */
  logsumexp(dim: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
    return this.#reduce('logsumexp', dim, options, logSumExp)
  }

  gt(other: Operand): Tensor {
    return this.#compare('gt', other, tf.greater)
  }

  ge(other: Operand): Tensor {
    return this.#compare('ge', other, tf.greaterEqual)
  }

  lt(other: Operand): Tensor {
    return this.#compare('lt', other, tf.less)
  }

  le(other: Operand): Tensor {
    return this.#compare('le', other, tf.lessEqual)
  }

  eq(other: Operand): Tensor {
    return this.#compare('eq', other, tf.equal)
  }

  ne(other: Operand): Tensor {
    return this.#compare('ne', other, tf.notEqual)
  }

  logicalNot(): Tensor {
    return new Tensor(tf.tidy(() => tf.logicalNot(tf.cast(this.value, 'bool'))))
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
    return this.#spread('std', dim, options, tf.sqrt)
  }

  /** (Σ |x|ᵖ)^(1/p) of all elements, or along `dim`; p = 2 when left out, Infinity for the largest. */
  norm(p: number | ReduceOptions = 2, options: ReduceOptions = {}): Tensor {
    const named = typeof p === 'number' ? options : p
    const power = typeof p === 'number' ? p : 2
    return this.#reduce('norm', undefined, named, (x, axes, keep) => {
      if (power === 2) return tf.sqrt(tf.sum(tf.square(x), axes, keep))
      if (power === 1) return tf.sum(absolute(x), axes, keep)
      if (power === Infinity) return tf.max(absolute(x), axes, keep)
      return tf.pow(tf.sum(tf.pow(absolute(x), power), axes, keep), 1 / power)
    })
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

  /** The larger of two tensors, element by element. */
  maximum(other: Tensor): Tensor {
    return this.#binary('maximum', other, (a, b) => maximumOf(a, b as tf.Tensor))
  }

  /** The smaller of two tensors, element by element. */
  minimum(other: Tensor): Tensor {
    return this.#binary('minimum', other, (a, b) => tf.neg(maximumOf(tf.neg(a), tf.neg(b))))
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
  cumsum(dim: number): Tensor {
    const axis = this.#axis('cumsum', dim)
    // tfjs' own gradient is wrong along another axis than the last.
    return this.#unary((x) => alongLast(x, axis, (last) => tf.cumsum(last, last.rank - 1)))
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
    return results([this], () => tf.unstack(this.value, axis))
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

  /** `value` where `mask` is true, this tensor elsewhere. */
  maskedFill(mask: Tensor, value: number): Tensor {
    assertBroadcastable('maskedFill', this.shape, mask.shape)
    return this.#unary((x) => tf.where(tf.cast(mask.value, 'bool'), tf.fill(x.shape, value), x))
  }

  /** As float32. */
  float(): Tensor {
    return result([this], () => tf.cast(this.value, 'float32'))
  }

  /** As int32, which stands in for PyTorch's int64. */
  long(): Tensor {
    return new Tensor(tf.cast(this.value, 'int32'))
  }

  /** As int32. */
  int(): Tensor {
    return this.long()
  }

  /** True where not 0. */
  bool(): Tensor {
    return new Tensor(tf.cast(this.value, 'bool'))
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

  #unary(compute: Unary): Tensor {
    const output = result([this], () => compute(this.value))
    output.flattenedFrom = this.flattenedFrom
    return output
  }

  #binary(where: string, other: Operand, compute: Binary): Tensor {
    if (typeof other === 'number') return this.#unary((x) => compute(x, other))
    assertBroadcastable(where, this.shape, other.shape)
    const output = result([this, other], () => compute(this.value, other.value))
    output.flattenedFrom = this.flattenedFrom ?? other.flattenedFrom
    return output
  }

  #compare(where: string, other: Operand, compute: Binary): Tensor {
    if (typeof other === 'number') return new Tensor(tf.tidy(() => compute(this.value, other)))
    assertBroadcastable(where, this.shape, other.shape)
    return new Tensor(tf.tidy(() => compute(this.value, other.value)))
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

  #reshape(shape: number[]): Tensor {
    return result([this], () => tf.reshape(this.value, shape))
  }
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
