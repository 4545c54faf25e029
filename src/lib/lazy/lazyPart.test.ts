import { expect, it } from 'vitest'
import { lazyPart } from './lazyPart.svelte'

it('loads once, however often it is asked for', async () => {
  let count = 0
  const part = lazyPart('The ledger', () => Promise.resolve({ count: ++count }))
  expect(part.module).toBeUndefined()
  const [first, second] = await Promise.all([part.load(), part.load()])
  expect(first).toEqual({ count: 1 })
  expect(second).toBe(first)
  expect(await part.load()).toBe(first)
  expect(part.module).toBe(first)
})
