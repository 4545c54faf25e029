import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { elementTypes } from '../graph/elementTypes'
import { algebraRules } from './algebraRules'
import { graphOf, printNodes, type Build } from '../../../../tests/support/smallGraphs'
import { valuesAfter } from '../../../../tests/support/valuesAfter'
import { simplifyAlgebra } from './simplifyAlgebra'

beforeAll(() => initialiseBackend('cpu'))

const { bool, float32, int32 } = elementTypes

/** Rule, a graph it applies to, what remains. */
const cases: readonly (readonly [rule: string, build: Build, nodes: string])[] = [
  [
    'a broadcast operand need not be expanded',
    (b, x, y) => b.add('Mul', [b.add('Expand', [b.add('ReduceSum', [y]), b.int64s([2, 3])]), x]),
    `reduceSum_1: float32[1, 1] = ReduceSum(y)
mul_1: float32[2, 3] = Mul(reduceSum_1, x)
return mul_1`,
  ],
  [
    'a broadcast operand need not be expanded',
    (b, x, y) => {
      const row = b.add('ReduceMax', [y], { axes: [0], keepdims: 0 })
      return b.add('Add', [x, b.add('Tile', [b.add('Reshape', [row, b.int64s([1, 3])]), b.int64s([2, 1])])])
    },
    `reduceMax_1: float32[3] = ReduceMax(y, axes=[0], keepdims=0)
add_1: float32[2, 3] = Add(x, reduceMax_1)
return add_1`,
  ],
  [
    'f(expanded x) = expanded f(x)',
    (b, x) => b.add('Mul', [b.add('Expand', [b.add('ReduceSum', [x]), b.int64s([2, 3])]), b.scalar(3)]),
    `reduceSum_1: float32[1, 1] = ReduceSum(x)
mul_2: float32[1, 1] = Mul(reduceSum_1, 3)
mul_1: float32[2, 3] = Expand(mul_2, [2, 3])
return mul_1`,
  ],
  [
    'a constant of equal elements is a scalar',
    (b, x) => b.add('Max', [x, b.constant(new Array<number>(6).fill(7), 'float32', [2, 3])]),
    'max_1: float32[2, 3] = Max(x, 7)\nreturn max_1',
  ],
  ['x · 1 = x, x + 0 = x', (b, x) => b.add('Mul', [b.scalar(1), x]), 'return x'],
  ['x · 1 = x, x + 0 = x', (b, x) => b.add('Add', [x, b.scalar(0)]), 'return x'],
  [
    'x · 1 = x, x + 0 = x',
    (b, x) => b.add('Mul', [b.add('ReduceSum', [x]), b.constant([1, 1], 'float32', [1, 2])]),
    `reduceSum_1: float32[1, 1] = ReduceSum(x)
mul_1: float32[1, 2] = Expand(reduceSum_1, [1, 2])
return mul_1`,
  ],
  ['x / 1 = x, x − 0 = x, x¹ = x', (b, x) => b.add('Div', [x, b.scalar(1)]), 'return x'],
  ['x / 1 = x, x − 0 = x, x¹ = x', (b, x) => b.add('Sub', [x, b.scalar(0)]), 'return x'],
  ['x / 1 = x, x − 0 = x, x¹ = x', (b, x) => b.add('Pow', [x, b.scalar(1)]), 'return x'],
  ['−(−x) = x, ¬¬x = x', (b, x) => b.add('Neg', [b.add('Neg', [x])]), 'return x'],
  [
    '−(a − b) = b − a, −(x · c) = x · (−c)',
    (b, x, y) => b.add('Neg', [b.add('Sub', [x, y])]),
    'neg_1: float32[2, 3] = Sub(y, x)\nreturn neg_1',
  ],
  [
    '−(a − b) = b − a, −(x · c) = x · (−c)',
    (b, x) => b.add('Neg', [b.add('Mul', [x, b.scalar(3)])]),
    'neg_1: float32[2, 3] = Mul(x, -3)\nreturn neg_1',
  ],
  ['x · (−1) = −x', (b, x) => b.add('Mul', [x, b.scalar(-1)]), 'mul_1: float32[2, 3] = Neg(x)\nreturn mul_1'],
  [
    'a + (−b) = a − b',
    (b, x, y) => b.add('Add', [b.add('Neg', [x]), y]),
    'add_1: float32[2, 3] = Sub(y, x)\nreturn add_1',
  ],
  [
    'a + (−b) = a − b',
    (b, x, y) => b.add('Sub', [x, b.add('Neg', [y])]),
    'sub_1: float32[2, 3] = Add(x, y)\nreturn sub_1',
  ],
  [
    '(−x) · c = x · (−c), (−a) · (−b) = a · b',
    (b, x) => b.add('Mul', [b.scalar(0.3), b.add('Neg', [x])]),
    'mul_1: float32[2, 3] = Mul(x, -0.3)\nreturn mul_1',
  ],
  [
    '(−x) · c = x · (−c), (−a) · (−b) = a · b',
    (b, x, y) => b.add('Mul', [b.add('Neg', [x]), b.add('Neg', [y])]),
    'mul_1: float32[2, 3] = Mul(x, y)\nreturn mul_1',
  ],
  [
    'x / 2ᵏ = x · 2⁻ᵏ',
    (b, x) => b.add('Div', [x, b.scalar(32)]),
    'div_1: float32[2, 3] = Mul(x, 0.03125)\nreturn div_1',
  ],
  [
    '(x · c) · 2ᵏ = x · (c · 2ᵏ)',
    (b, x) => b.add('Mul', [b.add('Mul', [x, b.scalar(0.3)]), b.scalar(0.5)]),
    'mul_2: float32[2, 3] = Mul(x, 0.15)\nreturn mul_2',
  ],
  ['a cast to the same type is none', (b, x) => b.add('Cast', [x], { to: float32 }), 'return x'],
  [
    'a cast to the same type is none',
    (b, x, y) => {
      const integers = b.add('Cast', [b.add('Greater', [x, y])], { to: int32 })
      return b.add('Cast', [b.add('Cast', [integers], { to: bool })], { to: float32 })
    },
    `greater_1: bool[2, 3] = Greater(x, y)
cast_3: float32[2, 3] = Cast(greater_1, to=float32)
return cast_3`,
  ],
  ['a choice that is known', (b, x, y) => b.add('Where', [b.scalar(1, 'bool'), x, y]), 'return x'],
  ['a choice that is known', (b, x, y) => b.add('Where', [b.scalar(0, 'bool'), x, y]), 'return y'],
  [
    'a choice that is known',
    (b, x, y) => b.add('Where', [b.add('Not', [b.add('Less', [x, y])]), x, y]),
    `less_1: bool[2, 3] = Less(x, y)
where_1: float32[2, 3] = Where(less_1, y, x)
return where_1`,
  ],
  ['max(x, x) = x', (b, x) => b.add('Max', [x, x]), 'return x'],
  [
    'a reduction of single elements is a reshape',
    (b, x) => b.add('ReduceSum', [b.add('Reshape', [x, b.int64s([6, 1])]), b.int64s([1])], { keepdims: 0 }),
    `reshape_1: float32[6, 1] = Reshape(x, [6, 1])
reduceSum_1: float32[6] = Reshape(reshape_1, [6])
return reduceSum_1`,
  ],
  ['a layout operator that changes nothing', (b, x) => b.add('Concat', [x], { axis: 0 }), 'return x'],
  ['a layout operator that changes nothing', (b, x) => b.add('Tile', [x, b.int64s([1, 1])]), 'return x'],
  [
    'a layout operator that changes nothing',
    (b, x) => b.add('Slice', [x, b.int64s([0]), b.int64s([2])]),
    'return x',
  ],
]

