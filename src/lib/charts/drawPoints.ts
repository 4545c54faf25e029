/** Data points on a canvas: train and test by shape, classes by colour and fill, targets by colour. */
import { at } from '$lib/core/util/at'
import type { Split } from '$lib/core/data/types'
import { extent } from '$lib/core/spec/datasets'
import { shownPerSplit, type SamplePoints } from './samplePoints'
import type { Surface } from './canvasLayer.svelte'
import { parseRgb, readColors, withAlpha, type Rgb } from './theme'

/** Colours of points and fields. */
export interface PlaneColors {
  readonly classes: readonly [string, string, string]
  readonly ground: string
  readonly ink: string
}

/** Colour tokens as they apply in `host`. */
export function planeColors(host: HTMLElement): PlaneColors {
  const colors = readColors(host, ['--class-0', '--class-1', '--class-2', '--surface', '--text'])
  return {
    classes: [colors['--class-0'], colors['--class-1'], colors['--class-2']],
    ground: colors['--surface'],
    ink: colors['--text'],
  }
}

/** Draws the points of both splits into the largest square in the middle of the surface; those beyond at its edge. */
export function drawPoints(surface: Surface, points: SamplePoints, radius: number): void {
  const colors = planeColors(surface.host)
  for (const shape of ['train', 'test'] as const) {
    const split = points[shape]
    const count = Math.min(at(split.x.shape, 0), shownPerSplit)
    for (let row = 0; row < count; row++) {
      const [x, y] = position(surface, split, row, radius)
      const value = at(split.y.values, row)
      surface.context.beginPath()
      tracePoint(surface.context, shape, x, y, radius)
      if (points.task === 'regression') fillTarget(surface.context, value / points.targetLimit, colors)
      else fillClass(surface.context, value, colors, { x, y, radius })
    }
  }
}

/** A circle for train, a diamond of about the same area for test. */
function tracePoint(
  context: CanvasRenderingContext2D,
  shape: 'train' | 'test',
  x: number,
  y: number,
  radius: number,
) {
  if (shape === 'train') {
    context.arc(x, y, radius, 0, 2 * Math.PI)
    return
  }
  const reach = 1.3 * radius
  context.moveTo(x, y - reach)
  context.lineTo(x + reach, y)
  context.lineTo(x, y + reach)
  context.lineTo(x - reach, y)
  context.closePath()
}

/** Class 0 solid, class 1 hollow, class 2 solid with a hole. */
function fillClass(
  context: CanvasRenderingContext2D,
  index: number,
  colors: PlaneColors,
  at: { x: number; y: number; radius: number },
): void {
  const color = colors.classes[index] ?? colors.ink
  const isHollow = index === 1
  context.fillStyle = isHollow ? colors.ground : color
  context.strokeStyle = isHollow ? color : colors.ground
  context.lineWidth = isHollow ? 0.5 * at.radius : 0.75
  context.fill()
  context.stroke()
  if (index !== 2) return
  context.beginPath()
  context.arc(at.x, at.y, 0.4 * at.radius, 0, 2 * Math.PI)
  context.fillStyle = colors.ground
  context.fill()
}

function fillTarget(context: CanvasRenderingContext2D, share: number, colors: PlaneColors): void {
  const end = parseRgb(colors.classes[share < 0 ? 0 : 1])
  context.fillStyle = mix(parseRgb(colors.ground), end, Math.min(1, Math.abs(share)))
  context.strokeStyle = withAlpha(colors.ink, 0.6)
  context.lineWidth = 0.6
  context.fill()
  context.stroke()
}

function mix(from: Rgb, to: Rgb, share: number): string {
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share)
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`
}

function position(surface: Surface, { x }: Split, row: number, radius: number): readonly [number, number] {
  return [
    pixelAlong(surface.width, surface, at(x.values, 2 * row), radius),
    pixelAlong(surface.height, surface, -at(x.values, 2 * row + 1), radius),
  ]
}

/** Pixel of a coordinate along a side `length`; a shape of `radius` there lies wholly inside the plot's square. */
export function pixelAlong(
  length: number,
  { width, height }: { readonly width: number; readonly height: number },
  coordinate: number,
  radius: number,
): number {
  const half = Math.min(width, height) / 2
  // A diamond reaches further than a circle, and the outline lies half outside.
  const limit = half - 1.3 * radius - 1
  return length / 2 + Math.max(-limit, Math.min(limit, (half / extent) * coordinate))
}
