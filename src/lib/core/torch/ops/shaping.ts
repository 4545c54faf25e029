/** What gives a tensor another shape, takes parts of it, or orders its entries anew. */
import { at } from '../../util/at'
import { safeIndices } from '../../eager/indexRange'
import { tf } from '../../eager/tfjs'
import { unstack } from '../../nn/unstack'
import { ArgumentError, ShapeError } from '../../util/errors'
import { flag, integer, integerList, integers } from '../../util/kinds'
import { resolveShape } from '../../util/shapeChecks'
import { isSameShape, printShape, sizeOf, type Shape } from '../../util/shapes'
import { axesOf, axisOf, partSizes } from '../axes'
import { picked } from '../kernels'
import { dim, dims, sizes, tensor } from '../kinds'
import { reshapedLayout, slicedLayout } from '../layouts'
import { result, results } from '../result'
import { reshaped, sliced, swapped, transposed } from '../shaped'
import type { Tensor } from '../tensorBase'
import { tensorOp } from '../tensorOp'

/** The same values in another shape; one size may be −1. */
export const reshape = tensorOp('reshape', { shape: sizes }, (input, { shape }): Tensor =>
  reshaped(input, resolveShape('reshape', shape, input.numel())),
)

/** Joins the dims from `startDim` to `endDim`: [n, c, h, w] with 1 becomes [n, c·h·w]. */
export const flatten = tensorOp(
  'flatten',
  { startDim: integer.or(0), endDim: integer.or(-1) },
  (input, { startDim, endDim }): Tensor => {
    if (input.ndim === 0) return reshaped(input, [1])
    const first = axisOf('flatten', startDim, input.ndim)
    const behind = axisOf('flatten', endDim, input.ndim) + 1
    const { shape } = input
    if (behind <= first) {
      throw new ArgumentError(
        `flatten: expected startDim not behind endDim, got ${startDim} and ${endDim}. Exchange them.`,
      )
    }
    const flat = reshaped(input, [
      ...shape.slice(0, first),
      sizeOf(shape.slice(first, behind)),
      ...shape.slice(behind),
    ])
    const [, channels = 1, height = 1, width = 1] = shape
    if (shape.length === 4 && first === 1 && behind === 4) flat.flattenedFrom = [height, width, channels]
    return flat
  },
)

/** Splits the dim `dim` into several; one size may be −1. */
export const unflatten = tensorOp(
  'unflatten',
  { dim, sizes: integerList },
  (input, { dim: given, sizes: parts }): Tensor => {
    const axis = axisOf('unflatten', given, input.ndim)
    const { shape } = input
    const split = resolveShape('unflatten', parts, at(shape, axis))
    return reshaped(input, [...shape.slice(0, axis), ...split, ...shape.slice(axis + 1)])
  },
)

/** Without the dims of size 1, or without those at `dim` whose size is 1. */
export const squeeze = tensorOp('squeeze', { dim: dims.or(null) }, (input, { dim: given }): Tensor => {
  const axes = given === null ? null : axesOf('squeeze', given, input.ndim)
  return reshaped(
    input,
    input.shape.filter((size, axis) => size !== 1 || (axes !== null && !axes.includes(axis))),
  )
})

/** With a dim of size 1 at `dim`. */
export const unsqueeze = tensorOp('unsqueeze', { dim }, (input, { dim: given }): Tensor => {
  const axis = axisOf('unsqueeze', given, input.ndim + 1)
  return reshaped(input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)])
})

/** Dim i of the result is dim `dims[i]` of the tensor. */
export const permute = tensorOp('permute', { dims: sizes }, (input, { dims: given }): Tensor => {
  const axes = given.map((each) => axisOf('permute', each, input.ndim))
  if (axes.length !== input.ndim || new Set(axes).size !== axes.length) {
    throw new ArgumentError(
      `permute: expected each of the ${input.ndim} dims once, got ${printShape(given)}. ` +
        'List every dim in its new order.',
    )
  }
  return transposed(input, axes)
})

/** Two dims exchanged. */
export const transpose = tensorOp(
  'transpose',
  { dim0: integer.also('axis0'), dim1: integer.also('axis1') },
  (input, { dim0, dim1 }): Tensor => swapped('transpose', input, dim0, dim1),
)

