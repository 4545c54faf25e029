import { expect, it } from 'vitest'
import { outputOf, tensorAt, type KernelCall } from './kernelCall'

const call: KernelCall = { op: 'Add', operands: [], attributes: {}, outputs: [], tensor: () => undefined }

it('says what a kernel lacks', () => {
  expect(() => tensorAt(call, 1)).toThrow('internal: Add: expected operand 2, got none.')
  expect(() => outputOf(call)).toThrow('internal: Add: expected an output, got none.')
})
