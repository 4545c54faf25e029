/** Whatever a spec file says, it is an experiment that its own file gives back and has programs, or a `SpecError`. */
import { parse } from 'acorn'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { generateProgram, pythonScript } from '../../src/lib/core/codegen'
import { exportSpec, importSpec, styles } from '../../src/lib/core/spec'
import { SpecError } from '../../src/lib/core/util/errors'
import { fuzz, readOrRefuse } from './fuzz'
import { hostileJson, hostileText, mutatedJson, mutatedText } from './hostile'
import { pythonParts } from './pythonText'
import { experiments, specs } from './validSpecs'

const valid = fc.oneof(specs, experiments)

async function readsOrRefuses(text: string): Promise<void> {
  const read = await readOrRefuse(() => importSpec(text), SpecError)
  if (read === undefined) return
  expect(importSpec(exportSpec(read))).toEqual(read)
  for (const style of styles) {
    const program = generateProgram(read.spec, style, { lane: 'B', alignedTo: 'keras' })
    parse(program, { ecmaVersion: 'latest', sourceType: 'module' })
    expect(pythonParts(pythonScript(read.spec, style)).strings.length).toBeGreaterThan(0)
  }
}

describe('a spec file', () => {
  fuzz('with hostile JSON', hostileJson, readsOrRefuses)
  fuzz('with other, misnamed, missing or additional entries', mutatedJson(valid), readsOrRefuses)
  fuzz('with its text changed', mutatedText(valid.map(exportSpec)), readsOrRefuses)
  fuzz('of any name', fc.tuple(hostileText(2000), hostileText(100)), async ([text, name]) => {
    await readOrRefuse(() => importSpec(text, `${name}.csv`), SpecError)
  })
})
