import { expect, it } from 'vitest'
import { at, last } from './at'

it('gives the element at an index, and the last one', () => {
  expect(at([5, 6, 7], 1)).toBe(6)
  expect(last(new Float32Array([5, 0]))).toBe(0)
})

it.each([3, -1, 0.5, NaN])('throws if there is no element %s', (index) => {
  expect(() => at([5, 6, 7], index)).toThrow(`internal: expected an element ${index} of 3, found none`)
  expect(() => last([])).toThrow('internal: expected an element -1 of 0, found none')
})
