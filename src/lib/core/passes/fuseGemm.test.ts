import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import type { GraphBuilder } from '../graph/builder'
import type { Value } from '../graph/types'
import { graphOf, printNodes, type Build } from '../../../../tests/support/smallGraphs'
import { valuesAfter } from '../../../../tests/support/valuesAfter'
import { fuseGemm } from './fuseGemm'

beforeAll(() => initialiseBackend('cpu'))

const transposed = (b: GraphBuilder, x: Value) => b.add('Transpose', [x], { perm: [1, 0] })
const row = (b: GraphBuilder) => b.constant([1, 2, 3], 'float32', [3])

const cases: readonly (readonly [name: string, build: Build, nodes: string])[] = [
  [
    'a product with a transpose',
    (b, x, y) => b.add('MatMul', [x, transposed(b, y)]),
    'matMul_1: float32[2, 2] = Gemm(x, y, transB=1)\nreturn matMul_1',
  ],
  [
    'a transposed product',
    (b, x, y) => transposed(b, b.add('MatMul', [transposed(b, x), y])),
    'transpose_2: float32[3, 3] = Gemm(y, x, transA=1)\nreturn transpose_2',
  ],
  [
    'a column that is a reshaped row',
    (b, x) => {
      const sum = b.add('ReduceSum', [x, b.int64s([0])])
      return b.add('MatMul', [b.add('Reshape', [sum, b.int64s([3, 1])]), sum])
    },
    `reduceSum_1: float32[1, 3] = ReduceSum(x, [0])
matMul_1: float32[3, 3] = Gemm(reduceSum_1, reduceSum_1, transA=1)
return matMul_1`,
  ],
]

describe('fuseGemm', () => {
  it.each(cases)('takes in %s', (_, build, nodes) => {
    const graph = graphOf(build)
    const fused = fuseGemm.run(graph)
    expect(printNodes(fused)).toBe(nodes)
    expect(valuesAfter(fused)).toEqual(valuesAfter(graph))
  })

  it('takes in a bias of any shape that the product is not stretched by', () => {
    const graph = graphOf((b, x, y) => {
      const product = b.add('MatMul', [transposed(b, x), y])
      return b.add('Add', [row(b), product])
    })
    expect(printNodes(fuseGemm.run(graph))).toMatchInlineSnapshot(`
      "add_1: float32[3, 3] = Gemm(x, y, [1, 2, 3], transA=1)
      return add_1"
    `)
  })

  it('leaves a transpose that changes nothing', () => {
    const graph = graphOf((b, x, y) => {
      const product = b.add('MatMul', [b.add('Reshape', [x, b.int64s([3, 2])]), y])
      return b.add('Transpose', [product], { perm: [0, 1] })
    })
    expect(fuseGemm.run(graph)).toBe(graph)
  })

  it('leaves a product that something else needs', () => {
    const graph = graphOf((b, x, y) => {
      const product = b.add('MatMul', [b.add('Reshape', [x, b.int64s([3, 2])]), y])
      b.result(product)
      return b.add('Add', [product, row(b)])
    })
    expect(fuseGemm.run(graph)).toBe(graph)
  })

  it('leaves a bias that stretches the product, and products of more axes', () => {
    const graph = graphOf((b, x, y) => {
      const images = b.add('Reshape', [x, b.int64s([1, 3, 2])])
      b.result(b.add('Add', [b.add('MatMul', [images, y]), row(b)]))
      const small = b.add('MatMul', [
        b.add('Reshape', [x, b.int64s([1, 6])]),
        b.add('Reshape', [y, b.int64s([6, 1])]),
      ])
      return b.add('Add', [small, row(b)])
    })
    expect(fuseGemm.run(graph)).toBe(graph)
  })
})
