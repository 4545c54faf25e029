/** Which dimensions of a traced graph are the batch: what changes when the graph is inferred at another batch size. */
import { inferTypes } from '../graph/ops'
import type { Operand } from '../graph/opRule'
import { constantsOf, outputsOf, valuesOf } from '../graph/queries'
import type { OpName } from '../graph/opNames'
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
  const graph = rowsOfAnyBatch(reshapesOfAnyBatch(traced, batch), batch)
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

/**
 * Reshape to [batch, ..] of something that leads with the batch: size 0 means "as in the operand". A leading size that
 * holds the batch otherwise, as in [batch · steps, features], follows from the others: −1.
 */
function reshapesOfAnyBatch(graph: Graph, batch: number): Graph {
  const values = valuesOf(graph)
  return withOtherConstants(graph, 'Reshape', ({ inputs: [data = '', target = ''] }, constants) => {
    const sizes = constants.get(target)?.data
    const [leading = 0] = sizes ?? []
    const ofData = values.get(data)?.shape[0] ?? 0
    if (!sizes || sizes.includes(-1) || leading % batch !== 0 || ofData % batch !== 0) return null
    const anyLeading = leading === batch && ofData === batch ? 0 : -1
    return { at: 1, shape: [sizes.length], data: Int32Array.from([anyLeading, ...sizes.slice(1)]) }
  })
}

/** Operators, and which of their inputs may have one row for all examples: their results then have one, or broadcast it. */
const rowInputs: readonly (readonly [op: OpName, inputs: readonly number[]])[] = [
  ['Add', [0, 1]],
  ['Sub', [0, 1]],
  ['Mul', [0, 1]],
  ['Div', [0, 1]],
  ['MatMul', [0]],
  ['Gemm', [0]],
]

/** A constant with a row for every example, all alike, such as a recurrent layer's first state: one row is enough. */
function rowsOfAnyBatch(graph: Graph, batch: number): Graph {
  return rowInputs.reduce(
    (changed, [op, positions]) =>
      withOtherConstants(changed, op, ({ inputs }, constants) => {
        const at = positions.find((position) => hasEqualRows(constants.get(inputs[position] ?? ''), batch))
        const constant = at === undefined ? undefined : constants.get(inputs[at] ?? '')
        if (at === undefined || !constant) return null
        const [, ...rest] = constant.shape
        return { at, shape: [1, ...rest], data: constant.data.slice(0, constant.data.length / batch) }
      }),
    graph,
  )
}

function hasEqualRows(constant: Constant | undefined, rows: number): boolean {
  if (!constant || constant.shape.length < 2 || constant.shape[0] !== rows) return false
  const { data } = constant
  const width = data.length / rows
  return data.every((value, index) => value === data[index % width])
}

/** A constant in the place of input `at`. */
interface OtherConstant {
  readonly at: number
  readonly shape: readonly number[]
  readonly data: Constant['data']
}

/** Gives nodes of one operator other constants; those that nothing reads any more are left out. */
function withOtherConstants(
  graph: Graph,
  op: OpName,
  change: (node: Node, constants: ReadonlyMap<string, Constant>) => OtherConstant | null,
): Graph {
  const constants = constantsOf(graph)
  const taken = new Set(valuesOf(graph).keys())
  const added: Constant[] = []
  const nodes = graph.nodes.map((node): Node => {
    const other = node.op === op ? change(node, constants) : null
    const replaced = other && constants.get(node.inputs[other.at] ?? '')
    if (!other || !replaced) return node
    const name = takeName(`${replaced.name}/anyBatch`, taken)
    added.push({ ...replaced, name, shape: other.shape, data: other.data })
    return { ...node, inputs: node.inputs.with(other.at, name) }
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
