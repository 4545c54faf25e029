/** Lines where a field on a square grid is zero: marching squares with interpolated crossings. */
import { at } from '$lib/core/util/at'

/** One straight piece, in cells from the centre of the top left cell: x to the right, y down. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number]

/** Zero lines of `values`, row by row, `resolution` a row. Cells with NaN have none. */
export function zeroContour(values: ArrayLike<number>, resolution: number): Segment[] {
  const segments: Segment[] = []
  for (let row = 0; row + 1 < resolution; row++) {
    for (let column = 0; column + 1 < resolution; column++) {
      const at = row * resolution + column
      const corners = [values[at], values[at + 1], values[at + resolution + 1], values[at + resolution]]
      segments.push(
        ...cellSegments(
          corners.map((corner) => corner ?? NaN),
          column,
          row,
        ),
      )
    }
  }
  return segments
}

/** Corners clockwise from the top left; each of the four sides is crossed where the sign changes. */
const sides = [
  [0, 0, 1, 0],
  [1, 0, 1, 1],
  [1, 1, 0, 1],
  [0, 1, 0, 0],
] as const

function cellSegments(corners: readonly number[], column: number, row: number): Segment[] {
  if (corners.some(Number.isNaN)) return []
  const crossings = sides.flatMap(([x0, y0, x1, y1], side) => {
    const [from = 0, to = 0] = [corners[side], corners[(side + 1) % 4]]
    if (from > 0 === to > 0) return []
    const share = from / (from - to)
    return [[column + x0 + share * (x1 - x0), row + y0 + share * (y1 - y0)] as const]
  })
  const [first, second, third, fourth] = crossings
  if (!first || !second) return []
  if (!third || !fourth) return [[...first, ...second]]
  // A saddle: which corners belong together is decided by the middle of the cell.
  const isCentrePositive = corners.reduce((sum, corner) => sum + corner, 0) > 0
  return isCentrePositive === at(corners, 0) > 0
    ? [
        [...first, ...second],
        [...third, ...fourth],
      ]
    : [
        [...fourth, ...first],
        [...second, ...third],
      ]
}
