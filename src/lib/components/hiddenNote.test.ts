import { expect, it } from 'vitest'
import { hiddenNote } from './hiddenNote'

it.each([
  ['const a = 1', ''],
  [
    'a\u202e',
    'It holds characters that cannot be seen, in line 1: they are shown as escapes, such as \\u200B.',
  ],
  ['a\u202e\n\u200b\n', 'It holds characters that cannot be seen, in lines 1 and 2: they'],
  ['\0\n'.repeat(5), 'It holds characters that cannot be seen, in lines 1, 2, 3, 4 and 5: they'],
  ['\0\n'.repeat(9), 'It holds characters that cannot be seen, in lines 1, 2, 3, 4, 5 and 4 more: they'],
])('%j has its hidden characters named by line', (text, note) => {
  expect(hiddenNote(text).startsWith(note)).toBe(true)
  expect(hiddenNote(text) === '').toBe(note === '')
})
