/** Convolutions and pooling. Graphs have channels first, as ONNX; the kernels of tfjs have them last. */
import { tf } from '../eager/tfjs'
import { windowOf, type Window } from '../graph/inferWindows'
import { numberAttribute, operandAt, sizeAt } from '../graph/opRule'
import { outputOf, tensorAt, type Kernel, type KernelCall } from './kernelCall'

/** Smaller than any element, and unlike -Infinity welcome in every shader. */
const lowest = -3.4028234663852886e38

/** [batch, channels, height, width] -> [batch, height, width, channels] */
function channelsLast(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1])
}

/** [batch, height, width, channels] -> [batch, channels, height, width] */
function channelsFirst(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, 3, 1, 2])
}

function padded(x: tf.Tensor4D, { pads: [top, left, bottom, right] }: Window, value = 0): tf.Tensor4D {
  if (top + left + bottom + right === 0) return x
  return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]], value) // prettier-ignore
}

/** [a, b, kh, kw] -> [kh, kw, b, a], with zeros between the elements for dilations. */
function weightsOf(weights: tf.Tensor, { dilations: [down, across] }: Window): tf.Tensor4D {
  return spread(spread(tf.transpose(weights as tf.Tensor4D, [2, 3, 1, 0]), 0, down), 1, across)
}

/** Puts `distance − 1` zeros between neighbours along an axis. */
function spread(x: tf.Tensor4D, axis: 0 | 1, distance: number): tf.Tensor4D {
  if (distance === 1) return x
  const [before, size, after] = [x.shape.slice(0, axis), x.shape[axis], x.shape.slice(axis + 1)]
  const flat = tf.reshape(x, [before[0] ?? 1, size, 1, after.reduce((product, one) => product * one, 1)])
  const apart = tf.pad(flat, [[0, 0], [0, 0], [0, distance - 1], [0, 0]]) // prettier-ignore
  const wide = tf.reshape(apart, [...before, size * distance, ...after])
  const sizes = x.shape.with(axis, (size - 1) * distance + 1)
  return tf.slice4d(wide as tf.Tensor4D, [0, 0, 0, 0], sizes as typeof x.shape)
}

/** Runs a convolution for each group of channels. */
function perGroup(
  call: KernelCall,
  x: tf.Tensor4D,
  run: (x: tf.Tensor4D, weights: tf.Tensor) => tf.Tensor4D,
) {
  const [weights, count] = [tensorAt(call, 1), numberAttribute(call, 'group')]
  if (count === 1) return run(x, weights)
  const groups = tf.split(weights, count, 0)
  const parts = tf.split<tf.Tensor4D>(x, count, 3).map((part, index) => run(part, groups[index] ?? weights))
  return tf.concat(parts, 3)
}

function withBias(call: KernelCall, y: tf.Tensor): tf.Tensor {
  const bias = call.tensor(2)
  return channelsFirst(bias ? tf.add(y, bias) : y)
}

/** y = x ⋆ weights + bias */
export const conv: Kernel = (call) => {
  const window = windowOf(call, operandAt(call, 1).shape.slice(2))
  const x = padded(channelsLast(tensorAt(call, 0)), window)
  const y = perGroup(call, x, (part, weights) =>
    tf.conv2d(part, weightsOf(weights, window), [...window.strides], 'valid'),
  )
  return withBias(call, y)
}

/** The transpose of a convolution: crops the pads that the convolution would have added. */
export const convTranspose: Kernel = (call) => {
  const window = windowOf(call, operandAt(call, 1).shape.slice(2))
  const x = channelsLast(tensorAt(call, 0))
  const y = perGroup(call, x, (part, weights) => transposed(part, weightsOf(weights, window), window))
  return withBias(call, cropped(y, window, outputOf(call).shape.slice(2)))
}

function transposed(x: tf.Tensor4D, weights: tf.Tensor4D, { strides }: Window): tf.Tensor4D {
  const [batch, height, width] = x.shape
  const [kernelHeight, kernelWidth, filters] = weights.shape
  const size = [strides[0] * (height - 1) + kernelHeight, strides[1] * (width - 1) + kernelWidth] as const
  return tf.conv2dTranspose(x, weights, [batch, ...size, filters], [...strides], 'valid')
}

/** `output_padding` may reach beyond what the convolution gives: there the result is zero. */
function cropped(y: tf.Tensor4D, { pads: [top, left] }: Window, size: readonly number[]): tf.Tensor4D {
  const [batch, height, width, channels] = y.shape
  const [wantedHeight, wantedWidth] = [sizeAt(size, 0), sizeAt(size, 1)]
  const below = Math.max(0, top + wantedHeight - height)
  const beside = Math.max(0, left + wantedWidth - width)
  const large = tf.pad(y, [[0, 0], [0, below], [0, beside], [0, 0]]) // prettier-ignore
  return tf.slice4d(large, [0, top, left, 0], [batch, wantedHeight, wantedWidth, channels])
}

/** MaxPool. */
export const maxPool: Kernel = (call) => {
  const window = windowOf(call)
  const x = padded(channelsLast(tensorAt(call, 0)), window, lowest)
  return channelsFirst(tf.maxPool(x, [...window.kernel], [...window.strides], 'valid'))
}

/** Σ window / n, where n counts the pads only with `count_include_pad`: mean(x) / mean(1 where x is not padded). */
export const averagePool: Kernel = (call) => {
  const window = windowOf(call)
  const mean = (x: tf.Tensor4D): tf.Tensor4D =>
    tf.avgPool(padded(x, window), [...window.kernel], [...window.strides], 'valid')
  const x = channelsLast(tensorAt(call, 0))
  const hasPads = window.pads.some((pad) => pad > 0)
  if (!hasPads || numberAttribute(call, 'count_include_pad') === 1) return channelsFirst(mean(x))
  return channelsFirst(tf.div(mean(x), mean(tf.ones([1, x.shape[1], x.shape[2], 1]))))
}
