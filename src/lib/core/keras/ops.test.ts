import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { ArgumentError, ShapeError } from '../util/errors'
import { GradientTape, ops } from './index'

beforeAll(() => initialiseBackend('cpu'))

const matrix = [
  [1, 2],
  [3, 4],
]
const integers = () => ops.cast([3, 2], 'int32')

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))
  afterAll(() => initialiseBackend('cpu'))

  it('NaN is handed on', async () => {
    const x = tf.tensor2d([
      [1, NaN, 3],
      [4, 2, 0],
    ])
    expect(await ops.max(x, 1).array()).toEqual([NaN, 4])
    expect(await ops.argmax(x, 1).array()).toEqual([1, 0])
    expect(await ops.maximum(x, 2).array()).toEqual([
      [2, NaN, 3],
      [4, 2, 2],
    ])
  })
})

describe('values as Keras has them', () => {
  it.each<
    readonly [name: string, compute: () => tf.Tensor, shape: readonly number[], values: readonly number[]]
  >([
    ['matrix times vector', () => ops.matmul(matrix, [1, 1]), [2], [3, 7]],
    ['vector times matrix', () => ops.matmul([1, 2], matrix), [2], [7, 10]],
    ['vector times vector', () => ops.matmul([1, 2], [1, 1]), [], [3]],
    [
      'whole numbers divided',
      () => ops.divide(ops.cast([1, 2], 'int32'), ops.cast([2, 2], 'int32')),
      [2],
      [0.5, 1],
    ],
    ['roots of whole numbers', () => ops.sqrt(integers()), [2], [Math.sqrt(3), Math.SQRT2]],
    ['the logarithm of whole numbers', () => ops.log(integers()), [2], [Math.log(3), Math.LN2]],
    ['the mean of nothing', () => ops.mean([]), [], [NaN]],
    ['one size from the others', () => ops.reshape(matrix, -1), [4], [1, 2, 3, 4]],
  ])('%s', (_, compute, shape, values) => {
    const tensor = compute()
    expect(tensor.shape).toEqual(shape)
    const found = [...tensor.dataSync()]
    expect(found).toEqual([...Float32Array.from(values)])
  })

  it('passes gradients through products whose batches broadcast', () => {
    const [a, b] = [tf.ones([2, 2, 3]), tf.ones([3, 2])]
    const tape = new GradientTape()
    tape.watch([a, b])
    const total = tape.record(() => ops.sum(ops.matmul(a, b)))
    const [da, db] = tape.gradient(total, [a, b])
    expect([da?.shape, db?.shape]).toEqual([
      [2, 2, 3],
      [3, 2],
    ])
    expect([...(db?.dataSync() ?? [])]).toEqual([4, 4, 4, 4, 4, 4])
  })
})

describe('what cannot be computed', () => {
  it.each<
    readonly [name: string, compute: () => unknown, error: new (text: string) => Error, message: string]
  >([
    [
      'shapes',
      () => ops.add([1, 2], [1, 2, 3]),
      ShapeError,
      'ops.add: expected shapes that broadcast, got [2] and [3].',
    ],
    [
      'products',
      () => ops.matmul([[1, 2]], [[1, 2]]),
      ShapeError,
      'ops.matmul: expected [..., n, k] and [..., k, m], got',
    ],
    [
      'batches',
      () => ops.matmul(tf.ones([2, 1, 1]), tf.ones([3, 1, 1])),
      ShapeError,
      'ops.matmul: expected shapes that',
    ],
    [
      'scalars',
      () => ops.matmul(1, [[1]]),
      ShapeError,
      'ops.matmul: expected [..., n, k] and [..., k, m], got [] and [1, 1].',
    ],
    [
      'sizes',
      () => ops.reshape([1, 2, 3], [2, 2]),
      ShapeError,
      'ops.reshape: expected a shape of 3 elements, got [2, 2].',
    ],
    ['two open sizes', () => ops.reshape(matrix, [-1, -1]), ShapeError, 'Use −1 for at most one size.'],
    [
      'too few axes',
      () => ops.transpose(tf.ones([1, 2, 3]), [1, 0]),
      ArgumentError,
      'a position for each of 3 axes, got [1, 0].',
    ],
    [
      'an axis twice',
      () => ops.transpose(matrix, [1, 1]),
      ArgumentError,
      'each axis at most once, got [1, 1].',
    ],
    [
      'a sum over an axis twice',
      () => ops.sum(matrix, [0, -2]),
      ArgumentError,
      'each axis at most once, got [0, -2].',
    ],
    [
      'other columns',
      () => ops.concatenate([[[1, 2]], [[1]]]),
      ShapeError,
      'shapes that differ along axis 0 only, got [1, 2] and [1, 1].',
    ],
    [
      'other ranks',
      () => ops.concatenate([[1], [[1]]]),
      ShapeError,
      'got [1] and [1, 1]. Reshape one of them first.',
    ],
    [
      'no such axis',
      () => ops.concatenate([matrix, matrix], 2),
      ArgumentError,
      'ops.concatenate: expected an axis from -2 to 1',
    ],
    [
      'other shapes',
      () => ops.stack([[1, 2], [1]]),
      ShapeError,
      'ops.stack: expected tensors of one shape, got [2] and [1].',
    ],
    [
      'no such new axis',
      () => ops.stack([[1], [2]], 3),
      ArgumentError,
      'ops.stack: expected an axis from -2 to 1',
    ],
    [
      'bounds',
      () => ops.clip([1], 1, 0),
      ArgumentError,
      'ops.clip: expected xMin of at most xMax, got 1 and 0.',
    ],
    [
      'choices',
      () => ops.where([true, false], [1, 2, 3], 0),
      ShapeError,
      'ops.where: expected shapes that broadcast',
    ],
  ])('%s', (_, compute, error, message) => {
    expect(compute).toThrow(error)
    expect(compute).toThrow(message)
  })

  it('several values as one number', async () => {
    await expect(ops.item([1, 2])).rejects.toThrow('ops.item: expected a tensor of one value, got [2].')
    expect(await ops.item([[3]])).toBe(3)
  })
})
