import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import type { GraphBuilder } from '../graph/builder'
import type { Value } from '../graph/types'
import { cancelLayoutChanges } from './cancelLayoutChanges'
import { graphOf, printNodes, type Build } from '../../../../tests/support/smallGraphs'
import { convStep, updateRules } from '../../../../tests/support/trainingSteps'
import { valuesAfter } from '../../../../tests/support/valuesAfter'

beforeAll(() => initialiseBackend('cpu'))

/** An image [2, 3, 2, 3]: no axis of size 1, or a transpose might be a reshape. */
const image = (b: GraphBuilder, x: Value, y: Value) => {
  const column = b.add('Reshape', [x, b.int64s([2, 3, 1, 1])])
  return b.add('Mul', [column, y])
}
const first = (b: GraphBuilder, x: Value) => b.add('Transpose', [x], { perm: [0, 3, 1, 2] })
const last = (b: GraphBuilder, x: Value) => b.add('Transpose', [x], { perm: [0, 2, 3, 1] })

const channels = (b: GraphBuilder) => b.constant([1, 2, 3], 'float32', [3])

/** Operators after a transpose, mostly with its inverse behind them, and what is left. */
const moved: readonly (readonly [
  name: string,
  build: (b: GraphBuilder, image: Value) => Value,
  nodes: string,
])[] = [
  [
    'an operator on elements',
    (b, x) => first(b, b.add('Tanh', [last(b, x)])),
    `tanh_2: float32[2, 3, 2, 3] = Tanh(mul_1)
return tanh_2`,
  ],
  [
    'a scalar',
    (b, x) => first(b, b.add('Mul', [last(b, x), b.scalar(2)])),
    `mul_3: float32[2, 3, 2, 3] = Mul(mul_1, 2)
return mul_3`,
  ],
  [
    'a vector of channels',
    (b, x) => first(b, b.add('Add', [last(b, x), channels(b)])),
    `reshape_2: float32[1, 3, 1, 1] = Reshape([1, 2, 3], [1, 3, 1, 1])
add_2: float32[2, 3, 2, 3] = Add(mul_1, reshape_2)
return add_2`,
  ],
  [
    'a sum over all but channels',
    (b, x) => b.add('ReduceSum', [last(b, x), b.int64s([0, 1, 2])], { keepdims: 0 }),
    `reduceSum_1: float32[3] = ReduceSum(mul_1, [0, 2, 3], keepdims=0)
return reduceSum_1`,
  ],
  [
    'a maximum that keeps axes',
    (b, x) => first(b, b.add('ReduceMax', [last(b, x)], { axes: [3], keepdims: 1 })),
    `reduceMax_2: float32[2, 1, 2, 3] = ReduceMax(mul_1, axes=[1], keepdims=1)
return reduceMax_2`,
  ],
  [
    'a maximum that leaves another order',
    (b, x) => b.add('ReduceMax', [last(b, x)], { axes: [1], keepdims: 0 }),
    `reduceMax_2: float32[2, 3, 3] = ReduceMax(mul_1, axes=[2], keepdims=0)
reduceMax_1: float32[2, 3, 3] = Transpose(reduceMax_2, perm=[0, 2, 1])
return reduceMax_1`,
  ],
  [
    'Concat',
    (b, x) => first(b, b.add('Concat', [last(b, x), last(b, x)], { axis: 3 })),
    `concat_2: float32[2, 6, 2, 3] = Concat(mul_1, mul_1, axis=1)
return concat_2`,
  ],
  [
    'Pad',
    (b, x) => first(b, b.add('Pad', [last(b, x), b.int64s([0, 1, 0, 2, 0, 0, 3, 0])])),
    `pad_2: float32[2, 5, 3, 6] = Pad(mul_1, [0, 2, 1, 0, 0, 0, 0, 3])
return pad_2`,
  ],
  [
    'Softmax',
    (b, x) => first(b, b.add('Softmax', [last(b, x)])),
    `softmax_2: float32[2, 3, 2, 3] = Softmax(mul_1, axis=1)
return softmax_2`,
  ],
  [
    'ArgMax',
    (b, x) => b.add('Cast', [b.add('ArgMax', [last(b, x)], { axis: -1, keepdims: 0 })], { to: 1 }),
    `argMax_1: int64[2, 2, 3] = ArgMax(mul_1, axis=1, keepdims=0)
cast_1: float32[2, 2, 3] = Cast(argMax_1, to=float32)
return cast_1`,
  ],
  [
    'Expand',
    (b, x) => first(b, b.add('Expand', [b.add('ReduceMax', [x], { axes: [1, 2] }), b.int64s([2, 5, 5, 3])])),
    `reduceMax_1: float32[2, 1, 1, 3] = ReduceMax(mul_1, axes=[1, 2])
transpose_2: float32[2, 3, 1, 1] = Reshape(reduceMax_1, [2, 3, 1, 1])
transpose_1: float32[2, 3, 5, 5] = Expand(transpose_2, [2, 3, 5, 5])
return transpose_1`,
  ],
]

