import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { classifier, denseStep, gradientOfProduct } from '../../../../tests/support/stepGraphs'
import { GraphBuilder } from '../graph/builder'
import { FormatError } from '../util/errors'
import { decodeModel, encodeLoop, encodeModel } from './index'
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
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
    expect(() => decodeModel(model({ metadataProps }))).toThrow(
      new FormatError('decodeModel: expected a model with a graph, got none. Choose a .onnx file.'),
    )
  })

  it('inputs of unknown role', () => {
    expect(() => decodeModel(model({ metadataProps, graph: { input: [{ name: 'other' }] } }))).toThrow(
      new FormatError(
        `decodeModel: expected input other to be a tensor whose role the metadata tell, got none. ${only}`,
      ),
    )
  })

  it('operators that graphs do not have', () => {
    const node = [{ name: 'forward/Loop_0', opType: 'Loop', docString: '{}' }]
    expect(() => decodeModel(model({ metadataProps, graph: { node } }))).toThrow(
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
})
