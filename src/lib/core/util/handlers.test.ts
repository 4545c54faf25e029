import { expect, it } from 'vitest'
import { handle, type Handlers } from './handlers'

type Message = { readonly type: 'add'; readonly by: number } | { readonly type: 'reset' }

it('hands a message to the handler of its kind alone', () => {
  let sum = 0
  const handlers: Handlers<Message> = { add: ({ by }) => void (sum += by), reset: () => void (sum = 0) }
  const sums = [{ type: 'add', by: 2 } as const, { type: 'add', by: 3 } as const, { type: 'reset' } as const]
  expect(
    sums.map((message) => {
      handle<Message>(handlers, message)
      return sum
    }),
  ).toEqual([2, 5, 0])
})