describe('cancelLayoutChanges', () => {
  it.each(moved)('moves transposes past %s', (_, build, nodes) => {
    const graph = graphOf((b, x, y) => build(b, image(b, x, y)))
    const cancelled = cancelLayoutChanges.run(graph)
    expect(printNodes(cancelled).split('\n').slice(2).join('\n')).toBe(nodes)
    expect(valuesAfter(cancelled)).toEqual(valuesAfter(graph))
  })

  const merged: readonly (readonly [name: string, build: Build, nodes: string])[] = [
    [
      'a transpose and its inverse',
      (b, x) => b.add('Transpose', [b.add('Transpose', [x], { perm: [1, 0] })]),
      'return x',
    ],
    [
      'two reshapes',
      (b, x) => b.add('Reshape', [b.add('Reshape', [x, b.int64s([6])]), b.int64s([3, 2])]),
      'reshape_2: float32[3, 2] = Reshape(x, [3, 2])\nreturn reshape_2',
    ],
    [
      'axes that come and go',
      (b, x) => b.add('Reshape', [b.add('Reshape', [x, b.int64s([1, 2, 3])]), b.int64s([2, 3])]),
      'return x',
    ],
    ['a reshape to the same shape', (b, x) => b.add('Reshape', [x, b.int64s([0, -1])]), 'return x'],
    [
      'a transpose of axes of size 1',
      (b, x) => b.add('Transpose', [b.add('Reshape', [x, b.int64s([1, 2, 3, 1])])], { perm: [0, 3, 1, 2] }),
      'transpose_1: float32[1, 1, 2, 3] = Reshape(x, [1, 1, 2, 3])\nreturn transpose_1',
    ],
  ]

  it.each(merged)('merges %s', (_, build, nodes) => {
    expect(printNodes(cancelLayoutChanges.run(graphOf(build)))).toBe(nodes)
  })

  it('does not move a transpose where that cancels nothing', () => {
    const graph = graphOf((b, x, y) => b.add('Tanh', [last(b, image(b, x, y))]))
    expect(cancelLayoutChanges.run(graph)).toBe(graph)
  })

  it('leaves a convolutional step the transposes of filters, and those that exchange batch and channels', () => {
    const cancelled = cancelLayoutChanges.run(convStep(updateRules.sgd))
    const transposes = cancelled.nodes.filter(({ op }) => op === 'Transpose')
    expect(
      transposes.map(({ attributes, outputs }) => `${String(attributes.perm)} ${String(outputs[0]?.shape)}`),
    ).toMatchInlineSnapshot(`
      [
        "3,2,0,1 4,3,3,3",
        "0,3,1,2 2,3,5,5",
        "0,2,3,1 2,3,3,4",
        "0,3,1,2 2,4,3,3",
        "3,0,1,2 3,2,5,5",
        "3,0,1,2 4,2,3,3",
        "2,3,0,1 3,3,3,4",
      ]
    `)
  })
})
