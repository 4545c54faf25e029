import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { classifier, denseStep, gradientOfProduct } from '../../../../tests/support/stepGraphs'
import { GraphBuilder } from '../graph/builder'
import { FormatError } from '../util/errors'
import { randomStream } from '../util/random'
import { decodeModel, encodeLoop, encodeModel } from './index'
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
} from './onnx_pb'
import { attributeValue } from './attributes'
import { printMetadata } from './metadata'
import { constantOf } from './tensors'

describe('decodeModel', () => {
  it.each([denseStep(4, 3), gradientOfProduct(), classifier(2)])('gives back $name', (graph) => {
    expect(decodeModel(encodeModel(graph))).toEqual(graph)
  })

  it('gives back every element type, attribute kind and left out operand', () => {
    const builder = new GraphBuilder('kinds')
    const x = builder.input('argument', { dtype: 'float32', shape: [2, 4] }, 'x')
    const mask = builder.constant(Uint8Array.of(1, 0, 0, 1), 'bool', [4])
    const whole = builder.constant(Int32Array.of(-1, 2147483647, 0, 7), 'int32', [4])
    const clipped = builder.add('Clip', [x, null, builder.scalar(1.5)])
    const padded = builder.add('Pad', [clipped, builder.int64s([0, 1, 0, 1])], { mode: 'constant' })
    const last = builder.add('Slice', [
      padded,
      builder.int64s([-1]),
      builder.int64s([9]),
      builder.int64s([0]),
    ])
    const leaky = builder.add('LeakyRelu', [last], { alpha: 0.25 })
    const turned = builder.add('Transpose', [leaky], { perm: [1, 0] })
    for (const value of [mask, whole, turned]) builder.result(value)
    const graph = builder.build()
    expect(decodeModel(encodeModel(graph))).toEqual(graph)
  })

  it('gives dimensions left open the sizes of the trace', () => {
    const { inputs, nodes } = decodeModel(encodeModel(classifier(7), { dynamicBatch: 'batch' }))
    expect(inputs[0]?.shape).toEqual([7, 2, 2])
    expect(nodes.at(-1)?.outputs[0]?.shape).toEqual([7, 3])
  })
})

