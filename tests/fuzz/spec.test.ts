/** Whatever a spec file says, it is an experiment that its own file gives back, or a `SpecError`. */
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { exportSpec, importSpec } from '../../src/lib/core/spec'
import { SpecError } from '../../src/lib/core/util/errors'
import { fuzz, readOrRefuse } from './fuzz'
import { hostileJson, hostileText, mutatedJson, mutatedText } from './hostile'
import { experiments, specs } from './validSpecs'

const valid = fc.oneof(specs, experiments)

async function readsOrRefuses(text: string): Promise<void> {
  const read = await readOrRefuse(() => importSpec(text), SpecError)
  if (read !== undefined) expect(importSpec(exportSpec(read))).toEqual(read)
}

describe('a spec file', () => {
  fuzz('with hostile JSON', hostileJson, readsOrRefuses)
  fuzz('with other, misnamed, missing or additional entries', mutatedJson(valid), readsOrRefuses)
  fuzz('with its text changed', mutatedText(valid.map(exportSpec)), readsOrRefuses)
  fuzz('of any name', fc.tuple(hostileText(2000), hostileText(100)), async ([text, name]) => {
    await readOrRefuse(() => importSpec(text, `${name}.csv`), SpecError)
  })
})
