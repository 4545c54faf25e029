import { expect, it } from 'vitest'
import { limits } from '../util/laneLimits'
import { currentOrigin, inLayer } from './origin'

it('cuts the name of a layer that a program makes too long', () => {
  const { layer } = inLayer('x'.repeat(1e7), 3, currentOrigin)
  expect(layer.length).toBeLessThanOrEqual(limits.name)
  expect(layer).toMatch(/^x+… 9\.5 MB more$/)
})
