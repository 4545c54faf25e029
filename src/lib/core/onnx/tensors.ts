/** Element types and data: what the graph holds, and the bytes that ONNX stores for it (row-major, little endian). */
import { create } from '@bufbuild/protobuf'
import type { Constant, ConstantData, DType } from '../graph/types'
import { FormatError } from '../util/errors'
import { printNumbers, sizeOf } from '../util/shapes'
import { TensorProto_DataType as Code, TensorProtoSchema, type TensorProto } from './onnx_pb'
import { shown } from './shown'

interface Element {
  readonly code: Code
  readonly bytes: number
  readonly make: (size: number) => ConstantData
  readonly write: (view: DataView, at: number, value: number) => void
  readonly read: (view: DataView, at: number) => number
  /** Whether what was read is a value that the graph can hold. */
  readonly isValue: (value: number) => boolean
}

const elements: Readonly<Record<DType, Element>> = {
  float32: {
    code: Code.FLOAT,
    bytes: 4,
    make: (size) => new Float32Array(size),
    write: (view, at, value) => {
      view.setFloat32(at, value, true)
    },
    read: (view, at) => view.getFloat32(at, true),
    isValue: () => true,
  },
  int32: {
    code: Code.INT32,
    bytes: 4,
    make: (size) => new Int32Array(size),
    write: (view, at, value) => {
      view.setInt32(at, value, true)
    },
    read: (view, at) => view.getInt32(at, true),
    isValue: () => true,
  },
  int64: {
    code: Code.INT64,
    bytes: 8,
    make: (size) => new Int32Array(size),
    write: (view, at, value) => {
      view.setBigInt64(at, BigInt(value), true)
    },
    read: (view, at) => Number(view.getBigInt64(at, true)),
    isValue: (value) => value === (value | 0),
  },
  bool: {
    code: Code.BOOL,
    bytes: 1,
    make: (size) => new Uint8Array(size),
    write: (view, at, value) => {
      view.setUint8(at, value)
    },
    read: (view, at) => view.getUint8(at),
    isValue: (value) => value <= 1,
  },
}

const dtypes = new Map<number, DType>(
  (Object.keys(elements) as DType[]).map((dtype) => [elements[dtype].code, dtype]),
)

/** ONNX's number for an element type. */
export function elementCode(dtype: DType): number {
  return elements[dtype].code
}

/** The element type behind ONNX's number; throws FormatError for one that graphs do not have. */
export function dtypeOf(code: number, name: string): DType {
  const dtype = dtypes.get(code)
  if (dtype !== undefined) return dtype
  throw new FormatError(
    `decodeModel: expected ${shown(name)} to be float32, int32, int64 or bool, got ONNX element type ${code}. ` +
      'Only models that Tandem wrote can be read.',
  )
}

/** The bytes of a tensor's `raw_data`. */
export function rawData({ dtype, data }: Pick<Constant, 'dtype' | 'data'>): Uint8Array {
  const { bytes, write } = elements[dtype]
  const raw = new Uint8Array(data.length * bytes)
  const view = new DataView(raw.buffer)
  data.forEach((value, index) => {
    write(view, index * bytes, value)
  })
  return raw
}

/** A constant as an initializer. */
export function tensorProto(constant: Constant): TensorProto {
  return create(TensorProtoSchema, {
    name: constant.name,
    dims: constant.shape.map(BigInt),
    dataType: elementCode(constant.dtype),
    rawData: rawData(constant),
  })
}

/** Axes of a value, and its elements: more than any model here has, and than counts of elements can be added up for. */
const mostAxes = 64
const mostElements = 2 ** 31

/** Sizes from a file. Throws FormatError for what is no shape, or one of more elements than there can be. */
export function checkedShape(name: string, sizes: readonly number[]): readonly number[] {
  const isShape = sizes.length <= mostAxes && sizes.every((size) => Number.isSafeInteger(size) && size >= 0)
  if (isShape && sizeOf(sizes.map((size) => Math.max(size, 1))) <= mostElements) return sizes
  throw new FormatError(
    `decodeModel: expected ${shown(name)} to have at most ${mostAxes} axes and 2^31 elements, got ` +
      `${shown(printNumbers(sizes.slice(0, mostAxes + 1)))}. The file is damaged or was not written by Tandem.`,
  )
}

/** An initializer as a constant. Throws FormatError where its bytes do not fit its shape. */
export function constantOf({ name, dims, dataType, rawData: raw }: TensorProto): Constant {
  const dtype = dtypeOf(dataType, name)
  const shape = checkedShape(name, dims.map(Number))
  const { bytes, make, read, isValue } = elements[dtype]
  const size = sizeOf(shape)
  if (raw.byteLength !== size * bytes)
    throw new FormatError(
      `decodeModel: expected ${size * bytes} bytes of raw_data for ${shown(name)}, got ${raw.byteLength}. ` +
        'The file is damaged or was not written by Tandem.',
    )
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const data = make(size).map((_, index) => {
    const value = read(view, index * bytes)
    if (isValue(value)) return value
    throw new FormatError(
      `decodeModel: expected ${shown(name)} to hold ${dtype === 'bool' ? '0 and 1' : 'integers of 32 bits'}, got ${value}. ` +
        'The file is damaged or was not written by Tandem.',
    )
  })
  return { name, dtype, shape, data }
}