/** A matrix with rows and columns exchanged; a vector as it is. */
export const t = tensorOp('t', {}, (input): Tensor => {
  if (input.ndim < 2) return input
  if (input.ndim === 2) return transposed(input, [1, 0])
  throw new ShapeError(
    `t: expected a tensor of 2 dimensions, got ${printShape(input.shape)}. Use .transpose(-2, -1).`,
  )
})

/** The part at `index` along `dim`, which goes away: x[index] for dim 0. */
export const select = tensorOp('select', { dim, index: integer }, (input, { dim: given, index }): Tensor => {
  const axis = axisOf('select', given, input.ndim)
  const length = at(input.shape, axis)
  const from = index < 0 ? index + length : index
  if (from < 0 || from >= length) {
    throw new ArgumentError(
      `select: expected an index from ${-length} to ${length - 1}, got ${index}. Dim ${given} has ${length} entries.`,
    )
  }
  const part = sliced(input, axis, from, 1)
  return reshaped(
    part,
    part.shape.filter((_, i) => i !== axis),
  )
})

/** `length` entries along `dim` from `start` on: x[start:start + length] for dim 0. */
export const narrow = tensorOp(
  'narrow',
  { dim, start: integer, length: integer },
  (input, { dim: given, start, length }): Tensor => {
    const axis = axisOf('narrow', given, input.ndim)
    const size = at(input.shape, axis)
    const from = start < 0 ? start + size : start
    if (from >= 0 && length >= 0 && from + length <= size) return sliced(input, axis, from, length)
    throw new ArgumentError(
      `narrow: expected a range within the ${size} entries of dim ${given}, got ${length} from ${start} on. ` +
        'Count from 0.',
    )
  },
)

/** The parts along `dim`, which goes away. */
export const unbind = tensorOp('unbind', { dim: dim.or(0) }, (input, { dim: given }): Tensor[] => {
  const axis = axisOf('unbind', given, input.ndim)
  return results([input], () => unstack(input.value, axis)).map((row, index) => {
    return row.shareWith(input, (layout) => reshapedLayout(slicedLayout(layout, axis, index, 1), row.shape))
  })
})

/** Parts of a size along `dim`, the last one smaller; or parts of the listed sizes. */
export const split = tensorOp(
  'split',
  { splitSize: integers.also('splitSizeOrSections'), dim: dim.or(0) },
  (input, { splitSize, dim: given }): Tensor[] => {
    const axis = axisOf('split', given, input.ndim)
    return parts('split', input, splitSize, axis)
  },
)

/** `chunks` parts of equal size along `dim`, the last one smaller. */
export const chunk = tensorOp(
  'chunk',
  { chunks: integer, dim: dim.or(0) },
  (input, { chunks, dim: given }): Tensor[] => {
    if (chunks < 1) {
      throw new ArgumentError(`chunk: expected chunks of 1 or more, got ${chunks}. Pass a number such as 2.`)
    }
    const axis = axisOf('chunk', given, input.ndim)
    return parts('chunk', input, Math.max(1, Math.ceil(at(input.shape, axis) / chunks)), axis)
  },
)

/** The entries along `dim` at the positions in `index`. */
export const indexSelect = tensorOp(
  'indexSelect',
  { dim, index: tensor },
  (input, { dim: given, index }): Tensor => {
    const axis = axisOf('indexSelect', given, input.ndim)
    return result([input], () =>
      tf.gather(input.value, positionsIn('indexSelect', index, axis, input.shape), axis),
    )
  },
)

/** out[i][j] = x[i][index[i][j]] for dim 1, and likewise for others; `index` has the sizes of x along all other dims. */
export const gather = tensorOp(
  'gather',
  { dim, index: tensor, sparseGrad: flag.named.or(false).unused('gradients are always dense') },
  (input, { dim: given, index }): Tensor => {
    const axis = axisOf('gather', given, input.ndim)
    const others = (shape: Shape) => shape.filter((_, i) => i !== axis)
    if (index.ndim !== input.ndim || !isSameShape(others(index.shape), others(input.shape))) {
      throw new ShapeError(
        `gather: expected an index of shape ${printShape(input.shape)} but for dim ${given}, got ${printShape(index.shape)}. ` +
          'Add the missing dims to the index with .unsqueeze().',
      )
    }
    return result([input], () => picked(input.value, positionsIn('gather', index, axis, input.shape), axis))
  },
)

