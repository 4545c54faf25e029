/** The PyTorch-style tensor: a tfjs tensor with `requiresGrad`, `grad` and methods. Images are [n, c, h, w]. */
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { activeTrace, type ActiveTrace } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { gelu } from '../nn/activations'
import type { ImageShape } from '../nn/weights'
import { ArgumentError, AutogradError } from '../util/errors'
import { printShape, sizeOf, type Shape } from '../util/shapes'
import { backward, execute, isGradEnabled, registerLeaf, type BackwardOptions, type Leaf } from './autograd'
import { assertBroadcastable, assertMatMul, axisOf, resolveShape } from './axes'
import { PendingValue } from './pendingValue'
import { printTensor } from './printTensor'
import { StepResult } from './stepResult'

/** What arithmetic methods accept. */
export type Operand = Tensor | number

export interface ReduceOptions {
  /** Keep the reduced axis with size 1. */
  readonly keepdim?: boolean
}

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor | number) => tf.Tensor
type Reduction = (x: tf.Tensor, axis?: number, keepDims?: boolean) => tf.Tensor

/** A constant, a leaf that receives gradients, or a result that passes them on. */
type TensorKind = 'constant' | 'leaf' | 'result'

export class Tensor implements Leaf {
  readonly requiresGrad: boolean
  /** Set where rows are flattened images, whose order the layouts differ on; see `ModelWeights`. */
  flattenedFrom: ImageShape | undefined
  readonly #value: tf.Tensor | StepResult
  #grad: Tensor | null = null
  /** The trace in which `grad` was set last; null outside of any. */
  #gradSetIn: ActiveTrace | null = null

  constructor(value: tf.Tensor | StepResult, kind: TensorKind = 'constant') {
    this.#value = value
    this.requiresGrad = kind !== 'constant'
    if (kind === 'leaf' && value instanceof tf.Tensor) registerLeaf(value, this)
  }

