import { describe, expect, it } from 'vitest'
import { drawnDigit, normaliseInk, type Stroke } from './drawnDigit'

const side = 28

/** A one of the given height, at a place of the pad; a seven, whose ink is not in the middle of its box. */
const one = (x: number, y: number, height: number): Stroke[] => [[x, y, x, y + height]]
const seven: Stroke[] = [[0.2, 0.1, 0.8, 0.1, 0.4, 0.9]]

interface Extent {
  readonly width: number
  readonly height: number
  readonly centre: readonly [x: number, y: number]
}

/** Box of all pixels with ink, and its centre of mass in pixels from the top left. */
function measure(pixels: Float32Array): Extent {
  const inked = [...pixels.entries()].filter(([, value]) => value > 0)
  const [xs, ys] = [inked.map(([at]) => at % side), inked.map(([at]) => Math.floor(at / side))]
  const mass = inked.reduce((sum, [, value]) => sum + value, 0)
  const mean = (of: readonly number[]) =>
    inked.reduce((sum, [, value], index) => sum + value * ((of[index] ?? 0) + 0.5), 0) / mass
  return {
    width: Math.max(...xs) - Math.min(...xs) + 1,
    height: Math.max(...ys) - Math.min(...ys) + 1,
    centre: [mean(xs), mean(ys)],
  }
}

describe('drawnDigit', () => {
  it('gives an empty image for an empty drawing', () => {
    expect(drawnDigit([])).toEqual(new Float32Array(side * side))
    expect(drawnDigit([[]])).toEqual(new Float32Array(side * side))
  })

  it.each([
    ['a tall line', one(0.5, 0.05, 0.85), 20],
    ['a short line in a corner', one(0.1, 0.1, 0.3), 20],
    ['a wide line', [[0.1, 0.7, 0.9, 0.7]], 20],
    ['a seven', seven, 20],
    ['a dot', [[0.9, 0.9]], 20],
  ])('fits %s into 20 pixels, its centre of mass in the middle', (_, strokes, size) => {
    const { width, height, centre } = measure(drawnDigit(strokes))
    // The ink is 20 pixels long, and may begin and end within one.
    expect(Math.max(width, height)).toBeGreaterThanOrEqual(size)
    expect(Math.max(width, height)).toBeLessThanOrEqual(size + 1)
    // Ink is not spread evenly within a pixel.
    expect(centre[0]).toBeCloseTo(14, 2)
    expect(centre[1]).toBeCloseTo(14, 2)
  })

  it('keeps the aspect ratio', () => {
    const { width, height } = measure(drawnDigit(one(0.5, 0.1, 0.8)))
    expect(height / width).toBeGreaterThan(5)
  })

  it('does not depend on where in the pad a digit is drawn', () => {
    const moved = drawnDigit([seven[0]?.map((value, index) => value - (index % 2 === 0 ? 0.1 : 0.05)) ?? []])
    const pixels = drawnDigit(seven)
    const difference = Math.max(...pixels.map((value, index) => Math.abs(value - (moved[index] ?? 0))))
    expect(difference).toBeLessThan(0.1)
  })

  it('is anti-aliased, with full ink within a line', () => {
    const pixels = drawnDigit(seven)
    expect(Math.max(...pixels)).toBe(1)
    expect(pixels.filter((value) => value > 0.05 && value < 0.95).length).toBeGreaterThan(20)
  })

  it('cuts no ink off where the mass is far from the middle', () => {
    // A blot with a long tail: centred by mass, the tail would leave the image.
    const blot: Stroke = Array.from({ length: 200 }, (_, index) => 0.1 + 0.08 * ((index * 7) % 11) * 0.1)
    const { height, width } = measure(drawnDigit([blot, [0.1, 0.1, 0.15, 0.95]]))
    expect(Math.max(height, width)).toBeGreaterThanOrEqual(20)
  })
})

it('leaves an image that is MNIST’s already as it is', () => {
  const pixels = drawnDigit(seven)
  const again = normaliseInk({ side, ink: pixels })
  // Its ink ends within pixels, so that it counts as up to one longer.
  const difference = pixels.reduce((sum, value, index) => sum + Math.abs(value - (again[index] ?? 0)), 0)
  const mass = pixels.reduce((sum, value) => sum + value, 0)
  expect(difference / mass).toBeLessThan(0.25)
})