/** The other way round along the listed dims. */
export const flip = tensorOp('flip', { dims: sizes }, (input, { dims: given }): Tensor => {
  const axes = axesOf('flip', given, input.ndim)
  return result([input], () => tf.reverse(input.value, axes))
})

/** Shifted along dims; what leaves at the end comes in at the beginning. Without dims in the flattened tensor. */
export const roll = tensorOp(
  'roll',
  {
    shifts: integers,
    /** As many as shifts. */
    dims: integers.or(null),
  },
  (input, { shifts, dims: given }): Tensor => {
    const steps = [shifts].flat()
    const axes = given === null ? [0] : axesOf('roll', given, input.ndim)
    if (steps.length !== axes.length) {
      throw new ArgumentError(
        `roll: expected as many shifts as dims, got ${steps.length} and ${axes.length}. List one shift for each dim.`,
      )
    }
    const start = given === null ? reshaped(input, [input.numel()]) : input
    const rolled = axes.reduce((x, axis, index) => rolledAlong(x, axis, at(steps, index)), start)
    return given === null ? reshaped(rolled, input.shape) : rolled
  },
)

const diagonal = {
  /** 0 is the main diagonal, above it are positive ones. */
  diagonal: integer.or(0),
}

/** The entries on and below a diagonal of the last two dims, zeros above. */
export const tril = tensorOp('tril', diagonal, (input, values): Tensor =>
  triangle('tril', input, (row, column) => column - row <= values.diagonal),
)

/** The entries on and above a diagonal of the last two dims, zeros below. */
export const triu = tensorOp('triu', diagonal, (input, values): Tensor =>
  triangle('triu', input, (row, column) => column - row >= values.diagonal),
)

function parts(where: string, input: Tensor, size: number | readonly number[], axis: number): Tensor[] {
  const lengths = partSizes(where, size, at(input.shape, axis))
  let start = 0
  return results([input], () => tf.split(input.value, lengths, axis)).map((part, index) => {
    const length = at(lengths, index)
    const from = start
    start += length
    return part.shareWith(input, (layout) => slicedLayout(layout, axis, from, length))
  })
}

function rolledAlong(input: Tensor, axis: number, shift: number): Tensor {
  const length = at(input.shape, axis)
  const cut = length === 0 ? 0 : ((-shift % length) + length) % length
  return result([input], () => {
    const [front, back] = tf.split(input.value, [cut, length - cut], axis) as [tf.Tensor, tf.Tensor]
    return tf.concat([back, front], axis)
  })
}

/** The index as int32. Throws ArgumentError where the dim does not have such a position. */
function positionsIn(where: string, index: Tensor, axis: number, shape: Shape): tf.Tensor {
  const size = at(shape, axis)
  return safeIndices(index.value, {
    where,
    size,
    fix: () => `Dim ${axis} has ${size} entries: count from 0.`,
  })
}

/** Zeros where an entry of the last two dims is not kept. */
function triangle(where: string, input: Tensor, isKept: (row: number, column: number) => boolean): Tensor {
  const [rows = 1, columns = 1] = input.shape.slice(-2)
  if (input.ndim < 2) {
    throw new ShapeError(
      `${where}: expected a matrix, got shape ${printShape(input.shape)}. Add a dim with .unsqueeze(0).`,
    )
  }
  const values = Uint8Array.from({ length: rows * columns }, (_, index) =>
    isKept(Math.floor(index / columns), index % columns) ? 1 : 0,
  )
  return result([input], () => {
    const mask = tf.tensor(values, [rows, columns], 'bool')
    return tf.where(tf.broadcastTo(mask, [...input.shape]), input.value, tf.zerosLike(input.value))
  })
}

/** Number of elements. */
export const numel = tensorOp('numel', {}, (input): number => sizeOf(input.shape))
