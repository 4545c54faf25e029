import { expect, it } from 'vitest'
import { cutText, quoteText } from './cutText'

it('leaves short text as it is and says how much of a long one is left out', () => {
  expect(cutText('abc', 3)).toBe('abc')
  expect(cutText('abcde', 3)).toBe('abc… 2 characters more')
  expect(cutText('a'.repeat(3 + 19 * 1024 * 1024), 3)).toBe('aaa… 19.0 MB more')
})

it('quotes in one line', () => {
  expect(quoteText('a\n"b"')).toBe(String.raw`"a\n\"b\""`)
  expect(quoteText('a\nb'.repeat(20))).toBe(
    `${JSON.stringify('a\nb'.repeat(20).slice(0, 40))}… 20 characters more`,
  )
})
