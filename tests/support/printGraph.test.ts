import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../src/lib/core/graph/builder'
import { elementTypes } from '../../src/lib/core/graph/elementTypes'
import { printGraph } from './printGraph'
import { constantsOf, outputsOf, producersOf, usersOf, valuesOf } from '../../src/lib/core/graph/queries'

/** One step of a linear model with a mask from the host. */
function linearStep() {
  const builder = new GraphBuilder('step')
  const x = builder.input('argument', { dtype: 'float32', shape: [4, 3] }, 'x')
  const mask = builder.input('host', { dtype: 'float32', shape: [4, 1] }, 'mask')
  const weight = builder.input('state', { dtype: 'float32', shape: [3, 1] }, 'weight')
  builder.origin = { phase: 'forward', layer: 'dense_1', line: 12 }
  const y = builder.add('Mul', [builder.add('MatMul', [x, weight]), mask])
  builder.origin = { phase: 'loss', layer: '', line: 0 }
  const targets = builder.constant(new Float32Array(12), 'float32', [12, 1])
  const sum = builder.add('ReduceSum', [y, builder.int64s([0, 1])], { keepdims: 0 })
  const count = builder.add('Cast', [builder.constant([1, 2], 'int32', [2, 1])], { to: elementTypes.float32 })
  builder.origin = { phase: 'update', layer: '', line: 15 }
  const capped = builder.add('Clip', [sum, null, builder.scalar(0.1)])
  const next = builder.add('Sub', [weight, capped])
  builder.state(weight, next, [{ name: 'dense_1/kernel', shape: [3, 1] }])
  for (const value of [sum, targets, count]) builder.result(value)
  return builder.build()
}

describe('printGraph', () => {
  it('shows a graph one node per line', () => {
    expect(printGraph(linearStep())).toMatchInlineSnapshot(`
      "graph step
        argument x: float32[4, 3]
        host mask: float32[4, 1]
        state weight: float32[3, 1]
        constant constant_1: float32[12, 1]
        matMul_1: float32[4, 1] = MatMul(x, weight)  # forward dense_1 line 12
        mul_1: float32[4, 1] = Mul(matMul_1, mask)  # forward dense_1 line 12
        reduceSum_1: float32[] = ReduceSum(mul_1, [0, 1], keepdims=0)  # loss
        cast_1: float32[2, 1] = Cast(int32[2, 1][1, 2], to=float32)  # loss
        clip_1: float32[] = Clip(reduceSum_1, -, 0.1)  # update line 15
        sub_1: float32[3, 1] = Sub(weight, clip_1)  # update line 15
        state weight (dense_1/kernel) becomes sub_1
        return reduceSum_1, constant_1, cast_1"
    `)
  })
})

describe('queries', () => {
  const graph = linearStep()

  it('answers by name', () => {
    expect(producersOf(graph).get('mul_1')?.op).toBe('Mul')
    expect(producersOf(graph).has('x')).toBe(false)
    expect(
      usersOf(graph)
        .get('weight')
        ?.map(({ op }) => op),
    ).toEqual(['MatMul', 'Sub'])
    expect(usersOf(graph).has('sub_1')).toBe(false)
    expect(usersOf(graph).has('')).toBe(false)
    expect(constantsOf(graph).get('constant_2')?.data).toEqual(Int32Array.of(0, 1))
    expect(valuesOf(graph).get('mul_1')?.shape).toEqual([4, 1])
    expect([...outputsOf(graph)]).toEqual(['reduceSum_1', 'constant_1', 'cast_1', 'sub_1'])
  })
})
