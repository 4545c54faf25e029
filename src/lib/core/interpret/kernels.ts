/** How each operator runs on tfjs: one entry per operator. Simple before fast: this is the reference. */
import { tf } from '../eager/tfjs'
import { cumSumAxis, reducedAxes } from '../graph/inferElements'
import { permutationOf } from '../graph/inferLayout'
import { axisOf, numberAttribute, operandAt, requiredInts } from '../graph/opRule'
import type { OpName } from '../graph/opNames'
import type { Shape } from '../util/shapes'
import { expand, gather, gatherND, pad, scatterElements, scatterND, slice } from './indexKernels'
import {
  mutable,
  outputOf,
  reshaped,
  tensorAt,
  tensorTypes,
  type Kernel,
  type KernelCall,
} from './kernelCall'
import { averagePool, conv, convTranspose, maxPool } from './windowKernels'

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor
type Reduce = (x: tf.Tensor, axes: number[]) => tf.Tensor

const unary =
  (run: Unary): Kernel =>
  (call) =>
    run(tensorAt(call, 0))

const binary =
  (run: Binary): Kernel =>
  (call) =>
    run(tensorAt(call, 0), tensorAt(call, 1))

const variadic =
  (run: Binary): Kernel =>
  (call) =>
    allOf(call).reduce(run)

/** Kept axes come back by reshaping: on WebGPU the product loses them. */
const reduce =
  (run: Reduce): Kernel =>
  (call) =>
    reshaped(call, run(tensorAt(call, 0), mutable(reducedAxes(call))))

function allOf(call: KernelCall): tf.Tensor[] {
  return call.operands.map((_, index) => tensorAt(call, index))
}

/** max(x, 0) + alpha · (exp(min(x, 0)) − 1) */
function elu(x: tf.Tensor, alpha: number): tf.Tensor {
  const zero = tf.scalar(0)
  return tf.add(tf.maximum(x, zero), tf.mul(tf.elu(tf.minimum(x, zero)), alpha))
}

/** Integers are divided towards zero, as ONNX and C do; tfjs would round down. */
const divide: Binary = (a, b) => {
  if (a.dtype !== 'int32') return tf.div(a, b)
  return tf.mul(tf.floorDiv(tf.abs(a), tf.abs(b)), tf.mul(tf.sign(a), tf.sign(b)))
}

/** max(min(x, high), low) without the bounds that are left out. */
const clip: Kernel = (call) => {
  const [low, high] = [call.tensor(1), call.tensor(2)]
  const raised = low ? tf.maximum(tensorAt(call, 0), low) : tensorAt(call, 0)
  return high ? tf.minimum(raised, high) : raised
}

/** Leading axes are broadcast first: not every backend does it in the product. */
const matMul: Binary = (a, b) => {
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  return tf.matMul(withBatch(a, batch), withBatch(b, batch))
}

function withBatch(x: tf.Tensor, batch: Shape): tf.Tensor {
  const shape = [...batch, ...x.shape.slice(-2)]
  return tf.util.arraysEqual(shape, x.shape) ? x : tf.broadcastTo(x, shape)
}

/** alpha · A · B + beta · C */
const gemm: Kernel = (call) => {
  const isTransposed = (name: string): boolean => numberAttribute(call, name) === 1
  const scaled = (x: tf.Tensor, factor: number): tf.Tensor => (factor === 1 ? x : tf.mul(x, factor))
  const product = tf.matMul(
    tensorAt(call, 0),
    tensorAt(call, 1),
    isTransposed('transA'),
    isTransposed('transB'),
  )
  const y = scaled(product, numberAttribute(call, 'alpha'))
  const bias = call.tensor(2)
  return bias ? tf.add(y, scaled(bias, numberAttribute(call, 'beta'))) : y
}

/** tfjs only knows the last axis: the axes are swapped before and after. */
const softmax: Kernel = (call) => {
  const x = tensorAt(call, 0)
  const last = x.rank - 1
  const axis = axisOf(call, numberAttribute(call, 'axis'), x.rank)
  if (axis === last) return tf.softmax(x)
  const swap = x.shape.map((_, index) => (index === axis ? last : index === last ? axis : index))
  return tf.transpose(tf.softmax(tf.transpose(x, swap)), swap)
}

