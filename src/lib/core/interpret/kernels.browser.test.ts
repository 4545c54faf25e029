import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interpretCase } from '../../../../tests/support/interpretCase'
import { operatorCases } from '../../../../tests/support/operatorCases'
import { disposeBackend, initialiseBackend } from '../eager/backends'
import { opNames } from '../graph/opNames'

describe.each(['webgl', 'webgpu'] as const)('interpreted on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))
  afterAll(() => disposeBackend())

  it.each(opNames.flatMap((op) => operatorCases[op].map((one) => [op, one] as const)))(
    '%s %#',
    async (op, one) => {
      const results = await interpretCase(op, one)
      expect(results.map(({ length }) => length)).toEqual(one.expected.map(({ length }) => length))
      results
        .flat()
        .forEach((value, index) => expect(value).toBeCloseTo(one.expected.flat()[index] ?? NaN, 4))
    },
  )
})
