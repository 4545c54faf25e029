/**
 * Kernels of the cpu and wasm backends that lose NaN, which PyTorch and TensorFlow hand on: each runs as it is, and only where its
 * input has a NaN the results that it belongs to are written once more.
 */
import * as tf from '@tensorflow/tfjs-core'
import { at } from '../util/at'
import { sizeOf } from '../util/shapes'

type Info = tf.TensorInfo
type Values = Float32Array | Int32Array | Uint8Array

/** The engines, which give the values of a tensor that lies on the host. */
interface HostBackend {
  readonly data?: { get(dataId: object): { readonly values: Values } }
  typedArrayFromHeap?(info: Info): Values
}

interface Call {
  readonly inputs: Readonly<Record<string, Info>>
  readonly attrs: Readonly<Record<string, unknown>>
  readonly out: Info
  readonly valuesOf: (info: Info) => Values
}

/** Writes the results once more; called for each kernel that has run. */
type Correction = (call: Call) => void

/** Every step looks at all elements: eight at a time, whose sum is NaN where one of them is. */
function hasNaN(values: Values): boolean {
  const floats = values as Float32Array
  const whole = floats.length - (floats.length % blockSize)
  for (let index = 0; index < whole; index += blockSize) {
    const sum = sumOfBlock(floats, index)
    // Of ∞ and −∞ too.
    if (Number.isNaN(sum) && hasNaNBetween(floats, index, index + blockSize)) return true
  }
  return hasNaNBetween(floats, whole, floats.length)
}

const blockSize = 8

function sumOfBlock(values: Float32Array, start: number): number {
  const value = (offset: number) => values[start + offset] as number
  const [first, second] = [
    value(0) + value(1) + (value(2) + value(3)),
    value(4) + value(5) + (value(6) + value(7)),
  ]
  return first + second
}

function hasNaNBetween(values: Float32Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (Number.isNaN(values[index])) return true
  return false
}

const isFloat = ({ dtype }: Info) => dtype === 'float32'

/** NaN stays NaN, element by element. */
const ofOne: Correction = ({ inputs, out, valuesOf }) => {
  const x = inputs['x'] as Info
  if (!isFloat(x)) return
  const values = valuesOf(x)
  if (!hasNaN(values)) return
  const results = valuesOf(out)
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index])) results[index] = NaN
  }
}

/** NaN on either side is the result, also where that side is stretched. */
const ofTwo: Correction = ({ inputs, out, valuesOf }) => {
  for (const side of [inputs['a'] as Info, inputs['b'] as Info]) {
    if (!isFloat(side)) continue
    const values = valuesOf(side)
    if (!hasNaN(values)) continue
    const results = valuesOf(out)
    const strides = stretchedStrides(side.shape, out.shape)
    for (let index = 0; index < results.length; index++) {
      if (Number.isNaN(values[placeOf(index, out.shape, strides)])) results[index] = NaN
    }
  }
}

/** How far apart neighbours along each axis of `shape` lie in what is stretched to it; 0 where it is. */
function stretchedStrides(own: readonly number[], shape: readonly number[]): number[] {
  const added = shape.length - own.length
  return shape.map((_, axis) => {
    const ownAxis = axis - added
    return ownAxis < 0 || own[ownAxis] === 1 ? 0 : sizeOf(own.slice(ownAxis + 1))
  })
}

function placeOf(index: number, shape: readonly number[], strides: readonly number[]): number {
  let [rest, place] = [index, 0]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = at(shape, axis)
    place += (rest % size) * at(strides, axis)
    rest = Math.floor(rest / size)
  }
  return place
}

/** The position of the first NaN, where there is one. */
const ofPositions: Correction = ({ inputs, attrs, out, valuesOf }) => {
  const x = inputs['x'] as Info
  if (!isFloat(x)) return
  const values = valuesOf(x)
  if (!hasNaN(values)) return
  const [axis = 0] = tf.util.parseAxisParam(attrs['axis'] as number, x.shape)
  const [size, inner] = [at(x.shape, axis), sizeOf(x.shape.slice(axis + 1))]
  const results = valuesOf(out)
  for (let index = 0; index < results.length; index++) {
    const start = Math.floor(index / inner) * size * inner + (index % inner)
    for (let position = 0; position < size; position++) {
      if (!Number.isNaN(values[start + position * inner])) continue
      results[index] = position
      break
    }
  }
}

interface PoolAttributes {
  readonly filterSize: [number, number]
  readonly strides: [number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

function poolInfo({ shape }: Info, attributes: Call['attrs']): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as PoolAttributes
  const image = shape as [number, number, number, number]
  return tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, pad, dimRoundingMode)
}

