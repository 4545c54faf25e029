/** Specs and experiments that are valid, as a start for those that are not. */
import fc from 'fast-check'
import { presets } from '../../models'
import { generateProgram } from '../../src/lib/core/codegen'
import { parseExperiment } from '../../src/lib/core/spec/parse'
import type { Experiment, Spec } from '../../src/lib/core/spec/schema'
import { pythonCases } from '../golden/pythonCases'

const all: readonly Spec[] = [...pythonCases, ...presets].map(({ spec }) => spec)

export const specs: fc.Arbitrary<Spec> = fc.constantFrom(...all)

/** Half of them with an edited program. */
export const experiments: fc.Arbitrary<Experiment> = fc
  .tuple(specs, fc.boolean(), fc.constantFrom('eager', 'static'), fc.constantFrom('race', 'turns'))
  .map(([spec, isEdited, execution, schedule]) =>
    parseExperiment({
      version: 1,
      spec,
      lanes: [
        { style: 'keras', ...(isEdited && { program: generateProgram(spec, 'keras', { lane: 'A' }) }) },
        { style: 'torch', execution, stepsPerExecution: 10, backend: 'wasm' },
      ],
      schedule,
      preset: 'circle',
    }),
  )
