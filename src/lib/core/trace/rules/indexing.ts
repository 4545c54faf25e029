/** Rules of kernels that read or write at computed positions. */
import { at } from '../../util/at'
import { tf } from '../../eager/tfjs'
import type { DType, Value } from '../../graph/types'
import { sizeOf, type Shape } from '../../util/shapes'
import type { KernelCall, Rule } from '../kernelCall'
import { axisOf } from './axes'

function gather(call: KernelCall): Value {
  const [x, indices] = [call.input('x'), call.input('indices')]
  const batchDims = call.attribute<number | undefined>('batchDims') ?? 0
  if (batchDims !== 0) throw call.unsupported(`batchDims ${batchDims}`)
  const axis = axisOf(call.attribute<number>('axis'), x.shape.length)
  return call.add('Gather', [x, call.cast(indices, 'int32')], { axis })
}

function gatherNd(call: KernelCall): Value {
  return call.add('GatherND', [call.input('params'), call.cast(call.input('indices'), 'int64')])
}

/** Values that meet at one position add up. */
function scatterNd(call: KernelCall): Value {
  const updates = call.input('updates')
  const zeros = call.filled(0, call.attribute<Shape>('shape'), updates.dtype)
  return call.add('ScatterND', [zeros, call.cast(call.input('indices'), 'int64'), updates], {
    reduction: 'add',
  })
}

/** indices[..] = class ? onValue : offValue, over a new last axis of classes. */
function oneHot(call: KernelCall): Value {
  const indices = call.cast(call.input('indices'), 'int32')
  const depth = call.attribute<number>('depth')
  const dtype = call.attribute<'float32' | 'int32' | 'bool' | undefined>('dtype') ?? 'float32'
  const classes = call.constant(
    Array.from({ length: depth }, (_, index) => index),
    [depth],
    'int32',
  )
  const isClass = call.add('Equal', [call.reshape(indices, [...indices.shape, 1]), classes])
  const [on, off] = [call.attribute<number>('onValue'), call.attribute<number>('offValue')]
  if (on === 1 && off === 0) return call.cast(isClass, dtype)
  if (dtype === 'bool') throw call.unsupported(`truth values ${on} and ${off}`)
  return call.add('Where', [isClass, call.scalar(on, dtype), call.scalar(off, dtype)])
}

/** sums[s, ..] = Σ of x[i, ..] with segmentIds[i] = s: the gradient of a gather along the first axis. */
function segmentSum(call: KernelCall): Value {
  const [x, ids] = [call.input('x'), call.cast(call.input('segmentIds'), 'int32')]
  const segments = call.attribute<number>('numSegments')
  const inner = x.shape.slice(ids.shape.length)
  const [count, width] = [sizeOf(ids.shape), sizeOf(inner)]
  const rows = call.reshape(x, [count, width])
  const targets = call.add('Expand', [call.reshape(ids, [count, 1]), call.int64([count, width])])
  const zeros = call.filled(0, [segments, width], x.dtype)
  const sums = call.add('ScatterElements', [zeros, targets, rows], { axis: 0, reduction: 'add' })
  return call.reshape(sums, [segments, ...inner])
}

function stridedSlice(call: KernelCall): Value {
  const x = call.input('x')
  const mask = (name: string): number => call.attribute<number>(name)
  const { begin, end, strides, finalShape } = tf.slice_util.sliceInfo(
    [...x.shape],
    call.attribute<number[]>('begin'),
    call.attribute<number[]>('end'),
    call.attribute<number[]>('strides'),
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  )
  const axes = x.shape.map((_, axis) => axis)
  // tfjs counts from the front, so −1 ends before the first element; to ONNX −1 is the last.
  const ends = axes.map((axis) => {
    const last = at(end, axis)
    return last < 0 ? last - at(x.shape, axis) : last
  })
  const operands = [begin, ends, axes, strides].map((values) => call.int64(values))
  return call.reshape(call.add('Slice', [x, ...operands]), finalShape)
}

/** start, start + step, .. before stop; a step of 1 also runs downwards. */
function range(call: KernelCall): Value {
  const [start, stop] = [call.attribute<number>('start'), call.attribute<number>('stop')]
  const given = call.attribute<number>('step')
  const step = given === 1 && stop < start ? -1 : given
  const count = Math.max(0, Math.ceil((stop - start) / step))
  return sequence(call, count, (index) => start + index * step, call.attribute<DType>('dtype'))
}

/** `num` values at equal distances from start to stop. */
function linSpace(call: KernelCall): Value {
  const [start, stop] = [call.attribute<number>('start'), call.attribute<number>('stop')]
  const count = call.attribute<number>('num')
  const step = count > 1 ? (stop - start) / (count - 1) : 0
  return sequence(call, count, (index) => start + index * step, 'float32')
}

function sequence(call: KernelCall, count: number, at: (index: number) => number, dtype: DType): Value {
  return call.constant(
    Array.from({ length: count }, (_, index) => at(index)),
    [count],
    dtype,
  )
}

/** Rules of what takes indices. */
export const indexingRules: Readonly<Record<string, Rule>> = {
  GatherNd: gatherNd,
  GatherV2: gather,
  LinSpace: linSpace,
  OneHot: oneHot,
  Range: range,
  ScatterNd: scatterNd,
  StridedSlice: stridedSlice,
  UnsortedSegmentSum: segmentSum,
}