const argMax: Kernel = (call) => {
  const x = tensorAt(call, 0)
  return reshaped(call, tf.argMax(x, axisOf(call, numberAttribute(call, 'axis'), x.rank)))
}

const cumSum: Kernel = (call) => {
  const is = (name: string): boolean => numberAttribute(call, name) === 1
  return tf.cumsum(tensorAt(call, 0), cumSumAxis(call), is('exclusive'), is('reverse'))
}

/** To bool by comparing: the wasm backend would keep the low byte of the number. */
const cast: Kernel = (call) => {
  const x = tensorAt(call, 0)
  const dtype = tensorTypes[outputOf(call).dtype]
  return dtype === 'bool' && x.dtype !== 'bool' ? tf.notEqual(x, tf.scalar(0, x.dtype)) : tf.cast(x, dtype)
}

const reshape: Kernel = (call) => reshaped(call)

/** Axes such as `axis` of Concat, counted from the front. */
function axisAttribute(call: KernelCall): number {
  return axisOf(call, numberAttribute(call, 'axis'), operandAt(call, 0).shape.length)
}

/** The kernel of each operator. */
export const kernels: { readonly [Op in OpName]: Kernel } = {
  Abs: unary(tf.abs),
  Ceil: unary(tf.ceil),
  Cos: unary(tf.cos),
  Elu: (call) => elu(tensorAt(call, 0), numberAttribute(call, 'alpha')),
  Erf: unary(tf.erf),
  Exp: unary(tf.exp),
  Floor: unary(tf.floor),
  LeakyRelu: (call) => tf.leakyRelu(tensorAt(call, 0), numberAttribute(call, 'alpha')),
  Log: unary(tf.log),
  Neg: unary(tf.neg),
  Not: unary(tf.logicalNot),
  Reciprocal: unary(tf.reciprocal),
  Relu: unary(tf.relu),
  Round: unary(tf.round),
  Selu: (call) =>
    tf.mul(elu(tensorAt(call, 0), numberAttribute(call, 'alpha')), numberAttribute(call, 'gamma')),
  Sigmoid: unary(tf.sigmoid),
  Sin: unary(tf.sin),
  Softplus: unary(tf.softplus),
  Sqrt: unary(tf.sqrt),
  Tanh: unary(tf.tanh),
  Cast: cast,
  Clip: clip,

  Add: binary(tf.add),
  And: binary(tf.logicalAnd),
  Div: binary(divide),
  Equal: binary(tf.equal),
  Greater: binary(tf.greater),
  GreaterOrEqual: binary(tf.greaterEqual),
  Less: binary(tf.less),
  LessOrEqual: binary(tf.lessEqual),
  Max: variadic(tf.maximum),
  Min: variadic(tf.minimum),
  Mul: binary(tf.mul),
  Or: binary(tf.logicalOr),
  Pow: (call) => tf.cast(tf.pow(tensorAt(call, 0), tensorAt(call, 1)), tensorTypes[outputOf(call).dtype]),
  Sub: binary(tf.sub),
  Where: (call) => tf.where(tensorAt(call, 0), tensorAt(call, 1), tensorAt(call, 2)),

  Gemm: gemm,
  MatMul: binary(matMul),
  Conv: conv,
  ConvTranspose: convTranspose,

  ArgMax: argMax,
  ReduceMax: reduce(tf.max),
  ReduceMean: reduce(tf.mean),
  ReduceMin: reduce(tf.min),
  ReduceProd: reduce(tf.prod),
  ReduceSum: reduce(tf.sum),
  Softmax: softmax,
  CumSum: cumSum,

  AveragePool: averagePool,
  MaxPool: maxPool,
  Pad: pad,

  Concat: (call) => tf.concat(allOf(call), axisAttribute(call)),
  Expand: expand,
  Gather: gather,
  GatherND: gatherND,
  Reshape: reshape,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  Slice: slice,
  Split: (call) => tf.split(tensorAt(call, 0), mutable(requiredInts(call, 1)), axisAttribute(call)),
  Tile: (call) => tf.tile(tensorAt(call, 0), mutable(requiredInts(call, 1))),
  Transpose: (call) => tf.transpose(tensorAt(call, 0), mutable(permutationOf(call))),
}
