import { describe, expect, it } from 'vitest'
import { graphOf as operatorGraph, operatorCases, type Case } from '../../../../tests/support/operatorCases'
import { graphOf, printNodes } from '../../../../tests/support/smallGraphs'
import { constantsOf } from '../graph/queries'
import { opNames, type OpName } from '../graph/opNames'
import { foldConstants } from './foldConstants'

/** The graph of one operator on constants. */
function onConstants(op: OpName, { operands, attributes }: Case) {
  const constants = operands.map((operand) => operand && { ...operand, isConstant: true as const })
  return operatorGraph(op, { operands: constants, attributes, expected: [] }).graph
}

const examples = opNames.flatMap((op) => operatorCases[op].map((one) => [op, one] as const))
const isFolded = ([op, one]: (typeof examples)[number]) =>
  foldConstants.run(onConstants(op, one)).nodes.length === 0

/** What traces do not apply to constants alone, so that folding it would be code without use. */
const unfolded = [
  'Elu',
  'Erf',
  'LeakyRelu',
  'Selu',
  'Softplus',
  'Clip',
  'Gemm',
  'MatMul',
  'Conv',
  'ConvTranspose',
  'ArgMax',
  'Softmax',
  'CumSum',
  'AveragePool',
  'MaxPool',
  'Pad',
  'Gather',
  'GatherND',
  'ScatterElements',
  'ScatterND',
  'Split',
]

describe('foldConstants', () => {
  it.each(examples.filter(isFolded))('computes %s as by hand, %#', (op, one) => {
    const folded = foldConstants.run(onConstants(op, one))
    const constants = constantsOf(folded)
    const values = folded.results.map((name) => Array.from(constants.get(name)?.data ?? []))
    expect(values.map(({ length }) => length)).toEqual(one.expected.map(({ length }) => length))
    for (const [index, value] of one.expected.flat().entries())
      expect(values.flat()[index]).toBeCloseTo(value, 5)
  })

  it('leaves few operators as they are', () => {
    const folded = new Set(examples.filter(isFolded).map(([op]) => op))
    expect(opNames.filter((op) => !folded.has(op))).toEqual(unfolded)
  })

  it('rounds to float32 after every operator', () => {
    const graph = graphOf((b) =>
      b.add('Sub', [b.add('Add', [b.scalar(2 ** 24), b.scalar(1)]), b.scalar(2 ** 24)]),
    )
    expect(printNodes(foldConstants.run(graph))).toBe('return 0')
  })

  it('leaves what depends on an input and what would be large', () => {
    const graph = graphOf((b, x) => {
      b.result(b.add('Expand', [b.scalar(1), b.int64s([4097])]))
      return b.add('Add', [x, b.scalar(1)])
    })
    expect(foldConstants.run(graph)).toBe(graph)
  })
})
