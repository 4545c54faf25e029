import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../graph/builder'
import { printGraph } from '../../../../tests/support/printGraph'
import { removeDeadCode } from './removeDeadCode'

describe('removeDeadCode', () => {
  it('removes nodes, constants and host inputs without use; arguments and states stay', () => {
    const b = new GraphBuilder('example')
    const type = { dtype: 'float32', shape: [2] } as const
    const [x, w] = [b.input('argument', type, 'x'), b.input('state', type, 'w')]
    b.input('argument', type, 'unused')
    const rate = b.input('host', type, 'rate')
    b.add('Tanh', [b.add('Mul', [rate, b.scalar(3)])])
    b.state(w, w, [{ name: 'w', shape: [2] }])
    b.result(b.add('Neg', [x]))
    expect(printGraph(removeDeadCode.run(b.build()))).toMatchInlineSnapshot(`
      "graph example
        argument x: float32[2]
        state w: float32[2]
        argument unused: float32[2]
        neg_1: float32[2] = Neg(x)  # forward
        state w (w)
        return neg_1"
    `)
  })
})
