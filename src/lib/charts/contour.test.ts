import { describe, expect, it } from 'vitest'
import { zeroContour } from './contour'

describe('zeroContour', () => {
  it('crosses a cell where the field is zero between its corners', () => {
    expect(zeroContour([-1, 3, -1, 3], 2)).toEqual([[0.25, 0, 0.25, 1]])
  })

  it('finds a circle of the right radius', () => {
    const resolution = 41
    const field = Array.from({ length: resolution ** 2 }, (_, i) => {
      return Math.hypot((i % resolution) - 20, Math.floor(i / resolution) - 20) - 10
    })
    const segments = zeroContour(field, resolution)
    expect(segments.length).toBeGreaterThan(60)
    for (const [x, y] of segments) expect(Math.hypot(x - 20, y - 20)).toBeCloseTo(10, 1)
  })

  it('has two lines at a saddle, joined through the middle of the larger side', () => {
    const around = (corner: number) => zeroContour([corner, -1, -1, corner], 2)
    expect(around(3)).toEqual([
      [0.75, 0, 1, 0.25],
      [0.25, 1, 0, 0.75],
    ])
    const apart = around(1 / 4).map((segment) => segment.map((value) => Number(value.toFixed(6))))
    expect(apart).toEqual([
      [0, 0.2, 0.2, 0],
      [1, 0.8, 0.8, 1],
    ])
  })

  it('has none where nothing changes sign or a corner is not a number', () => {
    expect(zeroContour([1, 2, 3, 4], 2)).toEqual([])
    expect(zeroContour([NaN, -1, 1, 1], 2)).toEqual([])
  })
})
