/**
 * A drawing as MNIST would have it: 28 × 28, the ink fitted into 20 × 20 by its aspect ratio, its centre of mass in
 * the middle. Source: the description of the database, http://yann.lecun.com/exdb/mnist.
 */
import { at } from '../util/at'

/** A line drawn without lifting the pen: x, y, x, y … over the pad's unit square, from its top left. */
export type Stroke = readonly number[]

/** Width of the pen, as a share of the pad: digits that fill most of it get MNIST's 2 to 3 pixels. */
export const penWidth = 0.085

/** Pixels a side of the image that a network gets. */
export const drawnSide = 28
/** Most pixels that the ink is wide or high. */
const inkSide = 20
/** Cells a side on which lines become ink before they are fitted. */
const rasterSide = 140

/** Ink in 0..1, row by row. */
interface Raster {
  readonly side: number
  readonly ink: Float32Array
}

interface Range {
  readonly first: number
  /** Behind the last. */
  readonly end: number
}

/** 28 × 28 pixels in 0..1, row by row; all 0 for no strokes. */
export function drawnDigit(strokes: readonly Stroke[]): Float32Array {
  return normaliseInk(rasterise(strokes))
}

/** Lines with round ends, anti-aliased: a cell's ink falls from 1 to 0 over one cell at the pen's edge. */
function rasterise(strokes: readonly Stroke[]): Raster {
  const ink = new Float32Array(rasterSide * rasterSide)
  for (const stroke of strokes) {
    for (let at = 0; at + 1 < stroke.length; at += 2) {
      const [x = 0, y = 0, nextX = x, nextY = y] = stroke.slice(at, at + 4)
      addSegment(
        ink,
        [x, y, nextX, nextY].map((value) => value * rasterSide),
      )
    }
  }
  return { side: rasterSide, ink }
}

function addSegment(ink: Float32Array, [x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]): void {
  const radius = (penWidth * rasterSide) / 2
  const rows = cells(Math.min(y0, y1) - radius - 1, Math.max(y0, y1) + radius + 1)
  const columns = cells(Math.min(x0, x1) - radius - 1, Math.max(x0, x1) + radius + 1)
  const [dx, dy] = [x1 - x0, y1 - y0]
  const squaredLength = dx * dx + dy * dy
  for (let row = rows.first; row < rows.end; row++) {
    for (let column = columns.first; column < columns.end; column++) {
      const [px, py] = [column + 0.5 - x0, row + 0.5 - y0]
      const along = squaredLength === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squaredLength))
      const distance = Math.hypot(px - along * dx, py - along * dy)
      const covered = Math.max(0, Math.min(1, radius + 0.5 - distance))
      const cell = row * rasterSide + column
      ink[cell] = Math.max(at(ink, cell), covered)
    }
  }
}

function cells(from: number, to: number): Range {
  return { first: Math.max(0, Math.floor(from)), end: Math.min(rasterSide, Math.ceil(to)) }
}

/** The ink of a square raster as an image of 28 × 28. */
export function normaliseInk({ side, ink }: Raster): Float32Array {
  const byColumn = new Float64Array(side)
  const byRow = new Float64Array(side)
  for (const [cell, value] of ink.entries()) {
    byColumn[cell % side] = at(byColumn, cell % side) + value
    byRow[Math.floor(cell / side)] = at(byRow, Math.floor(cell / side)) + value
  }
  const [columns, rows] = [inkRange(byColumn), inkRange(byRow)]
  if (columns === null || rows === null) return new Float32Array(drawnSide * drawnSide)
  const scale = inkSide / Math.max(columns.end - columns.first, rows.end - rows.first)
  const across = overlaps(placement(byColumn, columns, scale), side, scale)
  const down = overlaps(placement(byRow, rows, scale), side, scale)
  return resample({ side, ink }, across, down)
}

/** Cells with ink; null for none. */
function inkRange(sums: Float64Array): Range | null {
  const first = sums.findIndex((sum) => sum > 0)
  return first < 0 ? null : { first, end: sums.findLastIndex((sum) => sum > 0) + 1 }
}

/** Where cell 0 begins in the image: the centre of mass is in the middle, as far as no ink is cut off. */
function placement(sums: Float64Array, { first, end }: Range, scale: number): number {
  let mass = 0
  let moment = 0
  for (const [cell, sum] of sums.entries()) {
    mass += sum
    moment += sum * (cell + 0.5)
  }
  const centred = drawnSide / 2 - (scale * moment) / mass
  return Math.min(Math.max(centred, -scale * first), drawnSide - scale * end)
}

/** For each pixel of an axis, the cells that it covers and how much of the pixel each of them fills: [28][cell, share]. */
function overlaps(offset: number, side: number, scale: number): (readonly [cell: number, share: number])[][] {
  return Array.from({ length: drawnSide }, (_, pixel) => {
    const shares: (readonly [number, number])[] = []
    const first = Math.max(0, Math.floor((pixel - offset) / scale))
    for (let cell = first; cell < side && offset + scale * cell < pixel + 1; cell++) {
      const start = offset + scale * cell
      const share = Math.min(start + scale, pixel + 1) - Math.max(start, pixel)
      if (share > 0) shares.push([cell, share])
    }
    return shares
  })
}

/** pixel[row, column] = Σ down[row, r] · across[column, c] · ink[r, c]: the mean ink of the area that it covers. */
function resample(
  { side, ink }: Raster,
  across: ReturnType<typeof overlaps>,
  down: ReturnType<typeof overlaps>,
): Float32Array {
  const pixels = new Float32Array(drawnSide * drawnSide)
  for (const [row, rowShares] of down.entries()) {
    for (const [column, columnShares] of across.entries()) {
      let sum = 0
      for (const [r, rowShare] of rowShares) {
        for (const [c, columnShare] of columnShares) sum += rowShare * columnShare * at(ink, r * side + c)
      }
      pixels[row * drawnSide + column] = Math.min(1, sum)
    }
  }
  return pixels
}
