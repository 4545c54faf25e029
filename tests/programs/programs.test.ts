/** Short programs as people write them from memory of Keras and PyTorch. Each throws where its outcome is not what it should be. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { startHeadless } from '../../src/cli/lab/headlessRun'
import { setDigitsSource } from '../../src/lib/core/data/digits'

setDigitsSource(() => Promise.resolve(readFileSync(new URL('../../static/data/digits.bin', import.meta.url))))

const lanes = [
  { execution: 'eager', backend: 'cpu' },
  { execution: 'eager', backend: 'wasm' },
  { execution: 'static', backend: 'wasm' },
] as const

/** What tfjs' wasm backend has no gradients for. */
const convolutionsOrLookups = ['embeddingLstm', 'residualBlock']

/** PyTorch-style programs without `compile` are the same in static execution. */
const isOther = (style: string, text: string, execution: string) =>
  execution === 'eager' || style === 'keras' || text.includes('compile(')

const cases = ['keras', 'torch'].flatMap((style) => {
  const folder = new URL(`${style}/`, import.meta.url)
  return readdirSync(folder).flatMap((file) => {
    const program = readFileSync(new URL(file, folder), 'utf8')
    const name = file.replace('.js', '')
    return lanes
      .filter(({ execution }) => isOther(style, program, execution))
      .filter(({ execution, backend }) => {
        return execution === 'static' || backend === 'cpu' || !convolutionsOrLookups.includes(name)
      })
      .map((lane) => ({ style, name, program, ...lane }))
  })
})

it.each(cases)('$style $name, $execution on $backend', async ({ program, execution, backend }) => {
  vi.spyOn(console, 'log').mockReturnValue(undefined)
  const run = await startHeadless({
    program,
    execution,
    backend,
    limit: { kind: 'none' },
    initialWeights: null,
  })
  const { error } = await run.outcome
  expect(error).toBeNull()
})