  /** The tfjs tensor. Throws ArgumentError when it was freed, or comes from a step that has not run yet. */
  get value(): tf.Tensor {
    if (this.#value instanceof StepResult) return arrivedValue(this.#value)
    this.#assertLive()
    return this.#value
  }

  get shape(): Shape {
    return this.#value.shape
  }

  get dtype(): tf.DataType {
    return this.#value.dtype
  }

  /** Sum of the gradients that backward() brought since this was last null. */
  get grad(): Tensor | null {
    return this.#grad
  }

  set grad(grad: Tensor | null) {
    const earlier = this.#grad
    const trace = activeTrace()
    if (trace && this.#gradSetIn !== trace) trace.onEnd(() => this.#restoreGrad(earlier))
    else if (earlier && earlier !== grad) earlier.value.dispose()
    this.#gradSetIn = trace
    this.#grad = grad
  }

  accumulate(gradient: tf.Tensor): void {
    if (activeTrace() && this.#gradSetIn !== activeTrace()) {
      throw new AutogradError(
        'backward: expected optimizer.zeroGrad() earlier in the compiled function, got gradients that would have to ' +
          'outlive it. Call optimizer.zeroGrad() first thing in the function.',
      )
    }
    const sum = this.#grad ? tf.add(this.#grad.value, gradient) : gradient
    // A tfjs variable belongs to no scope: the gradient outlives its batch.
    this.grad = new Tensor(tf.variable(sum, false))
  }

  /** Adds the gradients of this scalar to the `grad` of all leaves it came from. Throws AutogradError. */
  backward(options: BackwardOptions = {}): void {
    if (!this.requiresGrad) {
      throw new AutogradError(
        'backward: expected a tensor that requires grad, got one that does not. ' +
          'Compute it from parameters, outside noGrad() and without detach().',
      )
    }
    backward(this.value, options)
  }

  /** The values as they are now, cut off from the graph; shares their memory. */
  detach(): Tensor {
    const detached = new Tensor(tf.clone(this.value))
    detached.flattenedFrom = this.flattenedFrom
    return detached
  }

  /** The one value of this tensor, once it is read back from the backend: await it. Throws ArgumentError. */
  item(): PendingValue {
    this.#assertLive()
    if (sizeOf(this.shape) !== 1) {
      throw new ArgumentError(
        `item: expected a tensor of one element, got shape ${printShape(this.shape)}. Use .tolist() instead.`,
      )
    }
    if (this.#value instanceof StepResult) {
      const result = this.#value
      return new PendingValue({
        settled: async () => (await result.settled())[0] ?? NaN,
        bring: () => result.bring(),
      })
    }
    const reading = readBack(this.value)
    return new PendingValue({ settled: async () => (await reading)[0] ?? NaN })
  }

  /** All values as nested arrays; a number for a scalar. Reads back from the backend: await it. */
  tolist(): Promise<unknown> {
    return this.#read().then((values) => tf.util.toNestedArray([...this.shape], values))
  }

  /** All values on the host, row-major. Reads back from the backend: await it. */
  toNdArray(): Promise<NdArray> {
    return this.#read().then((values) =>
      this.dtype === 'float32'
        ? { values: Float32Array.from(values), shape: this.shape, dtype: 'float32' }
        : { values: Int32Array.from(values), shape: this.shape, dtype: 'int32' },
    )
  }

  toString(): string {
    return printTensor(this.#value, this.requiresGrad)
  }

  /** All sizes, or the size of one dim. */
  size(): Shape
  size(dim: number): number
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : (this.shape[this.#axis('size', dim)] ?? 1)
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

  abs(): Tensor {
    return this.#unary(tf.abs)
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

  softmax(dim: number): Tensor {
    return this.#alongLast(this.#axis('softmax', dim), tf.softmax)
  }

  logSoftmax(dim: number): Tensor {
    return this.#alongLast(this.#axis('logSoftmax', dim), tf.logSoftmax)
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

  /** Sum of all elements, or along `dim`. */
  sum(dim?: number, options?: ReduceOptions): Tensor {
    return this.#reduce('sum', dim, options, tf.sum)
  }

  /** Mean of all elements, or along `dim`. */
  mean(dim?: number, options?: ReduceOptions): Tensor {
    return this.#reduce('mean', dim, options, tf.mean)
  }

  /** Largest of all elements; with `dim` the largest along it, and where they are. */
  max(): Tensor
  max(dim: number, options?: ReduceOptions): { values: Tensor; indices: Tensor }
  max(dim?: number, options?: ReduceOptions): Tensor | { values: Tensor; indices: Tensor } {
    const values = this.#reduce('max', dim, options, tf.max)
    return dim === undefined ? values : { values, indices: this.argmax(dim, options) }
  }

  /** Position of the largest element along `dim`, or in the flattened tensor; int32. */
  argmax(dim?: number, { keepdim = false }: ReduceOptions = {}): Tensor {
    if (dim === undefined) return new Tensor(tf.tidy(() => tf.argMax(tf.reshape(this.value, [-1]))))
    const axis = this.#axis('argmax', dim)
    return new Tensor(
      tf.tidy(() => {
        const positions = tf.argMax(this.value, axis)
        return keepdim ? tf.expandDims(positions, axis) : positions
      }),
    )
  }

  matmul(other: Tensor): Tensor {
    assertMatMul(this.shape, other.shape)
    return result([this, other], () => tf.matMul(this.value, other.value))
  }

  /** The same values in another shape; one size may be −1. */
  reshape(...shape: number[]): Tensor {
    return this.#reshape(resolveShape('reshape', shape, this.value.size))
  }

  view(...shape: number[]): Tensor {
    return this.#reshape(resolveShape('view', shape, this.value.size))
  }

  /** Joins the axes from `startDim` on: [n, c, h, w] with 1 becomes [n, c·h·w]. */
  flatten(startDim = 0): Tensor {
    const axis = this.#axis('flatten', startDim)
    const flat = this.#reshape([...this.shape.slice(0, axis), sizeOf(this.shape.slice(axis))])
    const [, channels = 1, height = 1, width = 1] = this.shape
    if (this.shape.length === 4 && axis === 1) flat.flattenedFrom = [height, width, channels]
    return flat
  }

  squeeze(dim?: number): Tensor {
    const axis = dim === undefined ? undefined : this.#axis('squeeze', dim)
    return this.#reshape(this.shape.filter((size, i) => size !== 1 || (axis !== undefined && i !== axis)))
  }

  unsqueeze(dim: number): Tensor {
    const axis = axisOf('unsqueeze', dim, this.shape.length + 1)
    return this.#reshape([...this.shape.slice(0, axis), 1, ...this.shape.slice(axis)])
  }

  /** Axis i of the result is axis `dims[i]` of this tensor. */
  permute(...dims: number[]): Tensor {
    const axes = dims.map((dim) => this.#axis('permute', dim))
    if (axes.length !== this.shape.length || new Set(axes).size !== axes.length) {
      throw new ArgumentError(
        `permute: expected each of the ${this.shape.length} dims once, got ${printShape(dims)}. ` +
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

  /** As float32. */
  float(): Tensor {
    return result([this], () => tf.cast(this.value, 'float32'))
  }

  /** As int32, which stands in for PyTorch's int64. */
  long(): Tensor {
    return new Tensor(tf.cast(this.value, 'int32'))
  }

  /** Called by JavaScript where an operator, a comparison or an `if` with one needs a primitive value. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    if (activeTrace()) this.value.dataSync()
    throw new ArgumentError(
      'tensor: expected a number, got a tensor in arithmetic or a comparison. Write await tensor.item() for its value.',
    )
  }

  /** Throws ArgumentError when the tensor was freed. */
  #assertLive(): void {
    if (!(this.#value instanceof StepResult) && this.#value.isDisposed) throw freedTensor()
  }

  #read(): Promise<Float32Array | Int32Array | Uint8Array> {
    return this.#value instanceof StepResult ? this.#value.read() : readBack(this.value)
  }

  /** After a trace: the gradient is what it was before. */
  #restoreGrad(earlier: Tensor | null): void {
    this.#grad = earlier
    this.#gradSetIn = null
  }

  #axis(where: string, dim: number): number {
    return axisOf(where, dim, this.shape.length)
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

  #reduce(where: string, dim: number | undefined, options: ReduceOptions = {}, compute: Reduction): Tensor {
    const axis = dim === undefined ? undefined : this.#axis(where, dim)
    return result([this], () => compute(this.value, axis, options.keepdim ?? false))
  }

  /** tfjs has softmax along the last axis only. */
  #alongLast(axis: number, compute: Unary): Tensor {
    const last = this.shape.length - 1
    if (axis === last) return this.#unary(compute)
    const swapped = this.transpose(axis, last)
    return result([swapped], () => compute(swapped.value)).transpose(axis, last)
  }

  #reshape(shape: number[]): Tensor {
    return result([this], () => tf.reshape(this.value, shape))
  }
}

function freedTensor(): ArgumentError {
  return new ArgumentError(
    'tensor: expected a live tensor, got one that was freed at the end of its batch. ' +
      'Await .item() or .tolist() inside the loop and keep the numbers.',
  )
}

function arrivedValue(result: StepResult): tf.Tensor {
  const { value } = result
  if (value) return value
  throw new ArgumentError(
    'tensor: expected a result that is there, got one of a compiled step that has not run yet. Await .item() or .tolist().',
  )
}

/** A tensor computed from `inputs`: recorded when any of them requires grad and grad is enabled. */
export function result(inputs: readonly Tensor[], compute: () => tf.Tensor): Tensor {
  const isRecorded = isGradEnabled() && inputs.some((input) => input.requiresGrad)
  return new Tensor(execute(isRecorded, compute), isRecorded ? 'result' : 'constant')
}
