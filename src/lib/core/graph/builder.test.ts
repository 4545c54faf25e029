import { describe, expect, it } from 'vitest'
import { GraphError, ShapeError } from '../util/errors'
import { GraphBuilder } from './builder'
import { verify } from './verify'

const matrix = { dtype: 'float32', shape: [2, 3] } as const

describe('GraphBuilder', () => {
  it('infers types and gives readable, unique names', () => {
    const builder = new GraphBuilder('step')
    const x = builder.input('argument', matrix, 'x')
    const again = builder.input('argument', matrix, 'x')
    builder.origin = { phase: 'loss', layer: 'dense', line: 7 }
    const first = builder.add('Tanh', [x])
    const second = builder.add('ReduceSum', [builder.add('Tanh', [again]), builder.int64s([1])], {
      keepdims: 0,
    })
    const sum = builder.add('Add', [first, builder.scalar(1)])
    builder.result(sum)
    const graph = builder.build()
    expect([x, again, first, second, sum].map(({ name }) => name)).toEqual([
      'x',
      'x_1',
      'tanh_1',
      'reduceSum_1',
      'add_1',
    ])
    expect(second.shape).toEqual([2])
    expect(graph.nodes[0]?.origin).toEqual({ phase: 'loss', layer: 'dense', line: 7 })
    expect(() => verify(graph)).not.toThrow()
  })

  it('never gives a name twice, whatever inputs are called', () => {
    const builder = new GraphBuilder('step')
    const x = builder.input('argument', matrix, 'tanh_1')
    expect(builder.add('Tanh', [x]).name).toBe('tanh_2')
    expect(builder.input('argument', matrix, '').name).toBe('input_1')
  })

  it('shares equal small constants, told apart by type, shape and sign of zero', () => {
    const builder = new GraphBuilder('step')
    const zero = builder.scalar(0)
    expect(builder.scalar(0)).toBe(zero)
    expect(builder.constant(Float32Array.of(0), 'float32', [])).toBe(zero)
    const others = [
      builder.scalar(-0),
      builder.scalar(0, 'int32'),
      builder.constant([0], 'float32', [1]),
      builder.int64s([0]),
      builder.scalar(0, 'bool'),
    ]
    expect(new Set([zero, ...others].map(({ name }) => name)).size).toBe(6)
    const large = new Float32Array(65)
    expect(builder.constant(large, 'float32', [65])).not.toBe(builder.constant(large, 'float32', [65]))
  })

  it('gives all outputs of a node, leaves optional operands out', () => {
    const builder = new GraphBuilder('step')
    const x = builder.input('argument', matrix, 'x')
    const parts = builder.addMany('Split', [x, builder.int64s([1, 2])], { axis: 1 })
    expect(parts.map(({ name, shape }) => [name, shape])).toEqual([
      ['split_1', [2, 1]],
      ['split_2', [2, 2]],
    ])
    builder.add('Clip', [x, null, builder.scalar(1)])
    expect(builder.build().nodes[1]?.inputs).toEqual(['x', '', 'constant_2'])
    expect(() => builder.add('Split', [x, builder.int64s([1, 2])], { axis: 1 })).toThrow(
      'internal: Split: expected one output, got 2. Use addMany.',
    )
  })

  it('keeps states and results in order', () => {
    const builder = new GraphBuilder('step')
    const weight = builder.input('state', matrix, 'weight')
    const next = builder.add('Neg', [weight])
    builder.state(weight, next, [{ name: 'dense/kernel', shape: [2, 3] }])
    builder.result(next)
    builder.result(weight)
    const { states, results } = builder.build()
    expect(states).toEqual([
      { input: 'weight', output: 'neg_1', variables: [{ name: 'dense/kernel', shape: [2, 3] }] },
    ])
    expect(results).toEqual(['neg_1', 'weight'])
  })

  it('rejects what does not belong', () => {
    const builder = new GraphBuilder('step')
    const x = builder.input('state', matrix, 'x')
    const strange = { name: 'y', ...matrix }
    expect(() => builder.add('Tanh', [strange])).toThrow(GraphError)
    expect(() => builder.add('Tanh', [strange])).toThrow(
      'internal: Tanh: expected a value of graph step, got y [2, 3].',
    )
    expect(() => builder.state(x, builder.scalar(1), [])).toThrow(
      'internal: state x: expected float32[2, 3], got float32[].',
    )
    expect(() => builder.constant(Int32Array.of(1), 'float32', [])).toThrow(
      'internal: constant: expected data for float32[], got Int32Array of 1.',
    )
    expect(() => builder.add('MatMul', [x, x])).toThrow(ShapeError)
  })
})
