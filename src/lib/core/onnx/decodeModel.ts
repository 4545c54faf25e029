/** Bytes of an ONNX file that `encodeModel` wrote -> graph. Not a reader of ONNX files in general. */
import { fromBinary } from '@bufbuild/protobuf'
import { opNames, type OpName } from '../graph/opNames'
import type { Operand } from '../graph/opRule'
import { inferTypes } from '../graph/ops'
import type { Graph, GraphInput, Node } from '../graph/types'
import { verify } from '../graph/verify'
import { FormatError } from '../util/errors'
import { attributeValue } from './attributes'
import { parseMetadata, parseOrigin, type Metadata } from './metadata'
import {
  ModelProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx_pb'
import { constantOf, dtypeOf } from './tensors'

/** The graph of a file; dimensions left open have the sizes of the trace. Throws FormatError for any other file. */
export function decodeModel(bytes: Uint8Array): Graph {
  const model = parse(bytes)
  const metadata = parseMetadata(model)
  const { name, input, initializer, node }: GraphProto = graphOf(model)
  const inputs = input.map((info) => inputOf(info, metadata))
  const constants = initializer.map(constantOf)
  const types = new Map<string, Operand>([...inputs, ...constants].map((value) => [value.name, value]))
  // What has no origin was added to give outputs their names.
  const nodes = node.filter(({ docString }) => docString !== '').map((one) => nodeOf(one, types))
  const graph = { name, inputs, constants, nodes, states: metadata.states, results: metadata.results }
  verify(graph)
  return graph
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch (cause) {
    throw new FormatError(
      `decodeModel: expected an ONNX file, got ${bytes.byteLength} bytes that are none. Choose a .onnx file.`,
      { cause },
    )
  }
}

function graphOf({ graph }: ModelProto): GraphProto {
  if (graph !== undefined) return graph
  throw new FormatError('decodeModel: expected a model with a graph, got none. Choose a .onnx file.')
}

function inputOf({ name, type }: ValueInfoProto, { roles, sizes }: Metadata): GraphInput {
  const role = roles[name]
  if (role === undefined || type?.value.case !== 'tensorType')
    throw new FormatError(
      `decodeModel: expected input ${name} to be a tensor whose role the metadata tell, got none. ` +
        'Only models that Tandem wrote with encodeModel can be read.',
    )
  const { elemType, shape } = type.value.value
  const sizesOf = (shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimParam' ? (sizes[value.value] ?? 1) : Number(value.value ?? 1),
  )
  return { name, role, dtype: dtypeOf(elemType, name), shape: sizesOf }
}

function nodeOf(message: NodeProto, types: Map<string, Operand>): Node {
  const op = opNamed(message)
  const attributes = Object.fromEntries(message.attribute.map((one) => [one.name, attributeValue(one)]))
  const operands = message.input.map((name) => types.get(name))
  const outputs = inferTypes(op, operands, attributes).map((type, index) => ({
    name: message.output[index] ?? '',
    ...type,
  }))
  for (const output of outputs) types.set(output.name, output)
  return {
    op,
    inputs: message.input,
    outputs,
    attributes,
    origin: parseOrigin(message.docString, message.name),
  }
}

function opNamed({ opType, name }: NodeProto): OpName {
  const op = opNames.find((known) => known === opType)
  if (op !== undefined) return op
  throw new FormatError(
    `decodeModel: expected an operator that graphs have at ${name}, got ${opType}. ` +
      'Only models that Tandem wrote with encodeModel can be read.',
  )
}
