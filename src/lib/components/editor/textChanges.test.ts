import { expect, it } from 'vitest'
import { textChanges } from './textChanges'

it('changes no more than differs', () => {
  expect(textChanges('const a = 1\nb()\n', 'const a = 12\nb()\n')).toEqual([
    { from: 11, to: 11, insert: '2' },
  ])
})

// The shortest list of changes between them takes the search about a minute.
it('takes as long as the texts, not as their product, where they have nothing in common', () => {
  const [from, to] = ['abcdefghij'.repeat(5_000), 'klmnopqrst'.repeat(5_000)]
  expect(textChanges(from, to)).toEqual([{ from: 0, to: from.length, insert: to }])
})
