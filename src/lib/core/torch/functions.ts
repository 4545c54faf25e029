/** `torch.cat`, `torch.matmul(a, b)` and other functions of tensors; most are the method of that name. */
import { tf } from '../eager/tfjs'
import { ArgumentError, ShapeError } from '../util/errors'
import { isSameShape, printShape, type Shape } from '../util/shapes'
import { assertBroadcastable, axisOf } from './axes'
import { randLike } from './creation'
import { argumentsOf, byNameOrPosition, type Arguments } from './options'
import { ofOneType } from './promotion'
import {
  result,
  Tensor,
  type ClampOptions,
  type CloseOptions,
  type Dims,
  type DivOptions,
  type Operand,
  type ReduceOptions,
  type SortOptions,
  type SpreadOptions,
  type TopkOptions,
  type ValuesAndIndices,
} from './tensor'

/** The dim by position or by name. */
type Dim = number | { readonly dim?: number }

/** The tensors one behind the other along `dim`, 0 when left out; all other sizes must agree. */
export function cat(tensors: readonly Tensor[], dim: Dim = 0): Tensor {
  const first = firstOf('cat', tensors)
  const axis = axisOf('cat', byNameOrPosition<'dim', number>(dim, 'dim') ?? 0, first.ndim)
  const others = ({ shape }: Tensor): Shape => shape.filter((_, index) => index !== axis)
  for (const each of tensors) {
    if (each.ndim === first.ndim && isSameShape(others(each), others(first))) continue
    throw new ShapeError(
      `cat: expected shapes that differ in dim ${axis} only, got ${printShape(first.shape)} and ` +
        `${printShape(each.shape)}. Reshape one of them, or use stack.`,
    )
  }
  return result(tensors, () => tf.concat(ofOneType(tensors), axis))
}

/** Tensors of one shape side by side along a new `dim`, 0 when left out. */
export function stack(tensors: readonly Tensor[], dim: Dim = 0): Tensor {
  const first = firstOf('stack', tensors)
  const axis = axisOf('stack', byNameOrPosition<'dim', number>(dim, 'dim') ?? 0, first.ndim + 1)
  const other = tensors.find(({ shape }) => !isSameShape(shape, first.shape))
  if (other) {
    throw new ShapeError(
      `stack: expected tensors of one shape, got ${printShape(first.shape)} and ${printShape(other.shape)}. ` +
        'Reshape one of them, or use cat.',
    )
  }
  return result(tensors, () => tf.stack(ofOneType(tensors), axis))
}

/** `x` where the condition is true, `other` elsewhere; all three broadcast. */
export function where(condition: Tensor, x: Operand, other: Operand): Tensor {
  const tensors = [x, other].filter((each) => each instanceof Tensor)
  for (const each of tensors) assertBroadcastable('where', condition.shape, each.shape)
  const valueOf = (each: Operand) => (each instanceof Tensor ? each.value : tf.scalar(each))
  return result(tensors, () => tf.where(tf.cast(condition.value, 'bool'), valueOf(x), valueOf(other)))
}

/** Whether the argument is a tensor. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor
}

/** Whether all values agree within atol + rtol·|b|; reads back: await it. */
export function allclose(a: Tensor, b: Tensor, options: CloseOptions = {}): Promise<boolean> {
  return a.allclose(b, options)
}

/** Whether shape and all values are the same; reads back: await it. */
export function equal(a: Tensor, b: Tensor): Promise<boolean> {
  return a.equal(b)
}

/** A draw of 0 or 1 for each probability. */
export function bernoulli(probabilities: Tensor): Tensor {
  return randLike(probabilities).lt(probabilities).float()
}

export interface MultinomialOptions {
  readonly numSamples?: number
  /** Whether a position may come twice; false when left out. */
  readonly replacement?: boolean
}

/**
 * `numSamples` positions of each row, drawn by the weights in it, int32 [rows, numSamples] or [numSamples]. The largest of
 * log w + Gumbel noise is such a draw. Source: torch.multinomial; Gumbel, 1954.
 */
export function multinomial(weights: Tensor, ...given: Arguments<MultinomialOptions>): Tensor {
  const { numSamples = NaN, replacement = false } = argumentsOf('multinomial', given, [
    'numSamples',
    'replacement',
  ])
  const noisy = () => weights.detach().log().sub(randLike(weights).log().neg().log())
  if (!replacement) return noisy().topk(numSamples).indices
  return stack(
    Array.from({ length: numSamples }, () => noisy().argmax(-1)),
    -1,
  )
}

export const addmm = (input: Tensor, a: Tensor, b: Tensor): Tensor => input.add(a.mm(b))
export const argsort = (x: Tensor, dim?: number | SortOptions, descending?: boolean): Tensor =>
  x.argsort(dim, descending)
