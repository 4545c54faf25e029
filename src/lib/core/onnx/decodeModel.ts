/** Bytes of an ONNX file that `encodeModel` wrote -> graph. Not a reader of ONNX files in general. */
import { fromBinary } from '@bufbuild/protobuf'
import { opNames, type OpName } from '../graph/opNames'
import type { Operand } from '../graph/opRule'
import { inferTypes } from '../graph/ops'
import type { Graph, GraphInput, Node } from '../graph/types'
import { verify } from '../graph/verify'
import { FormatError } from '../util/errors'
import { attributeValue } from './attributes'
import { opset } from './messages'
import { parseMetadata, parseOrigin, type Metadata } from './metadata'
import {
  ModelProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from './onnx_pb'
import { shown } from './shown'
import { checkedShape, constantOf, dtypeOf } from './tensors'

/** The graph of a file; dimensions left open have the sizes of the trace. Throws FormatError for any other file. */
export function decodeModel(bytes: Uint8Array): Graph {
  const model = parse(bytes)
  const metadata = parseMetadata(model)
  assertOpset(model)
  const { name, input, initializer, node }: GraphProto = graphOf(model)
  const inputs = input.map((info) => inputOf(info, metadata))
  const constants = initializer.map(constantOf)
  const types = new Map<string, Operand>([...inputs, ...constants].map((value) => [value.name, value]))
  // What has no origin was added to give outputs their names.
  const nodes = node.filter(({ docString }) => docString !== '').map((one) => nodeOf(one, types))
  const graph = { name, inputs, constants, nodes, states: metadata.states, results: metadata.results }
  asFile('a graph that keeps its rules', () => {
    verify(graph)
  })
  return graph
}

/** What `work` gives; whatever the rules of graphs say against it is said of the file here. */
function asFile<T>(expected: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    const reason =
      cause instanceof Error ? cause.message.replace(/^internal: /, '').replace(/\.$/, '') : String(cause)
    throw new FormatError(
      `decodeModel: expected ${expected}, got one of which is said: ${shown(reason)}. ` +
        'The file is damaged or was not written by Tandem.',
      { cause },
    )
  }
}

function assertOpset({ opsetImport }: ModelProto): void {
  const got = opsetImport.map(({ domain, version }) => `${shown(domain)} ${version}`.trim()).join(', ')
  if (got === String(opset)) return
  throw new FormatError(
    `decodeModel: expected operators of opset ${opset}, got ${shown(got) || 'none'}. ` +
      'Only models that Tandem wrote with encodeModel can be read.',
  )
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
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined
  if (role === undefined || type?.value.case !== 'tensorType')
    throw new FormatError(
      `decodeModel: expected input ${shown(name)} to be a tensor whose role the metadata tell, got none. ` +
        'Only models that Tandem wrote with encodeModel can be read.',
    )
  const { elemType, shape } = type.value.value
  const sizeOf = (name: string) => (Object.hasOwn(sizes, name) ? (sizes[name] ?? 1) : 1)
  const sizesOf = (shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimParam' ? sizeOf(value.value) : Number(value.value ?? 1),
  )
  return { name, role, dtype: dtypeOf(elemType, name), shape: checkedShape(name, sizesOf) }
}

function nodeOf(message: NodeProto, types: Map<string, Operand>): Node {
  const op = opNamed(message)
  const where = shown(message.name)
  const attributes = Object.fromEntries(message.attribute.map((one) => [one.name, attributeValue(one)]))
  const operands = message.input.map((name) => operandNamed(where, name, types))
  const inferred = asFile(`a valid call at ${where}`, () => inferTypes(op, operands, attributes))
  if (inferred.length !== message.output.length) {
    throw new FormatError(
      `decodeModel: expected ${inferred.length} outputs at ${where}, got ${message.output.length}. ` +
        'The file is damaged or was not written by Tandem.',
    )
  }
  const outputs = inferred.map(({ dtype, shape }, index) => {
    const name = message.output[index] ?? ''
    return { name, dtype, shape: checkedShape(name, shape) }
  })
  for (const output of outputs) types.set(output.name, output)
  return {
    op,
    inputs: message.input,
    outputs,
    attributes,
    origin: parseOrigin(message.docString, message.name),
  }
}

/** The operand of that name; undefined for one that is left out. */
function operandNamed(where: string, name: string, types: ReadonlyMap<string, Operand>): Operand | undefined {
  const operand = name === '' ? undefined : types.get(name)
  if (operand !== undefined || name === '') return operand
  throw new FormatError(
    `decodeModel: expected the operands of ${where} to be inputs, constants or made by an earlier node, got ` +
      `${shown(name)}. The file is damaged or was not written by Tandem.`,
  )
}

function opNamed({ opType, name }: NodeProto): OpName {
  const op = opNames.find((known) => known === opType)
  if (op !== undefined) return op
  throw new FormatError(
    `decodeModel: expected an operator that graphs have at ${shown(name)}, got ${shown(opType)}. ` +
      'Only models that Tandem wrote with encodeModel can be read.',
  )
}
