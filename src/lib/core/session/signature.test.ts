import { expect, it } from 'vitest'
import { ArgumentError } from '../util/errors'
import { kindOf, signatureOf } from './signature'

it('names objects without a prototype, and symbols', () => {
  expect(signatureOf(kindOf([], [Object.create(null), Symbol('x')]))).toBe('{}, Symbol(x)')
  expect(signatureOf(kindOf([], [Object.setPrototypeOf({}, Object.create(null) as object)]))).toMatch(
    /^object#\d+$/,
  )
})

it.each([
  ['a text', 'x'.repeat(1e6)],
  ['a list', Array.from({ length: 10_000 }, () => 1)],
])('refuses %s that is too long to tell calls apart', (_, argument) => {
  expect(() => signatureOf(kindOf([], [argument]))).toThrow(ArgumentError)
  expect(() => signatureOf(kindOf([], [argument]))).toThrow(
    /^compile: expected arguments that take at most 4000 characters to tell apart, got \d+\. Pass long lists as tensors\.$/,
  )
})
