/** Graph -> bytes of an ONNX file that computes one step. */
import { create } from '@bufbuild/protobuf'
import { valuesOf } from '../graph/queries'
import type { Graph, Value } from '../graph/types'
import { withDynamicBatch, type DynamicGraph } from './dynamicBatch'
import { modelBytes, nodeProto, plainNode, valueInfo, type Dimension } from './messages'
import { printMetadata } from './metadata'
import { existing, outputNames, resultOutputs, stateOutputs } from './names'
import { GraphProtoSchema } from './onnx_pb'
import { tensorProto } from './tensors'

/** How a graph is written. */
export interface EncodeOptions {
  /** Name of the leading dimension of arguments and of what depends on it, to run the file with any batch size. */
  readonly dynamicBatch?: string
  /** What people should know, as entries of the file's metadata. */
  readonly notes?: Readonly<Record<string, string>>
}

/**
 * Bytes of an ONNX file (opset 17) with the graph's inputs; its outputs are the results, then the states that the
 * step changes, named as `outputNames` says. Throws ArgumentError where the batch cannot be left open.
 */
export function encodeModel(graph: Graph, { dynamicBatch, notes = {} }: EncodeOptions = {}): Uint8Array {
  if (dynamicBatch === undefined)
    return encode(graph, (value) => value.shape, { ...printMetadata(graph), ...notes })
  const dynamic: DynamicGraph = withDynamicBatch(graph, dynamicBatch)
  const dimensionsOf = ({ name, shape }: Value) => dynamic.dimensions.get(name) ?? shape
  const sizes = { [dynamicBatch]: dynamic.batch }
  return encode(dynamic.graph, dimensionsOf, { ...printMetadata(dynamic.graph, sizes), ...notes })
}

function encode(
  graph: Graph,
  dimensionsOf: (value: Value) => readonly Dimension[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const names = outputNames(graph)
  const outputs = [...resultOutputs(graph, names), ...stateOutputs(graph, names)]
  const outputNamed = new Set(outputs.map(({ name }) => name))
  const values = valuesOf(graph)
  const typed = (value: Value, name = value.name) => valueInfo(name, value.dtype, dimensionsOf(value))
  const made = graph.nodes.flatMap((node) => node.outputs)
  const message = create(GraphProtoSchema, {
    name: graph.name,
    input: graph.inputs.map((input) => typed(input)),
    initializer: graph.constants.map(tensorProto),
    node: [
      ...graph.nodes.map((node, index) => nodeProto(node, index, (name) => name)),
      // An output of a file is made by a node, and only once.
      ...outputs
        .filter(({ value, name }) => value !== name)
        .map(({ value, name }) => plainNode('Identity', [value], [name])),
    ],
    output: outputs.map(({ value, name }) => typed(existing(values, value), name)),
    valueInfo: made.filter(({ name }) => !outputNamed.has(name)).map((value) => typed(value)),
  })
  return modelBytes(message, metadata)
}
