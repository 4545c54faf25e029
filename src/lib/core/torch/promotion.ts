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

/** Whether both are of whole numbers. */
export function isWhole(dtype: tf.DataType, other: Operand): boolean {
  if (dtype === 'float32') return false
  return other instanceof Tensor ? other.dtype !== 'float32' : Number.isInteger(Number(other))
}

/** Throws ArgumentError where the result of arithmetic in place would be float32 and the tensor is not. */
export function assertKeepsType(where: string, dtype: tf.DataType, other: Operand): void {
  if (dtype === 'float32' || where === 'copy_' || where === 'fill_') return
  if (where !== 'div_' && isWhole(dtype, other)) return
  throw new ArgumentError(
    `${where}: expected a result of type ${dtype}, as the tensor, got float32. ` +
      `Write x = x.${where.slice(0, -1)}(y), or make the tensor float32.`,
  )
}

/** The values in the type that holds all of them: float32 before int32 before bool. */
export function ofOneType(tensors: readonly Tensor[]): tf.Tensor[] {
  const dtypes = tensors.map(({ dtype }) => dtype)
  const common = (['float32', 'int32'] as const).find((dtype) => dtypes.includes(dtype)) ?? 'bool'
  return tensors.map(({ value }) => (value.dtype === common ? value : tf.cast(value, common)))
}