describe('simplifyAlgebra', () => {
  it.each(cases)('%s', (_, build, nodes) => {
    const graph = graphOf(build)
    const simple = simplifyAlgebra.run(graph)
    expect(printNodes(simple)).toBe(nodes)
    expect(valuesAfter(simple)).toEqual(valuesAfter(graph))
  })

  it('has a case for every rule', () => {
    expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(algebraRules.map(({ name }) => name)))
  })

  const kept: readonly (readonly [why: string, build: Build])[] = [
    [
      '0.3 · 0.3 would round otherwise',
      (b, x) => {
        return b.add('Mul', [b.add('Mul', [x, b.scalar(0.3)]), b.scalar(0.3)])
      },
    ],
    ['1/3 is not exact', (b, x) => b.add('Div', [x, b.scalar(3)])],
    [
      'the constant stretches the other operand',
      (b, x) => {
        return b.add('Mul', [b.add('ReduceSum', [x]), b.constant([2, 2], 'float32', [1, 2])])
      },
    ],
    [
      'a reversal has the same shape',
      (b, x) => {
        return b.add('Slice', [x, b.int64s([1]), b.int64s([-3]), b.int64s([0]), b.int64s([-1])])
      },
    ],
    [
      'ONNX Runtime cannot stretch an operand of Pow on WebGPU',
      (b, x, y) => {
        return b.add('Pow', [x, b.add('Expand', [b.add('ReduceSum', [y]), b.int64s([2, 3])])])
      },
    ],
    ['0 · x is not 0 where x is infinite', (b, x) => b.add('Mul', [x, b.scalar(0)])],
  ]

  it.each(kept)('stays: %s', (_, build) => {
    const graph = graphOf(build)
    expect(simplifyAlgebra.run(graph)).toBe(graph)
  })

  it('does not double work that something else needs', () => {
    const graph = graphOf((b, x) => {
      const product = b.add('Mul', [x, b.scalar(3)])
      b.result(product)
      return b.add('Neg', [product])
    })
    expect(simplifyAlgebra.run(graph)).toBe(graph)
  })
})
