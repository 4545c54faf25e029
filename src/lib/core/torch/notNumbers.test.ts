/** NaN is handed on: values of PyTorch 2.13. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { compile, nn, tensor, type Tensor } from './index'
import { wasmSession } from '../../../../tests/support/wasmSession'

wasmSession()

const F = nn.functional

const x = () =>
  tensor([
    [1, NaN, 3],
    [4, 2, 0],
    [NaN, NaN, -1],
  ])
const other = () => tensor([0, 0, NaN])

type Op = (x: Tensor) => Tensor

const outermost: readonly (readonly [string, Op, unknown])[] = [
  ['max', (x) => x.max(), NaN],
  ['min', (x) => x.min(), NaN],
  ['max along a dim', (x) => x.max(1).values, [NaN, 4, NaN]],
  ['where max is', (x) => x.max(1).indices, [1, 0, 0]],
  ['min along a dim', (x) => x.min(1).values, [NaN, 0, NaN]],
  ['where min is', (x) => x.min(1).indices, [1, 2, 0]],
  ['argmax', (x) => x.argmax(), 1],
  ['argmax along a dim', (x) => x.argmax(1), [1, 0, 0]],
  ['argmax along the first dim', (x) => x.argmax(0), [2, 0, 0]],
  ['argmin along a dim', (x) => x.argmin(1), [1, 2, 0]],
  ['norm', (x) => x.norm(Infinity), NaN],
]

const pairs: readonly (readonly [string, Op, unknown])[] = [
  [
    'maximum',
    (x) => x.maximum(other()),
    [
      [1, NaN, NaN],
      [4, 2, NaN],
      [NaN, NaN, NaN],
    ],
  ],
  [
    'minimum of what is stretched',
    (x) => other().minimum(x),
    [
      [0, NaN, NaN],
      [0, 0, NaN],
      [NaN, NaN, NaN],
    ],
  ],
  [
    'clamp',
    (x) => x.clamp(0, 2),
    [
      [1, NaN, 2],
      [2, 2, 0],
      [NaN, NaN, 0],
    ],
  ],
  [
    'relu6',
    (x) => F.relu6(x),
    [
      [1, NaN, 3],
      [4, 2, 0],
      [NaN, NaN, 0],
    ],
  ],
  [
    'hardtanh',
    (x) => F.hardtanh(x),
    [
      [1, NaN, 1],
      [1, 1, 0],
      [NaN, NaN, -1],
    ],
  ],
]

const inOrder: readonly (readonly [string, Op, unknown])[] = [
  [
    'sort',
    (x) => x.sort().values,
    [
      [1, 3, NaN],
      [0, 2, 4],
      [-1, NaN, NaN],
    ],
  ],
  [
    'where sort had them',
    (x) => x.sort().indices,
    [
      [0, 2, 1],
      [2, 1, 0],
      [2, 0, 1],
    ],
  ],
  [
    'sort downwards',
    (x) => x.argsort({ descending: true }),
    [
      [1, 2, 0],
      [0, 1, 2],
      [0, 1, 2],
    ],
  ],
  [
    'topk',
    (x) => x.topk(2).values,
    [
      [NaN, 3],
      [4, 2],
      [NaN, NaN],
    ],
  ],
  [
    'topk of the smallest',
    (x) => x.topk(2, { largest: false }).values,
    [
      [1, 3],
      [0, 2],
      [-1, NaN],
    ],
  ],
  ['sort along the first dim', (x) => x.sort(0).values.select(1, 0), [1, 4, NaN]],
]

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  it.each([...outermost, ...pairs, ...inOrder])('%s', async (_, op, expected) => {
    expect(await op(x()).tolist()).toEqual(expected)
  })

  it.each([
    [{}, 2, [[3, NaN, NaN]]],
    [
      { stride: 1 },
      2,
      [
        [3, NaN, NaN, NaN, NaN],
        [7, 7, 9, NaN, NaN],
      ],
    ],
    [
      { padding: 1, stride: 2 },
      3,
      [
        [3, NaN, NaN],
        [7, 9, NaN],
      ],
    ],
  ] as const)('maxPool2d %o', async (options, size, expected) => {
    const image = tensor([
      [1, 0, NaN, 2, 3, 4],
      [2, 3, 1, 0, NaN, 5],
      [1, 7, 2, 9, NaN, 8],
    ])
    expect(await F.maxPool2d(image.reshape(1, 1, 3, 6), size, options).tolist()).toEqual([[expected]])
  })

  it('a fraction and a number that fills no byte are true', async () => {
    expect(await tensor([0.5, 256, -0.25, 0, NaN]).bool().tolist()).toEqual([1, 1, 1, 0, 1])
  })
})

describe('in a compiled step', () => {
  it.each([...outermost, ...pairs])('%s', async (_, op, expected) => {
    expect(await compile(op)(x()).tolist()).toEqual(expected)
  })

  it('of whole numbers nothing is looked for', async () => {
    expect(await compile((x: Tensor) => x.long().argmax(1))(tensor([[1, 3, 2]])).tolist()).toEqual([1])
  })
})
