/** Whatever a safetensors file holds, it is tensors that fill it, or a `FormatError`. */
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import {
  float32Values,
  readSafetensors,
  writeSafetensors,
  type NamedTensor,
} from '../../src/lib/core/export/safetensors'
import { FormatError } from '../../src/lib/core/util/errors'
import { sizeOf } from '../../src/lib/core/util/shapes'
import { fuzz, readOrRefuse } from './fuzz'
import { hostileJson, hostileText, mutatedBytes, mutatedJson } from './hostile'

const tensor: fc.Arbitrary<NamedTensor> = fc
  .tuple(hostileText(40), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }), fc.float())
  .map(([name, shape, value]) => ({
    name: name.toWellFormed(),
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, (_, index) => value + index),
  }))
const tensors = fc
  .uniqueArray(tensor, { maxLength: 5, selector: ({ name }) => name })
  .map((all) => all.filter(({ name }) => name !== '__metadata__'))
const metadata = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 })

/** The file of a header and so many bytes of values; the length may be another one. */
function fileOf(header: string, values: number, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + json.length + values)
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
  file.set(json, 8)
  return file
}

const entry = { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] }
const headers = fc.constantFrom<unknown>(
  { a: entry },
  { __metadata__: { format: 'pt' }, a: entry, b: { dtype: 'F64', shape: [1], data_offsets: [8, 16] } },
  { 'x.y': { ...entry, dtype: 'BF16', shape: [4] }, b: { dtype: 'U8', shape: [], data_offsets: [8, 9] } },
)
const values = fc.constantFrom(0, 8, 9, 16)

async function readsOrRefuses(file: Uint8Array): Promise<void> {
  const read = await readOrRefuse(() => readSafetensors(file), FormatError)
  for (const one of read ?? []) await readOrRefuse(() => float32Values(one), FormatError)
  const bytes = (read ?? []).reduce((sum, one) => sum + one.bytes.length, 0)
  expect(bytes).toBeLessThanOrEqual(file.length)
}

describe('a safetensors file', () => {
  fuzz('gives what was written', fc.tuple(tensors, metadata), ([written, notes]) => {
    const file = writeSafetensors(written, notes)
    // Tensors without values share their place with the next, in whatever order.
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    const read = readSafetensors(file).map((one) => ({ ...one, values: float32Values(one) }))
    expect(read.map(({ name, shape, values }) => ({ name, shape, values })).sort(byName)).toEqual(
      [...written].sort(byName),
    )
  })
  fuzz('with its bytes changed', mutatedBytes(tensors.map((all) => writeSafetensors(all))), readsOrRefuses)
  fuzz('of any bytes', fc.uint8Array({ maxLength: 200 }), readsOrRefuses)
  fuzz('with hostile JSON', fc.tuple(hostileJson, values), ([json, count]) =>
    readsOrRefuses(fileOf(json, count)),
  )
  fuzz('with other entries', fc.tuple(mutatedJson(headers), values), ([json, count]) =>
    readsOrRefuses(fileOf(json, count)),
  )
  fuzz('with any length', fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), values), ([length, count]) =>
    readsOrRefuses(fileOf(JSON.stringify({ a: entry }), count, length)),
  )
})
