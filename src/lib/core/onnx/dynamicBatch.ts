/** Which dimensions of a traced graph are the batch: what changes when the graph is inferred at another batch size. */
import { inferTypes } from '../graph/ops'
import type { Operand } from '../graph/opRule'
import { constantsOf, outputsOf, valuesOf } from '../graph/queries'
import type { Constant, Graph, Node } from '../graph/types'
import { ArgumentError, ShapeError } from '../util/errors'
import type { Dimension } from './messages'
import { takeName } from './names'

/** A graph for any batch size, and the dimensions of its values; '' for a size that follows from the batch. */
export interface DynamicGraph {
  readonly graph: Graph
  readonly dimensions: ReadonlyMap<string, readonly Dimension[]>
  /** The batch size of the trace. */
  readonly batch: number
}

/**
 * Makes the leading dimension of every argument one named `name`. Throws ArgumentError where the arguments have no
 * common leading dimension, or where the graph computes with the batch size that it was traced with.
 */
export function withDynamicBatch(traced: Graph, name: string): DynamicGraph {
  const batch = batchOf(traced)
  const graph = reshapesOfAnyBatch(traced, batch)
  const other = batch + 1
  const grown = typesAt(graph, other)
  const dimensions = new Map<string, readonly Dimension[]>()
  for (const value of valuesOf(graph).values()) {
    const sizes = grown.get(value.name)?.shape ?? value.shape
    dimensions.set(
      value.name,
      value.shape.map((size, axis) => {
        if (sizes[axis] === size) return size
        return size === batch && sizes[axis] === other ? name : ''
      }),
    )
  }
  return { graph, dimensions, batch }
}

function batchOf({ inputs }: Graph): number {
  const sizes = new Set(inputs.flatMap(({ role, shape }) => (role === 'argument' ? [shape[0] ?? 1] : [])))
  const [batch, ...others] = sizes
  if (batch !== undefined && others.length === 0) return batch
  throw new ArgumentError(
    `encodeModel: expected one batch size for dynamicBatch, got ${[...sizes].join(', ') || 'no argument'}. ` +
      'Trace with arguments of the same leading dimension.',
  )
}

/** Reshape to [batch, ..] of something that leads with the batch: size 0 means "as in the operand". */
function reshapesOfAnyBatch(graph: Graph, batch: number): Graph {
  const values = valuesOf(graph)
  const constants = constantsOf(graph)
  const taken = new Set(values.keys())
  const added: Constant[] = []
  const nodes = graph.nodes.map((node): Node => {
    const [data = '', target = ''] = node.inputs
    const shape = constants.get(target)
    if (node.op !== 'Reshape' || shape?.data[0] !== batch || values.get(data)?.shape[0] !== batch) return node
    const name = takeName(`${target}/anyBatch`, taken)
    added.push({ ...shape, name, data: Int32Array.from([0, ...shape.data.slice(1)]) })
    return { ...node, inputs: [data, name] }
  })
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...outputsOf(graph)])
  return { ...graph, nodes, constants: [...graph.constants, ...added].filter(({ name }) => used.has(name)) }
}

function typesAt(graph: Graph, batch: number): ReadonlyMap<string, Operand> {
  const types = new Map<string, Operand>(valuesOf(graph))
  for (const input of graph.inputs) {
    if (input.role !== 'argument' || input.shape.length === 0) continue
    types.set(input.name, { ...input, shape: [batch, ...input.shape.slice(1)] })
  }
  for (const node of graph.nodes) {
    const operands = node.inputs.map((name) => types.get(name))
    const inferred = inferAtAnyBatch(node, operands)
    node.outputs.forEach(({ name }, index) => {
      const type = inferred[index]
      if (type) types.set(name, type)
    })
  }
  return types
}

function inferAtAnyBatch({ op, outputs, attributes }: Node, operands: readonly (Operand | undefined)[]) {
  try {
    return inferTypes(op, operands, attributes)
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause
    throw new ArgumentError(
      `encodeModel: expected a graph for any batch size, got ${outputs[0]?.name ?? op} with that of the trace: ` +
        `${cause.message} Export without dynamicBatch.`,
      { cause },
    )
  }
}
