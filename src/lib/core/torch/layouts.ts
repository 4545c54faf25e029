/** Where the values of a view are among those of the tensor that it is of. Source: torch.Tensor.stride. */
import { at } from '../util/at'
import { isSameShape, sizeOf, type Shape } from '../util/shapes'

/** Value [i, j] is at offset + i·strides[0] + j·strides[1] of the whole, counted row by row. */
export interface Layout {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
}

/** What an operation makes of where its operand is; null where what it gives is no view. */
export type Relayout = (layout: Layout) => Layout | null

/** All values, row by row. */
export function rowByRow(shape: Shape): Layout {
  return { shape, strides: stridesOf(shape), offset: 0 }
}

/** Whether the values follow each other row by row. */
export function isContiguous({ shape, strides }: Layout): boolean {
  const expected = stridesOf(shape)
  return sizeOf(shape) === 0 || shape.every((size, axis) => size === 1 || strides[axis] === expected[axis])
}

/** Whether some value stands for several. */
export function repeats({ shape, strides }: Layout): boolean {
  return shape.some((size, axis) => size > 1 && strides[axis] === 0)
}

/** In another shape; null where one stride for each dim does not lead to the values. */
export function reshapedLayout(layout: Layout, shape: Shape): Layout | null {
  if (isSameShape(layout.shape, shape)) return layout
  if (isContiguous(layout)) return { shape, strides: stridesOf(shape), offset: layout.offset }
  const runs = runsOf(layout)
  const strides = new Array<number>(shape.length).fill(0)
  let axis = shape.length - 1
  for (const { size, stride } of runs.toReversed()) {
    let covered = 1
    for (; axis >= 0 && (covered < size || shape[axis] === 1); axis--) {
      strides[axis] = covered * stride
      covered *= at(shape, axis)
    }
    if (covered !== size) return null
  }
  return { shape, strides, offset: layout.offset }
}

/** With the dims in another order. */
export function transposedLayout({ shape, strides, offset }: Layout, axes: readonly number[]): Layout {
  const inOrder = (values: readonly number[]) => axes.map((axis) => at(values, axis))
  return { shape: inOrder(shape), strides: inOrder(strides), offset }
}

/** `length` entries along an axis from `start` on. */
export function slicedLayout(layout: Layout, axis: number, start: number, length: number): Layout {
  const { shape, strides, offset } = layout
  return {
    shape: shape.map((size, i) => (i === axis ? length : size)),
    strides,
    offset: offset + start * at(strides, axis),
  }
}

/** Stretched to a shape. */
export function expandedLayout(layout: Layout, shape: Shape): Layout {
  const added = shape.length - layout.shape.length
  const strides = shape.map((size, axis) => {
    const own = axis - added
    return own < 0 || at(layout.shape, own) !== size ? 0 : at(layout.strides, own)
  })
  return { shape, strides, offset: layout.offset }
}

/** Where the values of the whole are in a view that has all of them; null where it has not, or no strides lead there. */
export function inverseLayout(layout: Layout, whole: Shape): Layout | null {
  if (sizeOf(layout.shape) !== sizeOf(whole) || repeats(layout)) return null
  const order = layout.strides
    .map((_, axis) => axis)
    .sort((a, b) => at(layout.strides, b) - at(layout.strides, a))
  if (!isContiguous(transposedLayout(layout, order))) return null
  return reshapedLayout(transposedLayout(rowByRow(layout.shape), order), whole)
}

/** The place of each value in the whole. */
export function placesOf({ shape, strides, offset }: Layout): Int32Array {
  let places = [offset]
  for (const [axis, size] of shape.entries()) {
    const stride = at(strides, axis)
    places = places.flatMap((place) => Array.from({ length: size }, (_, index) => place + index * stride))
  }
  return Int32Array.from(places)
}

/** Dims that are one as far as strides go, without those of size 1. */
function runsOf({ shape, strides }: Layout): { size: number; stride: number }[] {
  const runs: { size: number; stride: number }[] = []
  for (const [axis, size] of shape.entries()) {
    const stride = at(strides, axis)
    const previous = runs.at(-1)
    if (size === 1) continue
    if (previous?.stride === size * stride) Object.assign(previous, { size: previous.size * size, stride })
    else runs.push({ size, stride })
  }
  return runs
}

function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = at(strides, axis + 1) * at(shape, axis + 1)
  return strides
}