describe('decodeModel rejects', () => {
  const only = 'Only models that Tandem wrote with encodeModel can be read.'
  const model = (init: Parameters<typeof create<typeof ModelProtoSchema>>[1]) =>
    toBinary(ModelProtoSchema, create(ModelProtoSchema, init))
  const opsetImport = [{ domain: '', version: 17n }]
  const metadataProps = Object.entries(printMetadata(classifier(2))).map(([key, value]) => ({ key, value }))

  it('bytes that are no model', () => {
    expect(() => decodeModel(Uint8Array.of(255, 255))).toThrow(
      new FormatError('decodeModel: expected an ONNX file, got 2 bytes that are none. Choose a .onnx file.'),
    )
  })

  it("models without Tandem's metadata", () => {
    const expected = `decodeModel: expected metadata tandem as Tandem writes it, got none. ${only}`
    expect(() => decodeModel(model({}))).toThrow(new FormatError(expected))
    expect(() => decodeModel(encodeLoop(denseStep(2, 2)))).toThrow(new FormatError(expected))
  })

  it('models without a graph', () => {
    expect(() => decodeModel(model({ metadataProps, opsetImport }))).toThrow(
      new FormatError('decodeModel: expected a model with a graph, got none. Choose a .onnx file.'),
    )
  })

  it('inputs of unknown role', () => {
    expect(() =>
      decodeModel(model({ metadataProps, opsetImport, graph: { input: [{ name: 'other' }] } })),
    ).toThrow(
      new FormatError(
        `decodeModel: expected input other to be a tensor whose role the metadata tell, got none. ${only}`,
      ),
    )
  })

  it('operators that graphs do not have', () => {
    const node = [{ name: 'forward/Loop_0', opType: 'Loop', docString: '{}' }]
    expect(() => decodeModel(model({ metadataProps, opsetImport, graph: { node } }))).toThrow(
      new FormatError(
        `decodeModel: expected an operator that graphs have at forward/Loop_0, got Loop. ${only}`,
      ),
    )
  })

  it('attributes of other kinds', () => {
    const attribute = create(AttributeProtoSchema, { name: 'body', type: Type.GRAPH })
    expect(() => attributeValue(attribute)).toThrow(
      new FormatError(
        'decodeModel: expected attribute body to be a number, a text or a list of numbers, got ONNX kind 5. ' +
          only,
      ),
    )
  })

  it('element types and sizes that do not fit', () => {
    const tensor = { name: 'w', dims: [2n], rawData: new Uint8Array(4) }
    expect(() => constantOf(create(TensorProtoSchema, { ...tensor, dataType: 11 }))).toThrow(
      new FormatError(
        'decodeModel: expected w to be float32, int32, int64 or bool, got ONNX element type 11. ' +
          'Only models that Tandem wrote can be read.',
      ),
    )
    expect(() => constantOf(create(TensorProtoSchema, { ...tensor, dataType: 1 }))).toThrow(
      new FormatError(
        'decodeModel: expected 8 bytes of raw_data for w, got 4. ' +
          'The file is damaged or was not written by Tandem.',
      ),
    )
  })

  it.each([
    ['none', []],
    ['16', [{ domain: '', version: 16n }]],
    ['17, ai.onnx.ml 3', [...[{ domain: '', version: 17n }], { domain: 'ai.onnx.ml', version: 3n }]],
  ])('operators of opset %s', (got, other) => {
    expect(() => decodeModel(model({ metadataProps, opsetImport: other }))).toThrow(
      new FormatError(`decodeModel: expected operators of opset 17, got ${got}. ${only}`),
    )
  })

  const damaged = 'The file is damaged or was not written by Tandem.'
  type Change = (changed: ModelProto, graph: GraphProto) => void
  const changed = (change: Change) => {
    const message = fromBinary(ModelProtoSchema, encodeModel(denseStep(2, 2)))
    if (message.graph) change(message, message.graph)
    return () => decodeModel(toBinary(ModelProtoSchema, message))
  }
  const at = <T>(list: readonly T[], index: number): T => {
    const found = list.at(index)
    if (found === undefined) throw new Error('The test expects another model.')
    return found
  }
  const firstDim = (graph: GraphProto, value: bigint) => {
    const { type } = at(graph.input, 0)
    if (type?.value.case !== 'tensorType') return
    at(type.value.value.shape?.dim ?? [], 0).value = { case: 'dimValue', value }
  }
  const named = at(fromBinary(ModelProtoSchema, encodeModel(denseStep(2, 2))).graph?.node ?? [], 0).name

  it.each<readonly [string, Change, string]>([
    [
      'operands that nobody makes, or a cycle',
      (_, { node }) => void (at(node, 0).input[0] = at(at(node, 1).output, 0)),
      `expected the operands of ${named} to be inputs, constants or made by an earlier node, got `,
    ],
    [
      'operands that do not fit',
      (_, { node }) => void at(node, 0).input.pop(),
      `expected a valid call at ${named}, got one of which is said: `,
    ],
    [
      'attributes that the operator does not have',
      (_, { node }) =>
        void at(node, 0).attribute.push(create(AttributeProtoSchema, { name: '__proto__', type: Type.INT })),
      `expected a valid call at ${named}, got one of which is said: `,
    ],
    [
      'attributes of integers too large to be told apart',
      (_, { node }) =>
        void at(node, 0).attribute.push(
          create(AttributeProtoSchema, { name: 'a', type: Type.INTS, ints: [2n ** 53n] }),
        ),
      'expected attribute a to hold integers below 2^53, got 9007199254740992.',
    ],
    [
      'outputs that are too many',
      (_, { node }) => void at(node, 0).output.push('more'),
      `expected 1 outputs at ${named}, got 2. ${damaged}`,
    ],
    [
      'one name for two values',
      (_, { node, initializer }) => void (at(node, -1).output[0] = at(initializer, 0).name),
      'expected a graph that keeps its rules, got one of which is said: ',
    ],
    [
      'a negative size',
      (_, graph) => firstDim(graph, -1n),
      'to have at most 64 axes and 2^31 elements, got [-1,',
    ],
    [
      'a huge size',
      (_, graph) => firstDim(graph, 2n ** 62n),
      'to have at most 64 axes and 2^31 elements, got [',
    ],
    [
      'a constant of negative size',
      (_, { initializer }) => void (at(initializer, 0).dims = [-1n, -4n]),
      'to have at most 64 axes and 2^31 elements, got [-1, -4].',
    ],
    [
      'a role that every object inherits',
      (_, { input }) => void (at(input, 0).name = 'constructor'),
      'expected input constructor to be a tensor whose role the metadata tell, got none.',
    ],
    [
      'an operator whose name is very long',
      (_, { node }) => void (at(node, 0).opType = 'x'.repeat(100_000)),
      `got ${'x'.repeat(176)}… 97.5 KB more. ${only}`,
    ],
    [
      'metadata nested very deep',
      ({ metadataProps: [entry] }) => {
        if (entry) entry.value = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
      },
      'expected metadata tandem as Tandem writes it, got [[[[',
    ],
    [
      'results that are no values',
      ({ metadataProps: [entry] }) => {
        if (entry) entry.value = JSON.stringify({ ...JSON.parse(entry.value), results: ['nowhere'] })
      },
      'expected a graph that keeps its rules, got one of which is said: ',
    ],
  ])('%s', (_, change, message) => {
    expect(changed(change)).toThrow(FormatError)
    expect(changed(change)).toThrow(message)
    expect(changed(change)).not.toThrow('internal')
  })

  it('values that the graph cannot hold', () => {
    const tensor = (dataType: number, rawData: Uint8Array) => () =>
      constantOf(create(TensorProtoSchema, { name: 'w', dims: [1n], dataType, rawData }))
    expect(tensor(7, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0))).toThrow(
      `decodeModel: expected w to hold integers of 32 bits, got 4294967296. ${damaged}`,
    )
    expect(tensor(9, Uint8Array.of(2))).toThrow(`decodeModel: expected w to hold 0 and 1, got 2. ${damaged}`)
  })

  it('files that are cut off or changed at random, each with a FormatError', () => {
    const random = randomStream(5, 'onnx')
    const whole = [denseStep(2, 2), classifier(2), gradientOfProduct()].map((graph) => encodeModel(graph))
    let refused = 0
    for (let round = 0; round < 1000; round++) {
      const file = at(whole, -(round % 3))
      const bytes = file.slice(0, round % 4 ? file.length : Math.floor(random() * file.length))
      for (let change = 0; change < 1 + random() * 3; change++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      }
      try {
        decodeModel(bytes)
      } catch (error) {
        refused++
        expect(error).toBeInstanceOf(FormatError)
        expect(String(error).length).toBeLessThan(1000)
        expect(String(error)).not.toContain('internal')
        // What no rule of graphs has said is a slip in the reader.
        expect((error as Error).cause).not.toBeInstanceOf(TypeError)
      }
    }
    expect(refused).toBeGreaterThan(300)
  })
})
