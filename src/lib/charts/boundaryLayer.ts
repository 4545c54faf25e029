/** The prediction picture under the data points: coloured answers and the lines between them. */
import type { Surface } from './canvasLayer.svelte'
import { zeroContour } from './contour'
import { planeColors } from './drawPoints'
import {
  classMargins,
  fewerOutputs,
  paintClass,
  paintField,
  paintTarget,
  type AnswerGrid,
} from './predictionField'
import type { SamplePoints } from './samplePoints'
import { parseRgb } from './theme'

/** Pixels of the picture along one side before it is scaled up smoothly. */
const fieldSize = 120

/** Classes that a picture tells apart: files have up to 1,024, which nobody could. */
const mostDrawn = 64

/** Draws what a model answers all over the plane, and where its answer changes. */
export function drawBoundary(surface: Surface, answers: AnswerGrid, points: SamplePoints): void {
  const { context, width, height } = surface
  const grid = drawnOutputs(answers, points)
  const colors = planeColors(surface.host)
  const classes = colors.classes.map(parseRgb)
  const [first = [0, 0, 0], second = [0, 0, 0]] = classes
  const isRegression = points.task === 'regression'
  const paint = isRegression ? paintTarget(first, second, points.targetLimit) : paintClass(classes)
  context.imageSmoothingEnabled = true
  context.imageSmoothingQuality = 'high'
  context.drawImage(fieldPicture(paintField(grid, fieldSize, paint)), 0, 0, width, height)

  context.strokeStyle = colors.ink
  context.lineWidth = 1.5
  context.lineCap = 'round'
  for (const values of boundaries(grid, points)) strokeZero(context, values, grid.resolution, width)
}

/** The answers that pictures tell apart: one target, or the classes of the data and the likeliest of all others. */
export function drawnOutputs(
  grid: AnswerGrid,
  { task, classes }: Pick<SamplePoints, 'task' | 'classes'>,
): AnswerGrid {
  if (task === 'regression') return fewerOutputs(grid, 1, false)
  return fewerOutputs(grid, Math.min(Math.max(2, classes), mostDrawn), true)
}

/** Fields that are zero where the answer changes: one for two classes, one per class of the data for more. */
export function boundaries(
  grid: AnswerGrid,
  { task, classes }: Pick<SamplePoints, 'task' | 'classes'>,
): readonly ArrayLike<number>[] {
  if (task === 'regression') return [grid.values]
  if (grid.outputs <= 2) return classMargins(grid, [1])
  return classMargins(
    grid,
    Array.from({ length: Math.min(grid.outputs, classes) }, (_, index) => index),
  )
}

function strokeZero(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  resolution: number,
  width: number,
): void {
  const scale = width / resolution
  context.beginPath()
  for (const [x0, y0, x1, y1] of zeroContour(values, resolution)) {
    context.moveTo((x0 + 0.5) * scale, (y0 + 0.5) * scale)
    context.lineTo((x1 + 0.5) * scale, (y1 + 0.5) * scale)
  }
  context.stroke()
}

/** One small canvas for all fields: each is copied before the next is painted. */
let picture: HTMLCanvasElement | null = null

function fieldPicture(pixels: Uint8ClampedArray<ArrayBuffer>): HTMLCanvasElement {
  picture ??= document.createElement('canvas')
  if (picture.width !== fieldSize) picture.width = picture.height = fieldSize
  picture.getContext('2d')?.putImageData(new ImageData(pixels, fieldSize, fieldSize), 0, 0)
  return picture
}
