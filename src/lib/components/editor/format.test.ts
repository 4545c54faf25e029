import { generateProgram } from '$lib/core/codegen'
import { executions, styles } from '$lib/core/spec/schema'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../../models'
import { formatProgram } from './format'

describe('formatting', () => {
  for (const { name, spec } of presets) {
    for (const style of styles) {
      it(`leaves the generated ${style} programs of ${name} as they are`, async () => {
        for (const execution of executions) {
          for (const alignedTo of [undefined, ...styles]) {
            const options = { lane: 'B', execution, stepsPerExecution: 10 } as const
            const text = generateProgram(spec, style, alignedTo ? { ...options, alignedTo } : options)
            expect(await formatProgram(text)).toBe(text)
          }
        }
      })
    }
  }

  it('sets spaces, quotes and lines', async () => {
    expect(await formatProgram('const a=[1,2];  f("x");')).toBe("const a = [1, 2]\nf('x')\n")
  })

  it('rejects what is no program, with its place', async () => {
    await expect(formatProgram('const = 1')).rejects.toThrow(/Unexpected token.*1:7/)
  })
})
