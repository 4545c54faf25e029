/** Rules of convolutions and their gradients: tfjs' channels-last kernels on ONNX's channels-first operators. */
import { at } from '../../util/at'
import type { Value } from '../../graph/types'
import type { Shape } from '../../util/shapes'
import type { KernelCall, Rule } from '../kernelCall'
import { activate } from './products'
import {
  backwardAttributes,
  filterWindows,
  forwardAttributes,
  fromChannelsFirst,
  isChannelsFirst,
  toChannelsFirst,
  type Windows,
} from './windows'

/** Exchanges batch and channels: [a, b, h, w] -> [b, a, h, w]. */
const exchanged = [1, 0, 2, 3] as const

/** y = Conv(x, filter, bias): filter [height, width, in, out] -> [out, in, height, width]. */
function convolve(call: KernelCall, bias: Value | null): Value {
  const [x, filter] = [call.input('x'), call.input('filter')]
  const windows = filterWindows(call, x.shape, filter.shape)
  const operands = [toChannelsFirst(call, x), outFirst(call, filter), ...(bias ? [bias] : [])]
  return fromChannelsFirst(call, call.add('Conv', operands, forwardAttributes(windows)))
}

function outFirst(call: KernelCall, filter: Value): Value {
  return call.transpose(filter, [3, 2, 0, 1])
}

/** Convolution, bias and activation in one kernel. Conv takes a bias [out] only. */
const fused =
  (convolution: (call: KernelCall, bias: Value | null) => Value): Rule =>
  (call) => {
    const bias = call.optional('bias')
    if (!bias || bias.shape.length === 1) return activate(call, convolution(call, bias))
    return activate(call, call.add('Add', [convolution(call, null), bias]))
  }

/** dx = ConvTranspose(dy, filter): every dy is laid back over its window. */
function inputGradient(call: KernelCall): Value {
  const filter = call.input('filter')
  const windows = filterWindows(call, call.attribute<Shape>('inputShape'), filter.shape)
  const dy = toChannelsFirst(call, call.input('dy'))
  const dx = call.add('ConvTranspose', [dy, outFirst(call, filter)], backwardAttributes(windows))
  return fromChannelsFirst(call, dx)
}

/**
 * dfilter[i, j, c, o] = Σ over batch n and windows (p, q) of x[n, p·stride + i, q·stride + j, c] · dy[n, p, q, o]:
 * a convolution of x with dy where the batch takes the channels' place and the stride becomes a dilation.
 */
function filterGradient(call: KernelCall): Value {
  const windows = filterWindows(call, call.input('x').shape, call.attribute<Shape>('filterShape'))
  const x = batchAsChannels(call, call.input('x'))
  const dy = batchAsChannels(call, call.input('dy'))
  const gradient = call.add('Conv', [x, dy], swappedAttributes(windows))
  return call.transpose(withoutUncovered(call, gradient, windows), [2, 3, 0, 1])
}

/** [batch, height, width, channels] or [batch, channels, height, width] -> [channels, batch, height, width] */
function batchAsChannels(call: KernelCall, image: Value): Value {
  return call.transpose(image, isChannelsFirst(call) ? exchanged : [3, 0, 1, 2])
}

/** Steps inside of a window and steps from window to window change roles. */
function swappedAttributes({ strides, dilations, pads }: Windows) {
  return { strides: dilations, dilations: strides, pads }
}

/** Where the windows leave rows uncovered, the swapped convolution fits more often than the kernel is large. */
function withoutUncovered(call: KernelCall, gradient: Value, { kernel, uncovered }: Windows): Value {
  if (uncovered.every((count) => count === 0)) return gradient
  return call.add('Slice', [gradient, call.int64([0, 0]), call.int64(kernel), call.int64([2, 3])])
}

/** Each channel has its own filters: filter [height, width, in, multiplier]. */
function convolveDepthwise(call: KernelCall, bias: Value | null): Value {
  const [x, filter] = [call.input('x'), call.input('filter')]
  const windows = filterWindows(call, x.shape, filter.shape, 'depthwise')
  const operands = [toChannelsFirst(call, x), grouped(call, filter), ...(bias ? [bias] : [])]
  const attributes = { ...forwardAttributes(windows), group: at(filter.shape, 2) }
  return fromChannelsFirst(call, call.add('Conv', operands, attributes))
}

/** [height, width, in, multiplier] -> [in · multiplier, 1, height, width] */
function grouped(call: KernelCall, filter: Value): Value {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = filter.shape
  return call.reshape(call.transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width])
}

/** Each dy goes back in a group of its own, then the multiplier's are added: larger groups fail on WebGPU. */
function depthwiseInputGradient(call: KernelCall): Value {
  const filter = call.input('filter')
  const [batch = 1, height = 1, width = 1, channels = 1] = call.attribute<Shape>('inputShape')
  const windows = filterWindows(call, [batch, height, width, channels], filter.shape, 'depthwise')
  const multiplier = at(filter.shape, 3)
  const attributes = { ...backwardAttributes(windows), group: channels * multiplier }
  const operands = [toChannelsFirst(call, call.input('dy')), grouped(call, filter)]
  const parts = call.add('ConvTranspose', operands, attributes)
  if (multiplier === 1) return fromChannelsFirst(call, parts)
  const beside = call.reshape(parts, [batch, channels, multiplier, height, width])
  return fromChannelsFirst(call, call.add('ReduceSum', [beside, call.int64([2])], { keepdims: 0 }))
}

/** Like `filterGradient`, in one group for each channel: x [1, in · batch, h, w] with dy [in · multiplier, batch, h', w']. */
function depthwiseFilterGradient(call: KernelCall): Value {
  const shape = call.attribute<Shape>('filterShape')
  const [height = 1, width = 1, channels = 1, multiplier = 1] = shape
  const windows = filterWindows(call, call.input('x').shape, shape, 'depthwise')
  const x = batchAsChannels(call, call.input('x'))
  const [, batch = 1, ...sizes] = x.shape
  const groups = call.reshape(x, [1, channels * batch, ...sizes])
  const attributes = { ...swappedAttributes(windows), group: channels }
  const gradient = call.add('Conv', [groups, batchAsChannels(call, call.input('dy'))], attributes)
  const kernels = call.reshape(withoutUncovered(call, gradient, windows), [
    channels,
    multiplier,
    height,
    width,
  ])
  return call.transpose(kernels, [2, 3, 0, 1])
}

/** Rules of convolutions and their gradients. */
export const convolutionRules: Readonly<Record<string, Rule>> = {
  Conv2D: (call) => convolve(call, null),
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: inputGradient,
  DepthwiseConv2dNative: (call) => convolveDepthwise(call, null),
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  FusedConv2D: fused(convolve),
  FusedDepthwiseConv2D: fused(convolveDepthwise),
}
