/** Static steps in the browser: the graph interpreter on WebGL, and onnxruntime-web on WebGPU, against eager ones on the cpu. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { trainingCases } from './trainingCases'
import { differences, trained, type Outcome } from './trainingRun'

/** Of a tensor's largest element; WebGPU's shaders have their own approximations of exp and the like. */
const tolerances = { webgl: 1e-5, webgpu: 1e-4 } as const

/** Each style with its own framework's formulas: the other ones consist of the same kernels. */
const cases = trainingCases.filter(({ name }) => !/^(keras .* of torch|torch .* of keras)$/.test(name))

const expected = new Map<string, Outcome>()

beforeAll(async () => {
  await initialiseBackend('cpu')
  for (const each of cases) expected.set(each.name, await trained(each, { isCompiled: false }))
})
afterAll(() => initialiseBackend('cpu'))

describe.each(['webgl', 'webgpu'] as const)('eager = static on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend === 'webgl' ? 'webgl' : 'cpu'))

  it.each(cases)('$name', async (each) => {
    const outcome = await trained(each, { isCompiled: true }, { backend })
    expect(outcome.get('losses')).toHaveLength(8)
    expect(differences(outcome, expected.get(each.name) ?? new Map(), tolerances[backend])).toEqual({})
  })
})
