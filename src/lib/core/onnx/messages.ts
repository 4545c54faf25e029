/** The messages that every encoded graph consists of: types, nodes, the model around them. */
import { create, toBinary } from '@bufbuild/protobuf'
import type { DType, Node } from '../graph/types'
import { attributeProto } from './attributes'
import { printOrigin } from './metadata'
import { nodeName } from './names'
import {
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx_pb'
import { elementCode } from './tensors'

/** The operator set that runtimes cover best, and the version of the file format that came with it. */
export const opset = 17n
const irVersion = 8n

/** A size, or the name of one that is known at run time only. */
export type Dimension = number | string

/** Name, element type and shape of an input, output or inner value. */
export function valueInfo(name: string, dtype: DType, dimensions: readonly Dimension[]): ValueInfoProto {
  const dim = dimensions.map((size) => ({
    value:
      typeof size === 'number'
        ? { case: 'dimValue' as const, value: BigInt(size) }
        : { case: 'dimParam' as const, value: size },
  }))
  const tensor = { elemType: elementCode(dtype), shape: { dim } }
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensor } } })
}

/** A node that no line of a program stands behind. */
export function plainNode(
  opType: string,
  input: string[],
  output: string[],
  attribute: NodeProto['attribute'] = [],
): NodeProto {
  return create(NodeProtoSchema, { name: `${opType}/${output[0] ?? ''}`, opType, input, output, attribute })
}

/** A node of the graph with its values under the names that `rename` gives; its origin goes into doc_string. */
export function nodeProto(node: Node, index: number, rename: (name: string) => string): NodeProto {
  return create(NodeProtoSchema, {
    name: nodeName(node, index),
    opType: node.op,
    input: node.inputs.map(rename),
    output: node.outputs.map((value) => rename(value.name)),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(node.op, name, value)),
    docString: printOrigin(node.origin),
  })
}

/** The file: operator set, producer, `metadata` as texts under their keys. */
export function modelBytes(graph: GraphProto, metadata: Readonly<Record<string, string>>): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    producerName: 'tandem',
    graph,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  })
  return toBinary(ModelProtoSchema, model)
}
