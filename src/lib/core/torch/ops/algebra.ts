/** Products of vectors and matrices. */
import { ShapeError } from '../../util/errors'
import { number } from '../../util/kinds'
import { assertMatMul } from '../../util/shapeChecks'
import { printShape } from '../../util/shapes'
import { productOf } from '../../nn/product'
import { otherTensor, tensor } from '../kinds'
import { result } from '../result'
import { reshaped } from '../shaped'
import type { Tensor } from '../tensorBase'
import { tensorOp } from '../tensorOp'
import { add, mul } from './elementwise'
import { sum } from './reducing'

/** Product of matrices [..., n, k] and [..., k, m]; a vector counts as a row on the left, as a column on the right. */
export const matmul = tensorOp('matmul', { other: otherTensor }, (input, { other }): Tensor =>
  product(input, other),
)

/** Product of two matrices. */
export const mm = tensorOp('mm', { mat2: tensor }, (input, { mat2 }): Tensor => {
  assertRanks('mm', [input, mat2], [2, 2])
  return product(input, mat2)
})

/** Product of two batches of matrices. */
export const bmm = tensorOp('bmm', { mat2: tensor }, (input, { mat2 }): Tensor => {
  assertRanks('bmm', [input, mat2], [3, 3])
  return product(input, mat2)
})

/** Product of a matrix and a vector. */
export const mv = tensorOp('mv', { vec: tensor }, (input, { vec }): Tensor => {
  assertRanks('mv', [input, vec], [2, 1])
  return product(input, vec)
})

/** Product of two vectors. */
export const dot = tensorOp('dot', { tensor }, (input, values): Tensor => {
  const second = values.tensor
  assertRanks('dot', [input, second], [1, 1])
  if (input.numel() !== second.numel()) {
    throw new ShapeError(
      `dot: expected vectors of one length, got ${printShape(input.shape)} and ${printShape(second.shape)}. ` +
        'Take the same number of entries of both.',
    )
  }
  return sum(mul(input, second))
})

/** All products of two vectors, [n, m]. */
export const outer = tensorOp('outer', { vec2: tensor }, (input, { vec2 }): Tensor => {
  assertRanks('outer', [input, vec2], [1, 1])
  return mul(reshaped(input, [input.numel(), 1]), vec2)
})

/** beta·input + alpha·(mat1 @ mat2) */
export const addmm = tensorOp(
  'addmm',
  { mat1: tensor, mat2: tensor, beta: number.named.or(1), alpha: number.named.or(1) },
  (input, { mat1, mat2, beta, alpha }): Tensor => {
    assertRanks('addmm', [mat1, mat2], [2, 2])
    return add(beta === 1 ? input : mul(input, beta), product(mat1, mat2), { alpha })
  },
)

function product(left: Tensor, right: Tensor): Tensor {
  assertMatMul('matmul', left.shape, right.shape)
  const { shape } = left
  if (left.ndim === 1) {
    const row = product(reshaped(left, [1, ...shape]), right)
    return reshaped(
      row,
      row.shape.filter((_, axis) => axis !== (right.ndim === 1 ? 0 : row.ndim - 2)),
    )
  }
  if (right.ndim === 1) {
    const column = product(left, reshaped(right, [right.numel(), 1]))
    return reshaped(column, column.shape.slice(0, -1))
  }
  return result([left, right], () => productOf(left.value, right.value))
}

function assertRanks(where: string, tensors: readonly Tensor[], ranks: readonly number[]): void {
  if (tensors.every(({ ndim }, index) => ndim === ranks[index])) return
  const expected = [...new Set(ranks)].join(' and ')
  throw new ShapeError(
    `${where}: expected tensors of ${expected} dimensions, ` +
      `got ${tensors.map(({ shape }) => printShape(shape)).join(' and ')}. Use .matmul() for others.`,
  )
}
