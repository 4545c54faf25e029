/** Rules of kernels that move, join, cut or make values without arithmetic. */
import { at } from '../../util/at'
import { tf } from '../../eager/tfjs'
import type { Value } from '../../graph/types'
import { sizeOf, type Shape } from '../../util/shapes'
import type { KernelCall, Rule } from '../kernelCall'
import { axesOf, axisOf } from './axes'

function expandDims(call: KernelCall): Value {
  const x = call.input('input')
  const axis = axisOf(call.attribute<number>('dim'), x.shape.length + 1)
  return call.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)])
}

function concat(call: KernelCall): Value {
  const parts = call.list().filter(({ shape }) => sizeOf(shape) > 0)
  const [first] = parts
  if (parts.length === 1 && first) return first
  return call.add('Concat', parts, { axis: axisOf(call.attribute<number>('axis'), first?.shape.length ?? 1) })
}

/** Joins along a new axis. */
function pack(call: KernelCall): Value {
  const parts = call.list()
  const rank = (parts[0]?.shape.length ?? 0) + 1
  const axis = axisOf(call.attribute<number>('axis'), rank)
  const expanded = parts.map((part) =>
    call.reshape(part, [...part.shape.slice(0, axis), 1, ...part.shape.slice(axis)]),
  )
  return call.add('Concat', expanded, { axis })
}

/** Cuts along an axis, which goes away. */
function unpack(call: KernelCall): readonly Value[] {
  const x = call.input('value')
  const axis = axisOf(call.attribute<number>('axis'), x.shape.length)
  const count = at(x.shape, axis)
  const shape = x.shape.filter((_, index) => index !== axis)
  if (count === 1) return [call.reshape(x, shape)]
  const parts = call.addMany('Split', [x, call.int64(new Array<number>(count).fill(1))], { axis })
  return parts.map((part) => call.reshape(part, shape))
}

function splitV(call: KernelCall): readonly Value[] {
  const x = call.input('x')
  const axis = axisOf(call.attribute<number>('axis'), x.shape.length)
  const sizes = call.attribute<number | readonly number[]>('numOrSizeSplits')
  const total = at(x.shape, axis)
  const lengths =
    typeof sizes === 'number' ? new Array<number>(sizes).fill(total / sizes) : withRest(sizes, total)
  return lengths.length === 1 ? [x] : call.addMany('Split', [x, call.int64(lengths)], { axis })
}

/** One size may be −1: what the others leave. */
function withRest(sizes: readonly number[], total: number): number[] {
  const given = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0)
  return sizes.map((size) => (size < 0 ? total - given : size))
}

function slice(call: KernelCall): Value {
  const x = call.input('x')
  const [starts = [], sizes = []] = tf.slice_util.parseSliceParams(
    x as unknown as tf.Tensor,
    call.attribute<number | number[]>('begin'),
    call.attribute<number | number[]>('size'),
  )
  const ends = starts.map((start, axis) => start + at(sizes, axis))
  return call.add('Slice', [x, call.int64(starts), call.int64(ends)])
}

function reverse(call: KernelCall): Value {
  const x = call.input('x')
  const axes = axesOf(call.attribute<number | readonly number[] | undefined>('dims'), x.shape.length)
  const last = axes.map(() => -1)
  const beforeFirst = axes.map((axis) => -1 - at(x.shape, axis))
  return call.add('Slice', [x, call.int64(last), call.int64(beforeFirst), call.int64(axes), call.int64(last)])
}

function pad(call: KernelCall): Value {
  const x = call.input('x')
  const paddings = call.attribute<readonly (readonly [number, number])[]>('paddings')
  const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]
  const value = call.attribute<number | undefined>('constantValue') ?? 0
  return call.add('Pad', [x, call.int64(pads), call.scalar(value, x.dtype)])
}

function fill(call: KernelCall): Value {
  const dtype = call.attribute<'float32' | 'int32' | 'bool' | undefined>('dtype') ?? 'float32'
  return call.filled(call.attribute<number>('value'), call.attribute<Shape>('shape'), dtype)
}

/** Rules of what only moves elements. */
export const layoutRules: Readonly<Record<string, Rule>> = {
  Concat: concat,
  ExpandDims: expandDims,
  Fill: fill,
  OnesLike: (call) => call.filled(1, call.input('x').shape, call.input('x').dtype),
  Pack: pack,
  PadV2: pad,
  Reshape: (call) => {
    const x = call.input('x')
    return call.reshape(x, resolveShape(call.attribute<Shape>('shape'), sizeOf(x.shape)))
  },
  Reverse: reverse,
  Slice: slice,
  SplitV: splitV,
  Tile: (call) => call.add('Tile', [call.input('x'), call.int64(call.attribute<readonly number[]>('reps'))]),
  Transpose: (call) => call.transpose(call.input('x'), call.attribute<readonly number[]>('perm')),
  Unpack: unpack,
  ZerosLike: (call) => call.filled(0, call.input('x').shape, call.input('x').dtype),
}

/** One size may be −1: what the others leave. */
function resolveShape(shape: Shape, size: number): Shape {
  const given = shape.reduce((product, length) => (length < 0 ? product : product * length), 1)
  return shape.map((length) => (length < 0 ? size / given : length))
}
