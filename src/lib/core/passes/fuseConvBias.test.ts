import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import type { GraphBuilder } from '../graph/builder'
import type { Value } from '../graph/types'
import { graphOf, printNodes } from '../../../../tests/support/smallGraphs'
import { valuesAfter } from '../../../../tests/support/valuesAfter'
import { fuseConvBias } from './fuseConvBias'

beforeAll(() => initialiseBackend('cpu'))

/** x as an image [1, 1, 2, 3], convolved by two filters of one element. */
const convolved = (b: GraphBuilder, x: Value) =>
  b.add('Conv', [b.add('Reshape', [x, b.int64s([1, 1, 2, 3])]), b.constant([1, 2], 'float32', [2, 1, 1, 1])])
const bias = (b: GraphBuilder) => b.constant([5, 6], 'float32', [2])

describe('fuseConvBias', () => {
  it('gives the convolution its bias', () => {
    const graph = graphOf((b, x) => {
      return b.add('Add', [convolved(b, x), b.add('Reshape', [bias(b), b.int64s([1, 2, 1, 1])])])
    })
    const fused = fuseConvBias.run(graph)
    expect(printNodes(fused)).toMatchInlineSnapshot(`
      "reshape_1: float32[1, 1, 2, 3] = Reshape(x, [1, 1, 2, 3])
      add_1: float32[1, 2, 2, 3] = Conv(reshape_1, float32[2, 1, 1, 1][1, 2], [5, 6])
      return add_1"
    `)
    expect(valuesAfter(fused)).toEqual(valuesAfter(graph))
  })

  it('leaves an addition along another axis', () => {
    const graph = graphOf((b, x) => {
      return b.add('Add', [convolved(b, x), b.add('Reshape', [bias(b), b.int64s([1, 1, 2, 1])])])
    })
    expect(fuseConvBias.run(graph)).toBe(graph)
  })
})
