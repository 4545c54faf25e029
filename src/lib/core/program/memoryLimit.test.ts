import { expect, it } from 'vitest'
import { assertMemory } from './memoryLimit'
import { startTestRun } from '../../../../tests/support/testRun'

it('says how much is used and how much may be', () => {
  expect(() => assertMemory(2 * 2 ** 30)).toThrow(
    'memory: expected tensors of at most 1536.0 MB in a lane, got 2048.0 MB. ' +
      'Use smaller batches or layers, and keep no tensors of earlier steps.',
  )
  expect(() => assertMemory(1.5 * 2 ** 30)).not.toThrow()
})

it.each([
  ['a loop without braces', 'for (;;) kept.push(torch.zeros([256, 2 ** 20]))'],
  ['a loop that waits', 'for (;;) { kept.push(torch.zeros([256, 2 ** 20])); await null }'],
  ['a function', 'function grow() { kept.push(torch.zeros([256, 2 ** 20])); grow() }\ngrow()'],
])('ends %s at its line', async (_, text) => {
  const run = await startTestRun(`import * as torch from 'tandem/torch'\nconst kept = []\n${text}`)
  await run.done
  expect(run.error).toMatchObject({ name: 'ProgramError', line: 3 })
  expect(run.error?.message).toMatch(/^memory: expected tensors of at most 1536\.0 MB in a lane, got/)
})
