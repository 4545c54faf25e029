import { describe, expect, it } from 'vitest'
import { graphOf, printNodes } from '../../../../tests/support/smallGraphs'
import { known } from './packedLayout'
import { resultOf, rewriteNodes } from './rewrite'

const tanhOfProduct = () => graphOf((b, x, y) => b.add('Tanh', [b.add('Mul', [x, y])]))

describe('rewriteNodes', () => {
  it('gives the same graph where no rule applies', () => {
    const graph = tanhOfProduct()
    expect(rewriteNodes(graph, () => null)).toBe(graph)
  })

  it('keeps the name of a result and removes what nothing uses any more', () => {
    const made = rewriteNodes(tanhOfProduct(), ({ op }) =>
      op === 'Tanh' ? { op: 'Relu', inputs: ['x'] } : null,
    )
    expect(printNodes(made)).toBe('tanh_1: float32[2, 3] = Relu(x)\nreturn tanh_1')
  })

  it('leaves what was of no use before', () => {
    const graph = graphOf((b, x) => {
      b.add('Exp', [x])
      return b.add('Relu', [x])
    })
    const made = rewriteNodes(graph, ({ op, inputs }) => (op === 'Relu' ? (inputs[0] ?? null) : null))
    expect(printNodes(made)).toBe('exp_1: float32[2, 3] = Exp(x)\nreturn x')
  })

  it('names new nodes apart from all others, with the origin of the node they stand for', () => {
    const made = rewriteNodes(tanhOfProduct(), (node, edit) => {
      if (node.op !== 'Tanh') return null
      return { op: 'Neg', inputs: [edit.emit({ op: 'Mul', inputs: ['x', 'x'] })] }
    })
    expect(printNodes(made)).toContain('mul_2: float32[2, 3] = Mul(x, x)')
  })

  it('stops rules that undo each other', () => {
    const flipped = rewriteNodes(tanhOfProduct(), ({ op, inputs }) => {
      return op === 'Mul' ? { op, inputs: inputs.toReversed() } : null
    })
    expect(flipped.nodes).toHaveLength(2)
  })

  it('refuses values that do not exist yet', () => {
    const early = () =>
      rewriteNodes(tanhOfProduct(), (_, edit) => edit.emit({ op: 'Neg', inputs: ['tanh_1'] }))
    expect(early).toThrow('internal: rewrite: expected a value made earlier, got tanh_1.')
  })

  it('names what is missing in a broken graph', () => {
    const [node] = tanhOfProduct().nodes
    expect(() => node && resultOf({ ...node, outputs: [] })).toThrow(
      'internal: Mul: expected a result, got none.',
    )
    expect(() => known(new Map<string, string>(), 'w')).toThrow(
      'internal: packing: expected a value of the graph, got w.',
    )
  })
})
