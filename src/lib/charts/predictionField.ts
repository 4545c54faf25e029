/** A model's answers over the plane as a coloured picture: which class, and how sure. No canvas here. */
import { at } from '$lib/core/util/at'
import type { Rgb } from './theme'

/** Answers at the centres of `resolution`² cells, row by row from the top left. */
export interface AnswerGrid {
  readonly values: ArrayLike<number>
  /** Numbers per cell: one probability or target, or one probability per class. */
  readonly outputs: number
  readonly resolution: number
}

/** Colour of one point of the plane from its answers; `alpha` in 0..1. */
export type PaintAnswer = (answers: ArrayLike<number>) => { readonly color: Rgb; readonly alpha: number }

/** Opacity of the least and the most certain answer: some ground stays visible under either. */
const faintest = 0.06
const strongest = 0.62

/** The grid of square answers; null unless the number of cells is a square. */
export function answerGrid(values: ArrayLike<number>, outputs: number): AnswerGrid | null {
  const resolution = Math.sqrt(values.length / outputs)
  return Number.isInteger(resolution) && resolution > 1 ? { values, outputs, resolution } : null
}

/**
 * The grid with the first `count` outputs, and with the largest of all others as one more where `withRest` is set: what
 * is painted then costs as much as the data have classes, however many outputs the model has. O(cells × outputs).
 */
export function fewerOutputs(grid: AnswerGrid, count: number, withRest: boolean): AnswerGrid {
  const outputs = withRest ? count + 1 : count
  if (grid.outputs <= outputs) return grid
  const values = new Float64Array(grid.resolution ** 2 * outputs)
  for (let cell = 0; cell < grid.resolution ** 2; cell++) {
    const answer = (output: number) => at(grid.values, cell * grid.outputs + output)
    for (let output = 0; output < count; output++) values[cell * outputs + output] = answer(output)
    if (!withRest) continue
    let rest = -Infinity
    for (let output = count; output < grid.outputs; output++) rest = Math.max(rest, answer(output))
    values[cell * outputs + count] = rest
  }
  return { values, outputs, resolution: grid.resolution }
}

/** Paints the likeliest class, more opaque the further it is from a tie. One output is the odds of class 1. */
export function paintClass(colors: readonly Rgb[]): PaintAnswer {
  return (answers) => {
    const count = Math.max(2, answers.length)
    let likeliest = 0
    let probability = -Infinity
    for (let index = 0; index < count; index++) {
      const value = classProbability(answers, index)
      if (value > probability) [likeliest, probability] = [index, value]
    }
    const certainty = (probability - 1 / count) / (1 - 1 / count)
    return opaque(colors[likeliest] ?? [0, 0, 0], certainty)
  }
}

/** Paints a number on a scale from −limit through nothing to +limit. */
export function paintTarget(negative: Rgb, positive: Rgb, limit: number): PaintAnswer {
  return (answers) => {
    const value = at(answers, 0) / limit
    return opaque(value < 0 ? negative : positive, Math.abs(value), 0)
  }
}

/** Probability of a class; with one output, of class 1, and the rest is class 0. */
export function classProbability(answers: ArrayLike<number>, index: number): number {
  if (answers.length > 1) return at(answers, index)
  const probability = at(answers, 0)
  return index === 1 ? probability : 1 - probability
}

/** RGBA bytes of `size`² pixels, interpolated between the cells; NaN is left clear. */
export function paintField(
  grid: AnswerGrid,
  size: number,
  paint: PaintAnswer,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(size * size * 4)
  const places = Array.from({ length: size }, (_, pixel) => place(pixel, size, grid.resolution))
  const answers = new Float64Array(grid.outputs)
  let at = 0
  for (const row of places) {
    for (const column of places) {
      for (let output = 0; output < grid.outputs; output++)
        answers[output] = interpolated(grid, row, column, output)
      const { color, alpha } = paint(answers)
      pixels[at++] = color[0]
      pixels[at++] = color[1]
      pixels[at++] = color[2]
      pixels[at++] = Number.isFinite(alpha) ? 255 * alpha : 0
    }
  }
  return pixels
}

/**
 * How far each cell lies on the side of each of the classes: positive inside its region. One field per class, row-major,
 * one number per cell. O(cells × (outputs + classes)).
 */
export function classMargins(grid: AnswerGrid, classes: readonly number[]): Float64Array[] {
  const cells = grid.resolution ** 2
  const margins = classes.map(() => new Float64Array(cells))
  const answers = new Float64Array(grid.outputs)
  for (let cell = 0; cell < cells; cell++) {
    for (let output = 0; output < grid.outputs; output++)
      answers[output] = at(grid.values, cell * grid.outputs + output)
    const best = twoLargest(answers)
    for (const [index, ofClass] of classes.entries()) {
      const other = ofClass === best.likeliest ? best.second : best.largest
      const field = margins[index]
      if (field) field[cell] = classProbability(answers, ofClass) - other
    }
  }
  return margins
}

/** The likeliest class, its probability and the next one; both are NaN if one of the answers is. */
function twoLargest(answers: ArrayLike<number>) {
  let likeliest = 0
  let [largest, second] = [-Infinity, -Infinity]
  for (let index = 0; index < Math.max(2, answers.length); index++) {
    const value = classProbability(answers, index)
    if (Number.isNaN(value)) return { likeliest, largest: NaN, second: NaN }
    if (value > largest) [likeliest, largest, second] = [index, value, largest]
    else if (value > second) second = value
  }
  return { likeliest, largest, second }
}

function opaque(color: Rgb, certainty: number, least = faintest) {
  return { color, alpha: least + (strongest - least) * Math.min(1, Math.max(0, certainty)) }
}

interface Place {
  readonly from: number
  readonly to: number
  readonly share: number
}

/** The two cells whose centres enclose a pixel's centre, and how far it is along. */
function place(pixel: number, size: number, resolution: number): Place {
  const position = Math.min(Math.max(((pixel + 0.5) / size) * resolution - 0.5, 0), resolution - 1)
  const from = Math.min(Math.floor(position), resolution - 2)
  return { from, to: from + 1, share: position - from }
}

function interpolated(grid: AnswerGrid, row: Place, column: Place, output: number): number {
  const corner = (r: number, c: number) => at(grid.values, (r * grid.resolution + c) * grid.outputs + output)
  const above =
    corner(row.from, column.from) * (1 - column.share) + corner(row.from, column.to) * column.share
  const below = corner(row.to, column.from) * (1 - column.share) + corner(row.to, column.to) * column.share
  return above * (1 - row.share) + below * row.share
}
