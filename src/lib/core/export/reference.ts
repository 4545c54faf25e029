/** Reference outputs of exported files as JSON: short tensors as numbers, long ones as base64 of their bytes. */
import * as v from 'valibot'
import type { HostTensor, HostValues } from '../session/types'
import { FormatError } from '../util/errors'

/** More values than this are written as base64. */
const mostNumbers = 64

const dtypes = ['float32', 'int32', 'bool'] as const

const tensorSchema = v.object({
  dtype: v.picklist(dtypes),
  shape: v.array(v.number()),
  /** Row-major. */
  values: v.optional(v.array(v.number())),
  /** The same as little-endian bytes, a byte for a bool. */
  base64: v.optional(v.string()),
  /** Present where only every so many values are kept: those at 0, every, 2 · every … */
  every: v.optional(v.number()),
})

const tensorsSchema = v.record(v.string(), tensorSchema)

const referenceSchema = v.object({
  preset: v.string(),
  seed: v.number(),
  style: v.picklist(['keras', 'torch']),
  /** Updates that the model was trained with. */
  steps: v.number(),
  /** Means of the last epoch. */
  figures: v.record(v.string(), v.number()),
  model: v.object({ inputs: tensorsSchema, outputs: tensorsSchema }),
  trainStep: v.object({ inputs: tensorsSchema, outputs: tensorsSchema }),
})

/** A tensor in a file. */
export type TensorJson = v.InferOutput<typeof tensorSchema>

/** What `reference.json` of a preset holds: by name, inputs of its two ONNX files and what those must give. */
export type Reference = v.InferOutput<typeof referenceSchema>

const views = {
  float32: (bytes: ArrayBuffer) => new Float32Array(bytes),
  int32: (bytes: ArrayBuffer) => new Int32Array(bytes),
  bool: (bytes: ArrayBuffer) => new Uint8Array(bytes),
} as const

/** The tensor as JSON; with `most`, evenly spaced ones of its values, at most so many. */
export function tensorToJson({ dtype, shape, values }: HostTensor, most = Infinity): TensorJson {
  if (dtype === 'int64') throw new Error('internal: export: int64 is no type of a tensor that is fed')
  const every = Math.max(1, Math.ceil(values.length / most))
  const kept = every === 1 ? values : values.filter((_, index) => index % every === 0)
  return {
    dtype,
    shape: [...shape],
    ...(every === 1 ? {} : { every }),
    // Nine digits tell any two float32 apart.
    ...(kept.length > mostNumbers
      ? { base64: toBase64(kept) }
      : { values: Array.from(kept, (value) => Number(value.toPrecision(9))) }),
  }
}

/** Values of a tensor in a file; where only some were kept, those. */
export function valuesOfJson({ dtype, values, base64 = '' }: TensorJson): HostValues {
  const view = views[dtype]
  return values ? view(bytesOf(dtype, values)) : view(fromBase64(base64))
}

/** Throws FormatError where the text is not what `JSON.stringify` of a Reference gives. */
export function parseReference(text: string): Reference {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), referenceSchema), text)
  if (parsed.success) return parsed.output
  throw new FormatError(
    `parseReference: expected reference outputs, got ${parsed.issues[0].message}. Run npm run models.`,
  )
}

function bytesOf(dtype: (typeof dtypes)[number], values: readonly number[]): ArrayBuffer {
  if (dtype === 'float32') return Float32Array.from(values).buffer
  return dtype === 'int32' ? Int32Array.from(values).buffer : Uint8Array.from(values).buffer
}

function toBase64({ buffer, byteOffset, byteLength }: HostValues): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer
}
