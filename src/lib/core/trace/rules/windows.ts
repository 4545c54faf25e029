/** How the windows of a convolution or pooling kernel lie over an image: tfjs' own reckoning, in ONNX's attributes. */
import { tf } from '../../eager/tfjs'
import type { AttributeValue, Value } from '../../graph/types'
import type { Shape } from '../../util/shapes'
import type { KernelCall } from '../kernelCall'

type Pair = readonly [number, number]

/** [batch, height, width, channels] -> [batch, channels, height, width] */
export const channelsFirst = [0, 3, 1, 2] as const
/** [batch, channels, height, width] -> [batch, height, width, channels] */
export const channelsLast = [0, 2, 3, 1] as const

/** The windows over an image; pairs are height and width. */
export interface Windows {
  readonly kernel: Pair
  readonly strides: Pair
  readonly dilations: Pair
  /** What is added around the image so that the windows fit: [top, left, bottom, right]. */
  readonly pads: readonly [number, number, number, number]
  /** Rows and columns at the end of the image under no window. */
  readonly uncovered: Pair
  /** Windows per column and row. */
  readonly counts: Pair
}

type Padding = Parameters<typeof tf.backend_util.computeConv2DInfo>[4]
type Rounding = 'floor' | 'round' | 'ceil'
type Sizes = [number, number] | number

/** Windows of a convolution of an image and a filter of these shapes, in tfjs' axis orders. */
export function filterWindows(
  call: KernelCall,
  image: Shape,
  filter: Shape,
  kind: 'full' | 'depthwise' = 'full',
): Windows {
  const info = tf.backend_util.computeConv2DInfo(
    image as [number, number, number, number],
    filter as [number, number, number, number],
    call.attribute<Sizes>('strides'),
    call.attribute<Sizes | undefined>('dilations') ?? 1,
    call.attribute<Padding>('pad'),
    call.attribute<Rounding | undefined>('dimRoundingMode'),
    kind === 'depthwise',
    isChannelsFirst(call) ? 'channelsFirst' : 'channelsLast',
  )
  return windowsOf(info)
}

/** Windows of pooling an image [batch, height, width, channels]. */
export function poolWindows(call: KernelCall, image: Shape): Windows {
  const info = tf.backend_util.computePool2DInfo(
    image as [number, number, number, number],
    call.attribute<Sizes>('filterSize'),
    call.attribute<Sizes>('strides'),
    1,
    call.attribute<Padding>('pad'),
    call.attribute<Rounding | undefined>('dimRoundingMode'),
  )
  return windowsOf(info)
}

/** The windows span stride · (count − 1) + extent, which is the padded image less what stays uncovered. */
function windowsOf(info: tf.backend_util.Conv2DInfo): Windows {
  const missing = (size: number, count: number, stride: number, extent: number, before: number): number =>
    stride * (count - 1) + extent - size - before
  const { top, left } = info.padInfo
  const bottom = missing(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, top)
  const right = missing(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, left)
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, Math.max(bottom, 0), Math.max(right, 0)],
    uncovered: [Math.max(-bottom, 0), Math.max(-right, 0)],
    counts: [info.outHeight, info.outWidth],
  }
}

/** Whether a kernel has its channels before height and width. */
export function isChannelsFirst(call: KernelCall): boolean {
  return call.attribute<string | undefined>('dataFormat') === 'NCHW'
}

/** The value with channels first, from the order that the call's data have. */
export function toChannelsFirst(call: KernelCall, image: Value): Value {
  return isChannelsFirst(call) ? image : call.transpose(image, channelsFirst)
}

/** The value in the order that the call's data have, from channels first. */
export function fromChannelsFirst(call: KernelCall, image: Value): Value {
  return isChannelsFirst(call) ? image : call.transpose(image, channelsLast)
}

/** Attributes of Conv. */
export function forwardAttributes({ strides, dilations, pads }: Windows): Record<string, AttributeValue> {
  return { strides, dilations, pads }
}

/** Attributes of ConvTranspose that carries what lies under the windows back to the image; the uncovered gets 0. */
export function backwardAttributes(windows: Windows): Record<string, AttributeValue> {
  return { ...forwardAttributes(windows), output_padding: windows.uncovered }
}