export const ceil = (x: Tensor): Tensor => x.ceil()
export const clip = (x: Tensor, min?: number | ClampOptions | null, max?: number | null): Tensor =>
  x.clip(min, max)
export const clone = (x: Tensor): Tensor => x.clone()
export const concat = cat
export const dot = (a: Tensor, b: Tensor): Tensor => a.dot(b)
export const erf = (x: Tensor): Tensor => x.erf()
export const expm1 = (x: Tensor): Tensor => x.expm1()
export const floor = (x: Tensor): Tensor => x.floor()
export const floorDivide = (a: Tensor, b: Operand): Tensor => a.floorDivide(b)
export const ge = (a: Tensor, b: Operand): Tensor => a.ge(b)
export const gt = (a: Tensor, b: Operand): Tensor => a.gt(b)
export const indexSelect = (x: Tensor, dim: number, index: Tensor): Tensor => x.indexSelect(dim, index)
export const isclose = (a: Tensor, b: Tensor, options?: CloseOptions): Tensor => a.isclose(b, options)
export const isfinite = (x: Tensor): Tensor => x.isfinite()
export const isinf = (x: Tensor): Tensor => x.isinf()
export const isnan = (x: Tensor): Tensor => x.isnan()
export const le = (a: Tensor, b: Operand): Tensor => a.le(b)
export const log10 = (x: Tensor): Tensor => x.log10()
export const log1p = (x: Tensor): Tensor => x.log1p()
export const log2 = (x: Tensor): Tensor => x.log2()
export const logicalAnd = (a: Tensor, b: Tensor): Tensor => a.logicalAnd(b)
export const logicalNot = (x: Tensor): Tensor => x.logicalNot()
export const logicalOr = (a: Tensor, b: Tensor): Tensor => a.logicalOr(b)
export const logicalXor = (a: Tensor, b: Tensor): Tensor => a.logicalXor(b)
export const lt = (a: Tensor, b: Operand): Tensor => a.lt(b)
export const mv = (a: Tensor, b: Tensor): Tensor => a.mv(b)
export const ne = (a: Tensor, b: Operand): Tensor => a.ne(b)
export const outer = (a: Tensor, b: Tensor): Tensor => a.outer(b)
export const prod = (x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.prod(dim, options)
export const reciprocal = (x: Tensor): Tensor => x.reciprocal()
export const remainder = (a: Tensor, b: Operand): Tensor => a.remainder(b)
export const roll = (x: Tensor, shift: number, dim?: number): Tensor => x.roll(shift, dim)
export const round = (x: Tensor): Tensor => x.round()
export const rsqrt = (x: Tensor): Tensor => x.rsqrt()
export const sign = (x: Tensor): Tensor => x.sign()
export const sort = (x: Tensor, dim?: number | SortOptions, descending?: boolean): ValuesAndIndices =>
  x.sort(dim, descending)
export const tan = (x: Tensor): Tensor => x.tan()
export const topk = (x: Tensor, k: number, dim?: number | TopkOptions, largest?: boolean): ValuesAndIndices =>
  x.topk(k, dim, largest)
export const tril = (x: Tensor, diagonal?: number): Tensor => x.tril(diagonal)
export const triu = (x: Tensor, diagonal?: number): Tensor => x.triu(diagonal)
export const trunc = (x: Tensor): Tensor => x.trunc()
export const abs = (x: Tensor): Tensor => x.abs()
export const add = (a: Tensor, b: Operand): Tensor => a.add(b)
export const all = (x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.all(dim, options)
export const any = (x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.any(dim, options)
export const argmax = (x: Tensor, dim?: number | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.argmax(dim, options)
export const argmin = (x: Tensor, dim?: number | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.argmin(dim, options)
export const bmm = (a: Tensor, b: Tensor): Tensor => a.bmm(b)
export const chunk = (x: Tensor, count: number, dim: Dim = 0): Tensor[] => x.chunk(count, dimOf(dim))
export const clamp = (x: Tensor, min?: number | ClampOptions | null, max?: number | null): Tensor =>
  x.clamp(min, max)
export const cos = (x: Tensor): Tensor => x.cos()
export const cumsum = (x: Tensor, dim: number | { readonly dim: number }): Tensor => x.cumsum(dim)
export const div = (a: Tensor, b: Operand, options?: DivOptions): Tensor => a.div(b, options)
export const eq = (a: Tensor, b: Operand): Tensor => a.eq(b)
export const exp = (x: Tensor): Tensor => x.exp()
export const flatten = (x: Tensor, startDim = 0, endDim = -1): Tensor => x.flatten(startDim, endDim)
export const flip = (x: Tensor, dims: Shape): Tensor => x.flip(dims)
export const gather = (x: Tensor, dim: number, index: Tensor): Tensor => x.gather(dim, index)
export const log = (x: Tensor): Tensor => x.log()
export const logSoftmax = (x: Tensor, dim: number | { readonly dim: number }): Tensor => x.logSoftmax(dim)
export const logsumexp = (x: Tensor, dim: Dims | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.logsumexp(dim, options)
export const matmul = (a: Tensor, b: Tensor): Tensor => a.matmul(b)
export const maximum = (a: Tensor, b: Tensor): Tensor => a.maximum(b)
export const mean = (x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.mean(dim, options)
export const minimum = (a: Tensor, b: Tensor): Tensor => a.minimum(b)
export const mm = (a: Tensor, b: Tensor): Tensor => a.mm(b)
export const mul = (a: Tensor, b: Operand): Tensor => a.mul(b)
export const neg = (x: Tensor): Tensor => x.neg()
export const norm = (x: Tensor, p?: number | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.norm(p, options)
export const numel = (x: Tensor): number => x.numel()
export const permute = (x: Tensor, dims: Shape): Tensor => x.permute(dims)
export const pow = (x: Tensor, exponent: Operand): Tensor => x.pow(exponent)
export const relu = (x: Tensor): Tensor => x.relu()
export const reshape = (x: Tensor, shape: Shape): Tensor => x.reshape(shape)
export const sigmoid = (x: Tensor): Tensor => x.sigmoid()
export const sin = (x: Tensor): Tensor => x.sin()
export const softmax = (x: Tensor, dim: number | { readonly dim: number }): Tensor => x.softmax(dim)
export const split = (x: Tensor, size: number | readonly number[], dim: Dim = 0): Tensor[] =>
  x.split(size, dimOf(dim))
export const sqrt = (x: Tensor): Tensor => x.sqrt()
export const square = (x: Tensor): Tensor => x.square()
export const squeeze = (x: Tensor, dim?: number): Tensor => x.squeeze(dim)
export const std = (x: Tensor, dim?: Dims | SpreadOptions, options?: SpreadOptions): Tensor =>
  x.std(dim, options)
export const sub = (a: Tensor, b: Operand): Tensor => a.sub(b)
export const sum = (x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor =>
  x.sum(dim, options)
export const tanh = (x: Tensor): Tensor => x.tanh()
export const transpose = (x: Tensor, dim0: number, dim1: number): Tensor => x.transpose(dim0, dim1)
export const unbind = (x: Tensor, dim = 0): Tensor[] => x.unbind(dim)
export const unsqueeze = (x: Tensor, dim: number): Tensor => x.unsqueeze(dim)
const variance = (x: Tensor, dim?: Dims | SpreadOptions, options?: SpreadOptions): Tensor =>
  x.var(dim, options)
// A word of the language, which only an export may be called.
export { variance as var }

/** Largest of all elements; with `dim` the largest along it, and where they are; with a tensor the larger of both. */
export function max(x: Tensor, other?: Tensor): Tensor
export function max(
  x: Tensor,
  dim: number | (ReduceOptions & { readonly dim: number }),
  options?: ReduceOptions,
): ValuesAndIndices
export function max(
  x: Tensor,
  dim?: Tensor | number | (ReduceOptions & { readonly dim: number }),
  options?: ReduceOptions,
): Tensor | ValuesAndIndices {
  if (dim === undefined) return x.max()
  return dim instanceof Tensor ? x.max(dim) : x.max(dim, options)
}

/** Smallest of all elements; with `dim` the smallest along it, and where they are; with a tensor the smaller of both. */
export function min(x: Tensor, other?: Tensor): Tensor
export function min(
  x: Tensor,
  dim: number | (ReduceOptions & { readonly dim: number }),
  options?: ReduceOptions,
): ValuesAndIndices
export function min(
  x: Tensor,
  dim?: Tensor | number | (ReduceOptions & { readonly dim: number }),
  options?: ReduceOptions,
): Tensor | ValuesAndIndices {
  if (dim === undefined) return x.min()
  return dim instanceof Tensor ? x.min(dim) : x.min(dim, options)
}

function dimOf(dim: Dim): number {
  return byNameOrPosition<'dim', number>(dim, 'dim') ?? 0
}

function firstOf(where: string, tensors: readonly Tensor[]): Tensor {
  const [first] = Array.isArray(tensors) ? (tensors as readonly Tensor[]) : []
  if (first instanceof Tensor) return first
  throw new ArgumentError(`${where}: expected an array of tensors, got none. Write ${where}([a, b]).`)
}
