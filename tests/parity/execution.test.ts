/** Static steps do what eager ones do, for every layer, loss, metric and optimizer of both styles. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { passNames } from '../../src/lib/core/passes/pass'
import type { SessionSettings } from '../../src/lib/core/session/types'
import { trainingCases } from './trainingCases'
import { differences, trained } from './trainingRun'

const tolerance = 1e-5

/** On tfjs' cpu backend, the runtime for WebGL is the graph interpreter. */
const executions: Record<string, SessionSettings & { stepsPerExecution?: number }> = {
  'the traced graph, interpreted': { backend: 'webgl', disabledPasses: passNames },
  'the optimised graph, interpreted': { backend: 'webgl' },
  'onnxruntime-web': { backend: 'wasm' },
  'onnxruntime-web, 3 steps at a time': { backend: 'wasm', stepsPerExecution: 3 },
}

beforeAll(() => initialiseBackend('cpu'))

describe('eager = static', () => {
  it.each(trainingCases)('$name', async (each) => {
    const eager = await trained(each, { isCompiled: false })
    expect(eager.get('losses')).toHaveLength(8)
    for (const [name, { stepsPerExecution = 1, ...settings }] of Object.entries(executions)) {
      const outcome = await trained(each, { isCompiled: true, stepsPerExecution }, settings)
      expect(differences(outcome, eager, tolerance), name).toEqual({})
    }
  })
})
