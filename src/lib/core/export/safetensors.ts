/**
 * Tensors in a file of the safetensors format: an 8-byte little-endian length, so many bytes of JSON, then the values.
 * Source: https://github.com/huggingface/safetensors#format
 */
import { cutText } from '../util/cutText'
import { FormatError } from '../util/errors'
import { escapeHidden } from '../util/hiddenCharacters'
import { printValue } from '../util/printValue'
import { printShape, sizeOf, type Shape } from '../util/shapes'

/** A tensor to be written as F32. */
export interface NamedTensor {
  readonly name: string
  readonly shape: Shape
  readonly values: Float32Array
}

/** A tensor as it stands in a file. */
export interface FileTensor {
  readonly name: string
  /** `F32`, `I64`, … */
  readonly dtype: string
  readonly shape: Shape
  readonly bytes: Uint8Array
}

const lengthBytes = 8
const metadataKey = '__metadata__'
/** Far more than the names of a model that trains here; Python's reader takes 100 MB. */
const mostHeaderBytes = 8 * 1024 * 1024
/** Axes of a tensor: no framework has as many. */
const mostAxes = 64
/** Longest name that a message shows whole. */
const shownName = 80

const bytesPerValue = new Map([
  ...['BOOL', 'U8', 'I8', 'F8_E4M3', 'F8_E5M2'].map((dtype) => [dtype, 1] as const),
  ...['I16', 'U16', 'F16', 'BF16'].map((dtype) => [dtype, 2] as const),
  ...['I32', 'U32', 'F32'].map((dtype) => [dtype, 4] as const),
  ...['I64', 'U64', 'F64'].map((dtype) => [dtype, 8] as const),
])

/** The bytes of a file; values lie in the given order, aligned to 8 bytes at their beginning. */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let end = 0
  const entries = tensors.map(({ name, shape, values }) => {
    const start = end
    end += values.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const
  })
  const json = JSON.stringify({ [metadataKey]: metadata, ...Object.fromEntries(entries) })
  const header = new TextEncoder().encode(json)
  const headerBytes = Math.ceil(header.length / 8) * 8
  const file = new Uint8Array(lengthBytes + headerBytes + end)
  const view = new DataView(file.buffer)
  view.setBigUint64(0, BigInt(headerBytes), true)
  file.fill(0x20, lengthBytes, lengthBytes + headerBytes)
  file.set(header, lengthBytes)
  let at = lengthBytes + headerBytes
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(at, value, true)
      at += 4
    }
  }
  return file
}

/** The tensors of a file in the order of their values. Throws FormatError. */
export function readSafetensors(file: Uint8Array): readonly FileTensor[] {
  const { header, data } = split(file)
  const tensors = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, entry]) => ({ name, ...checkedEntry(name, entry, data.length) }))
    .sort((a, b) => a.start - b.start || a.end - b.end)
  assertFilled(tensors, data.length)
  return tensors.map(({ name, dtype, shape, start, end }) => {
    return { name, dtype, shape, bytes: data.subarray(start, end) }
  })
}

/** The values as float32, those of F64 rounded. Throws FormatError for other types. */
export function float32Values({ name, dtype, bytes }: FileTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (dtype === 'F32')
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true))
  if (dtype === 'F64')
    return Float32Array.from({ length: bytes.length / 8 }, (_, index) => view.getFloat64(8 * index, true))
  throw new FormatError(
    `safetensors: tensor '${shownIn(name)}': expected F32 or F64, got ${dtype}. Save it as float32.`,
  )
}

function split(file: Uint8Array): {
  readonly header: Readonly<Record<string, unknown>>
  readonly data: Uint8Array
} {
  if (file.length < lengthBytes) throw notSafetensors(`${file.length} bytes`)
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  if (length > file.length - lengthBytes) {
    throw notSafetensors(`a header of ${length} bytes in a file of ${file.length}`)
  }
  if (length > mostHeaderBytes) {
    throw notSafetensors(`a header of ${length} bytes, where at most ${mostHeaderBytes} are read`)
  }
  const start = lengthBytes + length
  return { header: parseHeader(file.subarray(lengthBytes, start)), data: file.subarray(start) }
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let text: string
  let header: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    header = JSON.parse(text)
  } catch (cause) {
    throw notSafetensors('a header that is not JSON', cause)
  }
  if (!isRecord(header)) throw notSafetensors('a header that is no object')
  assertDifferentNames(text)
  const metadata = Object.hasOwn(header, metadataKey) ? header[metadataKey] : {}
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw notSafetensors(`${metadataKey} that is not an object of texts (${printValue(metadata)})`)
  }
  return header
}

/** A parser of JSON takes the last of several entries of one name, and so loses the others without a word. */
function assertDifferentNames(json: string): void {
  const names = new Set<string>()
  let depth = 0
  let last = ''
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token !== ':') last = token
    else if (depth === 1) {
      const name = JSON.parse(last) as string
      if (names.has(name)) throw broken(name, 'it once in the header', 'it twice')
      names.add(name)
    }
  }
}

function notSafetensors(got: string, cause?: unknown): FormatError {
  return new FormatError(
    `safetensors: expected a length, a JSON header and values, got ${got}. Choose a safetensors file.`,
    { cause },
  )
}

interface Entry {
  readonly dtype: string
  readonly shape: Shape
  readonly start: number
  readonly end: number
}

function checkedEntry(name: string, entry: unknown, dataBytes: number): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {}
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw broken(name, 'dtype, shape and two data_offsets', printValue(entry))
  }
  const [start = 0, end = 0] = offsets
  if (start > end || end > dataBytes) {
    throw broken(name, `data_offsets within ${dataBytes} bytes of values`, `[${start}, ${end}]`)
  }
  const size = bytesPerValue.get(dtype)
  if (size === undefined) {
    throw broken(name, `a dtype among ${[...bytesPerValue.keys()].join(', ')}`, printValue(dtype))
  }
  if (shape.length > mostAxes) throw broken(name, `at most ${mostAxes} axes`, String(shape.length))
  const bytes = sizeOf(shape) * size
  if (bytes !== end - start) {
    throw broken(name, `${bytes} bytes for ${dtype} ${printShape(shape)}`, String(end - start))
  }
  return { dtype, shape, start, end }
}

/** Tensors neither overlap nor leave bytes between them, as the format demands. */
function assertFilled(tensors: readonly (Entry & { readonly name: string })[], dataBytes: number): void {
  let filled = 0
  for (const { name, start, end } of tensors) {
    if (start !== filled) throw broken(name, `values from byte ${filled}`, `from byte ${start}`)
    filled = end
  }
  if (filled !== dataBytes) {
    throw notSafetensors(`${dataBytes - filled} bytes behind the values of the last tensor`)
  }
}

function broken(name: string, expected: string, got: string): FormatError {
  return new FormatError(
    `safetensors: tensor '${shownIn(name)}': expected ${expected}, got ${got}. The file is damaged; write it again.`,
  )
}

/** A name from a file, which may be as long as it likes, as a message shows it. */
function shownIn(name: string): string {
  return escapeHidden(cutText(name, shownName))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && Number(one) >= 0)
}
