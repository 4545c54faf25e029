/** Slicing, gathering and scattering: where ONNX and tfjs count differently. */
import { at, last } from '../util/at'
import { tf } from '../eager/tfjs'
import { slicesOf } from '../graph/inferLayout'
import { axisOf, numberAttribute, operandAt, sizeAt, textAttribute } from '../graph/opRule'
import { sizeOf, type Shape } from '../util/shapes'
import { mutable, outputOf, reshaped, tensorAt, type Kernel, type KernelCall } from './kernelCall'

/** Negative steps, which tfjs has not on every backend, run forward over the reversed axis. */
export const slice: Kernel = (call) => {
  const x = tensorAt(call, 0)
  const slices = slicesOf(call)
  const sizes = slices.map(({ size }) => size)
  if (sizes.includes(0)) return tf.zeros(sizes, x.dtype)
  const starts = slices.map(({ start, step }, axis) => (step > 0 ? start : sizeAt(x.shape, axis) - 1 - start))
  const steps = slices.map(({ step }) => Math.abs(step))
  const reversed = slices.flatMap(({ step }, axis) => (step < 0 ? axis : []))
  const forward = reversed.length === 0 ? x : tf.reverse(x, reversed)
  if (steps.every((step) => step === 1)) return tf.slice(forward, starts, sizes)
  const ends = starts.map((start, axis) => start + (sizeAt(sizes, axis) - 1) * sizeAt(steps, axis) + 1)
  return tf.stridedSlice(forward, starts, ends, steps)
}

/** Indices counted from the front; `sizes` broadcasts against them. */
function fromFront(call: KernelCall, index: number, sizes: number | Shape): tf.Tensor {
  const indices = tensorAt(call, index)
  if (operandAt(call, index).data?.every((one) => one >= 0)) return indices
  const size = typeof sizes === 'number' ? tf.scalar(sizes, 'int32') : tf.tensor1d(mutable(sizes), 'int32')
  return tf.where(tf.less(indices, tf.scalar(0, 'int32')), tf.add(indices, size), indices)
}

/** Gather. */
export const gather: Kernel = (call) => {
  const { shape } = operandAt(call, 0)
  const axis = axisOf(call, numberAttribute(call, 'axis'), shape.length)
  const indices = tf.reshape(fromFront(call, 1, sizeAt(shape, axis)), [-1])
  return reshaped(call, tf.gather(tensorAt(call, 0), indices, axis))
}

/** Indices into the leading axes of the first operand, one row per slice. */
function rows(call: KernelCall): tf.Tensor {
  const depth = last(operandAt(call, 1).shape)
  return fromFront(call, 1, operandAt(call, 0).shape.slice(0, depth))
}

/** GatherND. */
export const gatherND: Kernel = (call) => tf.gatherND(tensorAt(call, 0), rows(call))

/** Positions in the flattened first operand that the indices along one axis mean: Σ coordinate · stride. */
function positions(call: KernelCall): tf.Tensor1D {
  const { shape } = operandAt(call, 0)
  const along = axisOf(call, numberAttribute(call, 'axis'), shape.length)
  const indices = fromFront(call, 1, sizeAt(shape, along))
  const terms = shape.map((_, axis) => {
    const coordinates = axis === along ? indices : coordinatesOf(indices.shape, axis)
    return tf.mul(coordinates, tf.scalar(sizeOf(shape.slice(axis + 1)), 'int32'))
  })
  return tf.reshape(terms.reduce((sum, term) => tf.add(sum, term)), [-1]) // prettier-ignore
}

/** 0, 1, .. along an axis; broadcasts against `shape`. */
function coordinatesOf(shape: Shape, axis: number): tf.Tensor {
  const size = sizeAt(shape, axis)
  return tf.reshape(
    tf.range(0, size, 1, 'int32'),
    mutable(shape.map((_, other) => (other === axis ? size : 1))),
  )
}

/** ScatterElements. */
export const scatterElements: Kernel = (call) => {
  const target = tf.reshape(tensorAt(call, 0), [-1])
  const indices = tf.reshape(positions(call), [-1, 1])
  return reshaped(call, scattered(call, target, indices, tf.reshape(tensorAt(call, 2), [-1])))
}

/** ScatterND. */
export const scatterND: Kernel = (call) => scattered(call, tensorAt(call, 0), rows(call), tensorAt(call, 2))

function scattered(call: KernelCall, target: tf.Tensor, indices: tf.Tensor, updates: tf.Tensor): tf.Tensor {
  if (textAttribute(call, 'reduction') === 'none') return tf.tensorScatterUpdate(target, indices, updates)
  return tf.add(target, tf.scatterND(indices, updates, target.shape))
}

/** tfjs counts pads per axis, ONNX first all begins, then all ends. */
export const pad: Kernel = (call) => {
  const x = tensorAt(call, 0)
  const sides = operandAt(call, 1).data ?? []
  const pads = x.shape.map((_, axis): [number, number] => [at(sides, axis), at(sides, axis + x.shape.length)])
  return tf.pad(x, pads, call.operands[2]?.data?.[0] ?? 0)
}

/** Expand. */
export const expand: Kernel = (call) => tf.broadcastTo(tensorAt(call, 0), mutable(outputOf(call).shape))
