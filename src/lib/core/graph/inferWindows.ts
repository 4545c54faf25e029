/** Shape rules of convolutions and pooling over [batch, channels, height, width]. */
import { printShape, type Shape } from '../util/shapes'
import {
  expectDType,
  expectRank,
  listAttribute,
  mismatch,
  numberAttribute,
  operandAt,
  operandsOf,
  sizeAt,
  type Call,
  type Operand,
} from './opRule'
import type { TensorType } from './types'

/** A window over height and width. */
export interface Window {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** [top, left, bottom, right] */
  readonly pads: readonly [number, number, number, number]
}

/** The window of a call; `kernel` where the weights have its size. */
export function windowOf(call: Call, kernel: Shape = listAttribute(call, 'kernel_shape') ?? []): Window {
  const [top, left, bottom, right] = numbers(call, 'pads', 4, [0, 0, 0, 0])
  return {
    kernel: pair(call, 'kernel_shape', kernel),
    strides: pair(call, 'strides', listAttribute(call, 'strides') ?? [1, 1]),
    dilations: pair(call, 'dilations', listAttribute(call, 'dilations') ?? [1, 1]),
    pads: [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0],
  }
}

function pair(call: Call, name: string, values: readonly number[]): readonly [number, number] {
  const [height, width] = values
  if (values.length !== 2 || height === undefined || width === undefined)
    throw wrongCount(call, name, 2, values)
  return [height, width]
}

function numbers(call: Call, name: string, count: number, missing: readonly number[]): readonly number[] {
  const values = listAttribute(call, name) ?? missing
  if (values.length !== count) throw wrongCount(call, name, count, values)
  return values
}

function wrongCount(call: Call, name: string, count: number, got: readonly number[]) {
  return mismatch(call, `${count} numbers as ${name}`, printShape(got), 'Give one per side or axis.')
}

/** Size after windows of `dilation·(kernel − 1) + 1` elements, `stride` apart, over the padded axis. */
function windowCount(call: Call, size: number, window: Window, axis: 0 | 1): number {
  const span = window.dilations[axis] * (window.kernel[axis] - 1) + 1
  const padded = size + window.pads[axis] + window.pads[axis === 0 ? 2 : 3]
  if (padded < span) {
    throw mismatch(
      call,
      `at least ${span} elements under the window`,
      String(padded),
      'Pad, or use a smaller kernel.',
    )
  }
  return Math.floor((padded - span) / window.strides[axis]) + 1
}

const images = 'an operand [batch, channels, height, width]'

function imageOf(call: Call, index: number, axes = images): Operand {
  const operand = operandAt(call, index)
  expectDType(call, operand, ['float32'])
  expectRank(call, operand, 4, axes)
  return operand
}

/** The shape rule of MaxPool and AveragePool. */
export function inferPool(call: Call): readonly TensorType[] {
  const { shape } = imageOf(call, 0)
  const window = windowOf(call)
  const height = windowCount(call, sizeAt(shape, 2), window, 0)
  const width = windowCount(call, sizeAt(shape, 3), window, 1)
  return [{ dtype: 'float32', shape: [sizeAt(shape, 0), sizeAt(shape, 1), height, width] }]
}

/** x [batch, c, h, w], weights [filters, c / group, kh, kw], bias [filters] -> [batch, filters, h', w']. */
export function inferConv(call: Call): readonly TensorType[] {
  const { shape: x } = imageOf(call, 0)
  const { shape: weights } = imageOf(call, 1, 'weights [filters, channels / group, height, width]')
  const group = numberAttribute(call, 'group')
  const [channels, filters] = [sizeAt(x, 1), sizeAt(weights, 0)]
  if (sizeAt(weights, 1) * group !== channels || filters % group !== 0)
    throw channelMismatch(call, x, weights)
  expectBias(call, filters)
  const window = windowOf(call, weights.slice(2))
  const height = windowCount(call, sizeAt(x, 2), window, 0)
  const width = windowCount(call, sizeAt(x, 3), window, 1)
  return [{ dtype: 'float32', shape: [sizeAt(x, 0), filters, height, width] }]
}

/** x [batch, c, h, w], weights [c, filters / group, kh, kw], bias [filters] -> [batch, filters, h', w']. */
export function inferConvTranspose(call: Call): readonly TensorType[] {
  const { shape: x } = imageOf(call, 0)
  const { shape: weights } = imageOf(call, 1, 'weights [channels, filters / group, height, width]')
  const group = numberAttribute(call, 'group')
  if (sizeAt(weights, 0) !== sizeAt(x, 1) || sizeAt(x, 1) % group !== 0)
    throw channelMismatch(call, x, weights)
  const filters = sizeAt(weights, 1) * group
  expectBias(call, filters)
  const window = windowOf(call, weights.slice(2))
  const extra = pair(call, 'output_padding', listAttribute(call, 'output_padding') ?? [0, 0])
  const sizes = ([0, 1] as const).map((axis) => {
    const span = window.dilations[axis] * (window.kernel[axis] - 1) + 1
    const pads = window.pads[axis] + window.pads[axis === 0 ? 2 : 3]
    return window.strides[axis] * (sizeAt(x, axis + 2) - 1) + extra[axis] + span - pads
  })
  return [{ dtype: 'float32', shape: [sizeAt(x, 0), filters, ...sizes] }]
}

function expectBias(call: Call, filters: number): void {
  const bias = operandsOf(call)[2]
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === filters)) return
  throw mismatch(call, `a bias [${filters}]`, printShape(bias.shape), 'Give one bias per filter.')
}

function channelMismatch(call: Call, x: Shape, weights: Shape) {
  const got = `${printShape(x)} and ${printShape(weights)}`
  return mismatch(call, 'weights for the channels and groups of the operand', got, 'Check the axis order.')
}
