/** Checks the invariants of a graph, so that a mistake shows where it was made and not when the graph runs. */
import { GraphError } from '../util/errors'
import { isSameShape, sizeOf } from '../util/shapes'
import { holds } from './elementTypes'
import { opNames } from './opNames'
import { printType, type Operand } from './opRule'
import { inferTypes } from './ops'
import type { Graph, Node, State, TensorType, Value } from './types'

type Known = Map<string, Operand>

/** Throws GraphError, naming the node or value, where the graph breaks an invariant of `Graph`. */
export function verify(graph: Graph): void {
  const known: Known = new Map()
  for (const input of graph.inputs) define(graph, known, input)
  for (const constant of graph.constants) {
    define(graph, known, constant)
    if (!holds(constant.data, constant.dtype) || constant.data.length !== sizeOf(constant.shape)) {
      const got = `${constant.data.constructor.name} of ${constant.data.length}`
      throw broken(graph, constant.name, `data for ${printType(constant)}`, got)
    }
  }
  for (const node of graph.nodes) verifyNode(graph, known, node)
  for (const name of graph.results) existing(graph, known, 'result', name)
  verifyStates(graph, known)
}

function broken(
  { name: graph }: Graph,
  where: string,
  expected: string,
  got: string,
  cause?: unknown,
): GraphError {
  return new GraphError(`internal: ${graph}: ${where}: expected ${expected}, got ${got}.`, { cause })
}

function define(graph: Graph, known: Known, value: Value): void {
  if (value.name === '') throw broken(graph, printType(value), 'a name', 'none')
  if (known.has(value.name))
    throw broken(graph, value.name, 'a name used once', 'a second value of that name')
  known.set(value.name, value)
}

function existing(graph: Graph, known: Known, where: string, name: string): Operand {
  const value = known.get(name)
  if (value === undefined) throw broken(graph, where, 'a value of the graph', name === '' ? 'none' : name)
  return value
}

/** A node as messages name it: `Add add_1`. */
function nameOf({ op, outputs }: Node): string {
  return `${op} ${outputs.map(({ name }) => name).join(' ')}`
}

function verifyNode(graph: Graph, known: Known, node: Node): void {
  const where = nameOf(node)
  if (!opNames.includes(node.op)) throw broken(graph, where, 'an operator of ops.ts', node.op)
  const operands = node.inputs.map((name) => {
    if (name === '') return undefined
    if (!known.has(name)) throw broken(graph, where, 'an operand made by an earlier node', name)
    return known.get(name)
  })
  const inferred = inferredTypes(graph, node, operands)
  const isEqual =
    inferred.length === node.outputs.length &&
    inferred.every((type, index) => isType(type, node.outputs[index]))
  if (!isEqual)
    throw broken(graph, where, inferred.map(printType).join(' '), node.outputs.map(printType).join(' '))
  for (const output of node.outputs) define(graph, known, output)
}

function inferredTypes(graph: Graph, node: Node, operands: (Operand | undefined)[]): readonly TensorType[] {
  try {
    return inferTypes(node.op, operands, node.attributes)
  } catch (cause) {
    throw broken(
      graph,
      nameOf(node),
      'a valid call',
      cause instanceof Error ? cause.message : String(cause),
      cause,
    )
  }
}

function isType(a: TensorType, b: TensorType | undefined): boolean {
  return b?.dtype === a.dtype && isSameShape(a.shape, b.shape)
}

function verifyStates(graph: Graph, known: Known): void {
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]))
  const unused = new Set(graph.inputs.filter(({ role }) => role === 'state').map(({ name }) => name))
  for (const state of graph.states) {
    const where = `state ${state.input}`
    const input = inputs.get(state.input)
    if (input?.role !== 'state') throw broken(graph, where, 'an input of role state', input?.role ?? 'none')
    if (!unused.delete(state.input)) throw broken(graph, where, 'one state per input', 'a second one')
    verifyVariables(graph, state, input)
    if (state.output === null) continue
    const output = existing(graph, known, where, state.output)
    if (!isType(input, output)) throw broken(graph, where, printType(input), printType(output))
  }
  for (const name of unused) throw broken(graph, name, 'a state for the input', 'none')
}

function verifyVariables(graph: Graph, { input, variables }: State, { shape }: Value): void {
  const size = variables.reduce((sum, variable) => sum + sizeOf(variable.shape), 0)
  if (size === sizeOf(shape)) return
  throw broken(graph, `state ${input}`, `variables of ${sizeOf(shape)} elements`, String(size))
}
