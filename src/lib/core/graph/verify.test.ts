import { describe, expect, it } from 'vitest'
import { GraphError } from '../util/errors'
import type { Graph, Node } from './types'
import { verify } from './verify'

const origin = { phase: 'update', layer: '', line: 0 } as const
const vector = { dtype: 'float32', shape: [2] } as const
const negated: Node = {
  op: 'Neg',
  inputs: ['w'],
  outputs: [{ name: 'next', ...vector }],
  attributes: {},
  origin,
}

const valid: Graph = {
  name: 'step',
  inputs: [{ name: 'w', role: 'state', ...vector }],
  constants: [{ name: 'half', dtype: 'float32', shape: [], data: Float32Array.of(0.5) }],
  nodes: [negated],
  states: [{ input: 'w', output: 'next', variables: [{ name: 'w', shape: [2] }] }],
  results: ['next', 'next', 'half'],
}

const state = { input: 'w', output: 'next', variables: [{ name: 'w', shape: [2] }] }

const broken: readonly [string, Partial<Graph>, string][] = [
  [
    'order',
    { nodes: [{ ...negated, inputs: ['later'] }] },
    'Neg next: expected an operand made by an earlier node, got later.',
  ],
  [
    'operator',
    { nodes: [{ ...negated, op: 'Nag' as 'Neg' }] },
    'Nag next: expected an operator of ops.ts, got Nag.',
  ],
  [
    'call',
    { nodes: [{ ...negated, inputs: [] }] },
    'Neg next: expected a valid call, got Neg: expected 1 operands, got 0.',
  ],
  [
    'type',
    { nodes: [{ ...negated, outputs: [{ name: 'next', dtype: 'int32', shape: [2] }] }] },
    'Neg next: expected float32[2], got int32[2].',
  ],
  ['outputs', { nodes: [{ ...negated, outputs: [] }] }, 'Neg : expected float32[2], got .'],
  ['names', { nodes: [{ ...negated, outputs: [{ name: 'w', ...vector }] }] }, 'w: expected a name used once'],
  ['name', { inputs: [{ name: '', role: 'argument', ...vector }] }, 'float32[2]: expected a name, got none.'],
  [
    'data',
    { constants: [{ name: 'half', dtype: 'int64', shape: [1], data: Float32Array.of(1) }] },
    'half: expected data for int64[1], got Float32Array of 1.',
  ],
  ['result', { results: ['loss'] }, 'result: expected a value of the graph, got loss.'],
  [
    'role',
    { states: [{ ...state, input: 'half' }] },
    'state half: expected an input of role state, got none.',
  ],
  ['two states', { states: [state, state] }, 'state w: expected one state per input, got a second one.'],
  ['no state', { states: [] }, 'w: expected a state for the input, got none.'],
  [
    'state output',
    { states: [{ ...state, output: 'gone' }] },
    'state w: expected a value of the graph, got gone.',
  ],
  ['state type', { states: [{ ...state, output: 'half' }] }, 'state w: expected float32[2], got float32[].'],
  [
    'variables',
    { states: [{ ...state, variables: [] }] },
    'state w: expected variables of 2 elements, got 0.',
  ],
]

describe('verify', () => {
  it('accepts a valid graph', () => {
    expect(() => verify(valid)).not.toThrow()
  })

  it.each(broken)('names what breaks: %s', (_, part, message) => {
    const check = () => verify({ ...valid, ...part })
    expect(check).toThrow(GraphError)
    expect(check).toThrow(`internal: step: ${message}`)
  })
})
