/** Rules of pooling and its gradients, in operators that every runtime has: none gives the position of a maximum. */
import type { Value } from '../../graph/types'
import type { KernelCall, Rule } from '../kernelCall'
import { backwardAttributes, channelsFirst, channelsLast, poolWindows, type Windows } from './windows'

/** The lowest float32; unlike −∞ its product with 0 is a number. */
const lowest = -3.4028234663852886e38

/** Padding counts neither as a maximum nor in an average. */
const pool =
  (op: 'MaxPool' | 'AveragePool'): Rule =>
  (call) => {
    const x = call.input('x')
    const { kernel, strides, pads } = poolWindows(call, x.shape)
    const image = call.transpose(x, channelsFirst)
    return call.transpose(call.add(op, [image], { kernel_shape: kernel, strides, pads }), channelsLast)
  }

/** [batch, height, width, channels] -> [batch · channels, 1, height, width]: pooling knows no channels. */
function planes(call: KernelCall, image: Value): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = image.shape
  return call.reshape(call.transpose(image, channelsFirst), [batch * channels, 1, height, width])
}

/** The reverse of `planes`, into the shape of `image`. */
function fromPlanes(call: KernelCall, value: Value, image: Value): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = image.shape
  return call.transpose(call.reshape(value, [batch, channels, height, width]), channelsLast)
}

/** One filter per element of the window, 1 there and 0 elsewhere: [kh · kw, 1, kh, kw]. */
function selectors(call: KernelCall, [height, width]: Windows['kernel']): Value {
  const size = height * width
  const identity = Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0))
  return call.constant(identity, [size, 1, height, width])
}

/** What lies under each window: [planes, 1, h, w] -> [planes, kh · kw, h', w']. */
function patches(call: KernelCall, x: Value, { kernel, strides, pads }: Windows): Value {
  const [top, left, bottom, right] = pads
  const isPadded = pads.some((pad) => pad > 0)
  const margins = call.int64([0, 0, top, left, 0, 0, bottom, right])
  const padded = isPadded ? call.add('Pad', [x, margins, call.scalar(lowest)]) : x
  return call.add('Conv', [padded, selectors(call, kernel)], { strides })
}

/**
 * dy goes to the first element of its window, row by row, that is the maximum, as in tfjs. Among the maxima the first
 * is the one with the highest score, where scores fall from element to element.
 */
function maxPoolGrad(call: KernelCall): Value {
  const x = call.input('input')
  const windows = poolWindows(call, x.shape)
  const size = windows.kernel[0] * windows.kernel[1]
  const elements = patches(call, planes(call, x), windows)
  const isMaximum = call.add('Equal', [elements, planes(call, call.input('output'))])
  const falling = call.constant(
    Array.from({ length: size }, (_, index) => size - index),
    [size, 1, 1],
  )
  const scores = call.add('Where', [isMaximum, falling, call.scalar(0)])
  const isFirst = call.add('Equal', [scores, call.add('ReduceMax', [scores], { axes: [1], keepdims: 1 })])
  const gradients = call.add('Where', [isFirst, planes(call, call.input('dy')), call.scalar(0)])
  const laid = areApart(windows)
    ? sideBySide(call, gradients, windows.kernel, x)
    : overlaid(call, gradients, selectors(call, windows.kernel), windows)
  return fromPlanes(call, laid, x)
}

/** Whether each element lies in one window at most. */
function areApart({ kernel, strides, pads }: Windows): boolean {
  return kernel.every((size, axis) => size === strides[axis]) && pads.every((pad) => pad === 0)
}

/**
 * The elements of windows that lie apart, each at its place: [planes, kh · kw, h', w'] -> [planes, 1, h, w]. Nothing is
 * multiplied, so that an infinite gradient makes no NaN of the zeros beside it.
 */
function sideBySide(
  call: KernelCall,
  elements: Value,
  [kernelHeight, kernelWidth]: Windows['kernel'],
  image: Value,
): Value {
  const [count = 1, , rows = 1, columns = 1] = elements.shape
  const [, height = 1, width = 1] = image.shape
  const [tall, wide] = [rows * kernelHeight, columns * kernelWidth]
  // One axis at a time, which runtimes move in whole pieces.
  const apart = call.reshape(elements, [count * kernelHeight, kernelWidth, rows * columns])
  const lines = call.reshape(call.transpose(apart, [0, 2, 1]), [count, kernelHeight, rows, wide])
  const laid = call.reshape(call.transpose(lines, [0, 2, 1, 3]), [count, 1, tall, wide])
  if (tall === height && wide === width) return laid
  return call.add('Pad', [laid, call.int64([0, 0, 0, 0, 0, 0, height - tall, width - wide]), call.scalar(0)])
}

/** Lays windows back over the image and adds where they overlap. */
function overlaid(call: KernelCall, gradients: Value, filters: Value, windows: Windows): Value {
  return call.add('ConvTranspose', [gradients, filters], backwardAttributes(windows))
}

/** Every element of a window gets dy / (kh · kw), as in tfjs also where the window reaches into the padding. */
function avgPoolGrad(call: KernelCall): Value {
  const x = call.input('input')
  const windows = poolWindows(call, x.shape)
  const [height, width] = windows.kernel
  const share = call.filled(1 / (height * width), [1, 1, height, width])
  return fromPlanes(call, overlaid(call, planes(call, call.input('dy')), share, windows), x)
}

/** Rules of pooling and its gradients. */
export const poolingRules: Readonly<Record<string, Rule>> = {
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: avgPoolGrad,
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxPoolGrad,
}
