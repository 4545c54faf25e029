/** Whatever an ONNX file holds, it is a graph that encodes to the same file again, or a `FormatError`. */
import { readFileSync } from 'node:fs'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { decodeModel, encodeModel } from '../../src/lib/core/onnx'
import { ModelProtoSchema, type ModelProto } from '../../src/lib/core/onnx/onnx_pb'
import { FormatError } from '../../src/lib/core/util/errors'
import { classifier, denseStep, gradientOfProduct } from '../support/stepGraphs'
import { fuzz, readOrRefuse } from './fuzz'
import { hostileJson, hostileText, mutatedBytes } from './hostile'

const size = fc.integer({ min: 1, max: 6 })
const graphs = fc.oneof(
  fc.tuple(size, size).map(([batch, units]) => denseStep(batch, units)),
  fc.constant(gradientOfProduct()),
  size.map(classifier),
)
const shipped = ['circle', 'linear-regression', 'xor'].map(
  (name) => new Uint8Array(readFileSync(`models/${name}/train-step.onnx`)),
)
const files = fc.oneof(
  graphs.map((graph) => encodeModel(graph)),
  fc.constantFrom(...shipped),
)

/** Where a message holds a plain value or a list, from the outside in. */
interface Place {
  readonly owner: object
  readonly key: string
}

function placesOf(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.keys(value)
    .filter((key) => !key.startsWith('$'))
    .flatMap((key) => [{ owner: value, key }, ...placesOf(Reflect.get(value, key))])
}

const edit = fc.record({
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  text: fc.oneof(hostileText(100), hostileJson),
  number: fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 31 - 1)),
  long: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0n, -1n, 2n ** 40n)),
  bytes: fc.uint8Array({ maxLength: 20 }),
  doubles: fc.boolean(),
})

/** The same message with other values of the same type, and entries left out or doubled. */
const changed = fc.tuple(files, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([file, edits]) => {
  const model = fromBinary(ModelProtoSchema, file)
  for (const one of edits) change(model, one)
  return toBinary(ModelProtoSchema, model)
})

function change(
  model: ModelProto,
  { place, text, number, long, bytes, doubles }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
): void {
  const places = placesOf(model)
  const found = places[Math.floor(place * places.length)]
  if (!found) return
  const { owner, key } = found
  const old: unknown = Reflect.get(owner, key)
  if (Array.isArray(owner)) owner.splice(Number(key), doubles ? 0 : 1, ...(doubles ? [old] : []))
  else if (typeof old === 'string' && key !== 'case') Reflect.set(owner, key, text)
  else if (typeof old === 'number') Reflect.set(owner, key, number)
  else if (typeof old === 'bigint') Reflect.set(owner, key, long)
  else if (old instanceof Uint8Array) Reflect.set(owner, key, bytes)
  else if (Array.isArray(old)) old.splice(0, doubles ? 0 : old.length)
}

async function readsOrRefuses(file: Uint8Array): Promise<void> {
  const graph = await readOrRefuse(() => decodeModel(file), FormatError)
  if (graph === undefined) return
  const encoded = encodeModel(graph)
  expect(Buffer.compare(encodeModel(decodeModel(encoded)), encoded)).toBe(0)
}

describe('an ONNX file', () => {
  fuzz('gives the graph that was written', graphs, (graph) => {
    const file = encodeModel(graph)
    expect(Buffer.compare(encodeModel(decodeModel(file)), file)).toBe(0)
  })
  fuzz('with its bytes changed', mutatedBytes(files), readsOrRefuses)
  fuzz('with other values', changed, readsOrRefuses)
  fuzz('of any bytes', fc.uint8Array({ maxLength: 200 }), readsOrRefuses)
})
