import { expect, it } from 'vitest'
import { GraphError } from '../util/errors'
import { listAttribute, numberAttribute, sizeAt, textAttribute, type Call } from './opRule'

const call: Call = { op: 'Pad', operands: [], attributes: { mode: 'constant', axis: 1 } }

it('says which attribute has not the kind that a rule reads', () => {
  expect(() => numberAttribute(call, 'mode')).toThrow(GraphError)
  expect(() => numberAttribute(call, 'mode')).toThrow(
    'internal: Pad: expected a number as mode, got constant.',
  )
  expect(() => listAttribute(call, 'axis')).toThrow(
    'internal: Pad: expected a list of numbers as axis, got 1.',
  )
  expect(() => textAttribute(call, 'axis')).toThrow('internal: Pad: expected a text as axis, got 1.')
  expect(listAttribute(call, 'pads')).toBeUndefined()
})

it('says which axis a shape lacks', () => {
  expect(() => sizeAt([2, 3], 2)).toThrow('internal: expected axis 2, got [2, 3].')
})
