import { expect, it } from 'vitest'
import { refusedText } from './refusalText'

it('names what was asked for', () => {
  expect(refusedText({ execution: 'static', backend: 'wasm' })).toBe('static')
  expect(refusedText({ backend: 'wasm' })).toBe('on Wasm')
  expect(refusedText({ backend: 'auto' })).toBe('on the backend that auto chose')
  expect(refusedText({ stepsPerExecution: 10 })).toBe('10 steps per call')
  expect(refusedText({})).toBe('the changed model')
})
