import { expect, it } from 'vitest'
import { extent } from '$lib/core/spec/datasets'
import { pixelAlong } from './drawPoints'

it('pixelAlong: to scale inside the square, at its edge beyond', () => {
  const wide = { width: 300, height: 200 }
  expect(pixelAlong(300, wide, 0, 3)).toBe(150)
  expect(pixelAlong(200, wide, extent / 2, 3)).toBe(150)
  // The square is 200 wide and begins at 50; a diamond of radius 3 reaches 3.9, its outline 1 more.
  expect(pixelAlong(300, wide, 2 * extent, 3)).toBeCloseTo(250 - 4.9)
  expect(pixelAlong(300, wide, -2 * extent, 3)).toBeCloseTo(50 + 4.9)
})
