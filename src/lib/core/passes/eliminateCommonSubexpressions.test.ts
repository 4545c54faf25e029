import { describe, expect, it } from 'vitest'
import { eliminateCommonSubexpressions } from './eliminateCommonSubexpressions'
import { graphOf, printNodes } from '../../../../tests/support/smallGraphs'

const run = (graph: Parameters<typeof printNodes>[0]) => printNodes(eliminateCommonSubexpressions.run(graph))

describe('eliminateCommonSubexpressions', () => {
  it('computes equal expressions once, whatever the order of operands that may change places', () => {
    const graph = graphOf((b, x, y) => {
      const [first, second] = [b.add('Mul', [x, y]), b.add('Mul', [y, x])]
      return b.add('Sub', [b.add('Tanh', [first]), b.add('Tanh', [second])])
    })
    expect(run(graph)).toMatchInlineSnapshot(`
      "mul_1: float32[2, 3] = Mul(x, y)
      tanh_1: float32[2, 3] = Tanh(mul_1)
      sub_1: float32[2, 3] = Sub(tanh_1, tanh_1)
      return sub_1"
    `)
  })

  it('keeps the origin of the first', () => {
    const graph = graphOf((b, x) => {
      b.origin = { phase: 'forward', layer: 'dense_1', line: 3 }
      const first = b.add('Tanh', [x])
      b.origin = { phase: 'backward', layer: 'dense_1', line: 9 }
      return b.add('Mul', [first, b.add('Tanh', [x])])
    })
    const [node] = eliminateCommonSubexpressions.run(graph).nodes
    expect(node?.origin).toEqual({ phase: 'forward', layer: 'dense_1', line: 3 })
  })

  it('tells apart what differs in attributes, order or a constant', () => {
    const graph = graphOf((b, x, y) => {
      const sums = [0, 1].map((axis) => b.add('ReduceMax', [x], { axes: [axis], keepdims: 1 }))
      for (const value of sums) b.result(value)
      b.result(b.add('Sub', [x, y]))
      b.result(b.add('Mul', [x, b.scalar(0)]))
      b.result(b.add('Mul', [x, b.scalar(-0)]))
      return b.add('Sub', [y, x])
    })
    expect(eliminateCommonSubexpressions.run(graph)).toBe(graph)
  })

  it('makes equal constants one', () => {
    const graph = graphOf((b, x) => {
      const long = () =>
        b.constant(
          Float32Array.from({ length: 99 }, (_, index) => index),
          'float32',
          [33, 1, 3],
        )
      return b.add('Add', [b.add('Mul', [x, long()]), b.add('Mul', [x, long()])])
    })
    const made = eliminateCommonSubexpressions.run(graph)
    expect(made.constants).toHaveLength(1)
    expect(made.nodes).toHaveLength(2)
  })
})
