/** Element types: their numbers in ONNX (TensorProto.DataType), and the arrays that hold them here. */
import { GraphError } from '../util/errors'
import type { ConstantData, DType } from './types'

/** What the attribute `to` of Cast holds. */
export const elementTypes: { readonly [Type in DType]: number } = { float32: 1, int32: 6, int64: 7, bool: 9 }

const arrays: { readonly [Type in DType]: { from: (values: Iterable<number>) => ConstantData } } = {
  float32: Float32Array,
  int32: Int32Array,
  int64: Int32Array,
  bool: Uint8Array,
}

/** Element type of a number of ONNX. */
export function dtypeOfElementType(elementType: number): DType {
  for (const [dtype, number] of Object.entries(elementTypes))
    if (number === elementType) return dtype as DType
  const known = Object.values(elementTypes).join(', ')
  throw new GraphError(`internal: element type: expected one of ${known}, got ${elementType}.`)
}

/** Numbers as the data of a constant. */
export function dataOf(values: Iterable<number>, dtype: DType): ConstantData {
  return arrays[dtype].from(values)
}

/** Whether the array is the one that holds elements of the type. */
export function holds(data: ConstantData, dtype: DType): boolean {
  return (data.constructor as unknown) === arrays[dtype]
}
