/** The types of results, where operands are float32, int32 or bool. Source: torch.result_type. */
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import type { Operand } from './kinds'
import { Tensor } from './tensorBase'

/** As float32. */
export function asFloats(x: tf.Tensor): tf.Tensor {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32')
}

/** As what can be negative and compared: bool becomes int32. */
export function asNumbers(x: tf.Tensor | number): tf.Tensor {
  if (typeof x === 'number') return tf.scalar(x)
  return x.dtype === 'bool' ? tf.cast(x, 'int32') : x
}

const largestInt = 2 ** 31 - 1

/** Operands in types whose common one is that of the result: a whole number leaves whole numbers whole. */
export function promoted(x: tf.Tensor, y: tf.Tensor | number | boolean): [tf.Tensor, tf.Tensor | number] {
  if (typeof y === 'object')
    return x.dtype === 'bool' && y.dtype === 'bool' ? [asNumbers(x), asNumbers(y)] : [x, y]
  const number = Number(y)
  if (x.dtype === 'float32') return [x, number]
  if (!Number.isInteger(number) || Math.abs(number) > largestInt) return [asFloats(x), number]
  return [asNumbers(x), tf.scalar(number, 'int32')]
}

/** Whether both are true or false. */
export function areFlags(dtype: tf.DataType, other: Operand): boolean {
  return dtype === 'bool' && (other instanceof Tensor ? other.dtype === 'bool' : typeof other === 'boolean')
}

/** Throws ArgumentError where a fraction is to be a factor of whole numbers. */
export function assertAlpha(where: string, dtype: tf.DataType, other: Operand, alpha: number): void {
  if (Number.isInteger(alpha) || !isWhole(dtype, other)) return
  throw new ArgumentError(
    `${where}: expected a whole alpha for tensors of whole numbers, got ${alpha}. Use .float() on one of them.`,
  )
}

/** Whether both are of whole numbers. */
export function isWhole(dtype: tf.DataType, other: Operand): boolean {
  if (dtype === 'float32') return false
  return other instanceof Tensor ? other.dtype !== 'float32' : Number.isInteger(Number(other))
}

/** Throws ArgumentError where the result of arithmetic in place would be float32 and the tensor is not. */
export function assertKeepsType(where: string, dtype: tf.DataType, other: Operand): void {
  if (dtype === 'float32' || where === 'copy_' || where === 'fill_') return
  const isKept = dtype === 'bool' ? areFlags(dtype, other) : isWhole(dtype, other)
  if (where !== 'div_' && isKept) return
  const type = where !== 'div_' && isWhole(dtype, other) ? 'int32' : 'float32'
  throw new ArgumentError(
    `${where}: expected a result of type ${dtype}, as the tensor, got ${type}. ` +
      `Write x = x.${where.slice(0, -1)}(y), or make the tensor ${type}.`,
  )
}

/** The values in the type that holds all of them: float32 before int32 before bool. */
export function ofOneType(tensors: readonly Tensor[]): tf.Tensor[] {
  const dtypes = tensors.map(({ dtype }) => dtype)
  const common = (['float32', 'int32'] as const).find((dtype) => dtypes.includes(dtype)) ?? 'bool'
  return tensors.map(({ value }) => (value.dtype === common ? value : tf.cast(value, common)))
}
