import { expect, it } from 'vitest'
import { generateProgram } from '../codegen/index'
import { defaultSpec } from '../spec/defaults'
import type { Style } from '../spec/schema'
import { dataModuleHost } from './evaluate'
import { measureBackends } from './measureBackends'

/** Measures a program of this many updates on the cpu; each reading of the clock is a millisecond later. */
async function measure(style: Style, updates: number) {
  const spec = { ...defaultSpec(), training: { batchSize: 250, epochs: updates, shuffle: true } }
  let ms = 0
  return measureBackends({
    program: generateProgram(spec, style, { lane: 'A' }),
    backends: ['cpu'],
    execution: 'eager' as const,
    session: {},
    assets: {},
    host: dataModuleHost,
    now: () => ms++,
    yieldToHost: () => Promise.resolve(),
    onReady: () => undefined,
    onBackend: () => undefined,
    isStopped: () => false,
  })
}

it.each([
  ['keras', 1],
  ['keras', 3],
  ['keras', 6],
  ['torch', 1],
  ['torch', 6],
] as const)('measures a %s program of %i updates', async (style, updates) => {
  expect(await measure(style, updates)).toEqual([{ backend: 'cpu', microsecondsPerStep: 1000 }])
})

it('says when a program trains nothing', async () => {
  const [measured] = await measureBackends({
    program: 'export const model = null',
    backends: ['cpu'],
    execution: 'eager' as const,
    session: {},
    assets: {},
    host: dataModuleHost,
    now: () => 0,
    yieldToHost: () => Promise.resolve(),
    onReady: () => undefined,
    onBackend: () => undefined,
    isStopped: () => false,
  })
  expect(measured?.unavailable).toBe('The program ended before its first update.')
})
