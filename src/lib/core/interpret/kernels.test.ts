import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interpretCase } from '../../../../tests/support/interpretCase'
import { operatorCases } from '../../../../tests/support/operatorCases'
import { disposeBackend, initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { opNames } from '../graph/opNames'

describe.each(['cpu', 'wasm'] as const)('interpreted on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))
  afterAll(() => disposeBackend())

  it.each(opNames.flatMap((op) => operatorCases[op].map((one) => [op, one] as const)))(
    '%s %#',
    async (op, one) => {
      const results = await interpretCase(op, one)
      expect(results.map(({ length }) => length)).toEqual(one.expected.map(({ length }) => length))
      results
        .flat()
        .forEach((value, index) => expect(value).toBeCloseTo(one.expected.flat()[index] ?? NaN, 5))
      expect(tf.memory().numTensors).toBe(0)
    },
  )
})
