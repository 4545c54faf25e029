import { expect, it } from 'vitest'
import { cutText } from './cutText'

it('leaves short text as it is, and cuts longer text to the limit with how much is missing', () => {
  expect(cutText('short', 5)).toBe('short')
  expect(cutText('x'.repeat(400), 100)).toBe(`${'x'.repeat(76)}… 324 characters more`)
  expect(cutText('x'.repeat(20 * 2 ** 20), 100)).toBe(`${'x'.repeat(76)}… 20.0 MB more`)
  expect(cutText('x'.repeat(12_345), 100)).toMatch(/x… 12\.0 KB more$/)
})

it.each([1, 10, 24, 25, 100, 9_999, 10_000])('never gives more than the limit of %i characters', (limit) => {
  for (const length of [limit + 1, limit + 30, 9_999 + limit, 10_100 + limit, 2 ** 21]) {
    expect(cutText('é'.repeat(length), limit).length).toBeLessThanOrEqual(limit)
  }
})

it('does not cut a character in two', () => {
  const text = `${'x'.repeat(75)}😀${'x'.repeat(200)}`
  expect(cutText(text, 100)).toBe(`${'x'.repeat(75)}… 202 characters more`)
})

it('leaves what was cut to the same limit before', () => {
  const cut = cutText('x'.repeat(5000), 200)
  expect(cutText(cut, 200)).toBe(cut)
})