/** NaN for each window of [n, height, width, channels] that has one. */
const ofWindows: Correction = ({ inputs, attrs, out, valuesOf }) => {
  const x = inputs['x'] as Info
  if (!isFloat(x)) return
  const values = valuesOf(x)
  if (!hasNaN(values)) return
  const info = poolInfo(x, attrs)
  const [, height, width, channels] = x.shape as [number, number, number, number]
  const results = valuesOf(out)
  const reach = (place: number, stride: number, before: number, length: number, count: number) =>
    [
      Math.max(0, Math.ceil((place + before - length + 1) / stride)),
      Math.min(count - 1, Math.floor((place + before) / stride)),
    ] as const
  for (let index = 0; index < values.length; index++) {
    if (!Number.isNaN(values[index])) continue
    const column = Math.floor(index / channels) % width
    const row = Math.floor(index / (channels * width)) % height
    const image = Math.floor(index / (channels * width * height))
    const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth, outHeight, outWidth } = info
    const [top, bottom] = reach(row, strideHeight, padInfo.top, filterHeight, outHeight)
    const [left, right] = reach(column, strideWidth, padInfo.left, filterWidth, outWidth)
    for (let y = top; y <= bottom; y++) {
      for (let z = left; z <= right; z++) {
        results[((image * outHeight + y) * outWidth + z) * channels + (index % channels)] = NaN
      }
    }
  }
}

/**
 * dy goes to the first element of its window that is the largest. The kernel's own multiplies by 0 elsewhere, which makes NaN of
 * an infinite dy, such as that of a root of 0.
 */
const ofPoolGradient: Correction = ({ inputs, attrs, out, valuesOf }) => {
  const [dy, x] = [inputs['dy'] as Info, inputs['input'] as Info]
  const gradients = valuesOf(dy)
  if (areFinite(gradients)) return
  const [values, results] = [valuesOf(x), valuesOf(out)]
  const [, height, width, channels] = x.shape as [number, number, number, number]
  const info = poolInfo(x, attrs)
  const { outHeight, outWidth, padInfo, strideHeight, strideWidth } = info
  results.fill(0)
  for (let index = 0; index < gradients.length; index++) {
    const left = (Math.floor(index / channels) % outWidth) * strideWidth - padInfo.left
    const top = (Math.floor(index / (channels * outWidth)) % outHeight) * strideHeight - padInfo.top
    const image = Math.floor(index / (channels * outWidth * outHeight))
    let [best, largest] = [-1, -Infinity]
    for (let row = Math.max(0, top); row < Math.min(height, top + info.filterHeight); row++) {
      for (let column = Math.max(0, left); column < Math.min(width, left + info.filterWidth); column++) {
        const place = ((image * height + row) * width + column) * channels + (index % channels)
        const value = at(values, place)
        if (best >= 0 && !(value > largest)) continue
        ;[best, largest] = [place, value]
      }
    }
    if (best >= 0) results[best] = at(results, best) + at(gradients, index)
  }
}

function areFinite(values: Values): boolean {
  return values.every((value) => Number.isFinite(value))
}

/** True for everything but 0, where a byte would keep the last 8 bits. */
const ofFlags: Correction = ({ inputs, attrs, out, valuesOf }) => {
  const x = inputs['x'] as Info
  if (attrs['dtype'] !== 'bool' || x.dtype === 'bool') return
  const [values, results] = [valuesOf(x), valuesOf(out)]
  for (let index = 0; index < values.length; index++) results[index] = values[index] === 0 ? 0 : 1
}

const corrections: Readonly<Record<'cpu' | 'wasm', Readonly<Record<string, Correction>>>> = {
  cpu: { ArgMax: ofPositions, ArgMin: ofPositions, MaxPool: ofWindows },
  wasm: {
    ArgMax: ofPositions,
    ArgMin: ofPositions,
    Cast: ofFlags,
    ClipByValue: ofOne,
    Maximum: ofTwo,
    MaxPool: ofWindows,
    MaxPoolGrad: ofPoolGradient,
    Minimum: ofTwo,
    Relu6: ofOne,
  },
}

const corrected = new Set<string>()

/** Has the kernels of a backend hand NaN on; before it starts, once. */
export function handOnNaN(backendName: 'cpu' | 'wasm'): void {
  if (corrected.has(backendName)) return
  corrected.add(backendName)
  for (const [kernelName, correct] of Object.entries(corrections[backendName])) {
    const config = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined
    if (!config) throw new Error(`internal: ${backendName} has no kernel ${kernelName}`)
    tf.unregisterKernel(kernelName, backendName)
    tf.registerKernel({ ...config, kernelFunc: corrects(config.kernelFunc, correct) })
  }
}

function corrects(kernelFunc: tf.KernelFunc, correct: Correction): tf.KernelFunc {
  return (given) => {
    const out = kernelFunc(given)
    const backend = given.backend as HostBackend
    const valuesOf = (info: Info) =>
      backend.typedArrayFromHeap?.(info) ?? (backend.data?.get(info.dataId) as { values: Values }).values
    const { inputs, attrs } = given as unknown as Pick<Call, 'inputs' | 'attrs'>
    correct({ inputs, attrs, out: out as Info, valuesOf })
    return out
  }
}
