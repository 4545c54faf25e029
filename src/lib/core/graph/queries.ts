/** Questions about a graph, answered as maps by name, so that no pass has to search. */
import { GraphError } from '../util/errors'
import type { Constant, Graph, Node, TensorType, Value } from './types'

/** The node that makes each value; inputs and constants have none. */
export function producersOf({ nodes }: Graph): ReadonlyMap<string, Node> {
  return new Map(nodes.flatMap((node) => node.outputs.map(({ name }) => [name, node] as const)))
}

/** The nodes that take each value, in order, once per operand; values without users are missing. */
export function usersOf({ nodes }: Graph): ReadonlyMap<string, readonly Node[]> {
  const users = new Map<string, Node[]>()
  for (const node of nodes) {
    for (const name of node.inputs) {
      if (name === '') continue
      const known = users.get(name)
      if (known) known.push(node)
      else users.set(name, [node])
    }
  }
  return users
}

/** The constants of a graph by name. */
export function constantsOf({ constants }: Graph): ReadonlyMap<string, Constant> {
  return new Map(constants.map((constant) => [constant.name, constant]))
}

/** Every input, constant and output of a node. */
export function valuesOf({ inputs, constants, nodes }: Graph): ReadonlyMap<string, Value | Constant> {
  const values = [...inputs, ...constants, ...nodes.flatMap(({ outputs }) => outputs)]
  return new Map(values.map((value) => [value.name, value]))
}

/** Names that the graph has to keep: its results and what its states become. */
export function outputsOf({ results, states }: Graph): ReadonlySet<string> {
  const next = states.flatMap(({ output }) => output ?? [])
  return new Set([...results, ...next])
}

/** Types of the values of those names. Throws GraphError where there is none. */
export function typesOf(graph: Graph, names: readonly string[]): TensorType[] {
  const values = valuesOf(graph)
  return names.map((name) => {
    const value = values.get(name)
    if (!value) throw new GraphError(`internal: graph ${graph.name}: expected a value ${name}, got none.`)
    return { dtype: value.dtype, shape: value.shape }
  })
}

/** The most values that are alive at once when nodes run in order: from where they are made to their last use. */
export function peakValues(graph: Graph): number {
  const lastUse = new Map<string, number>()
  for (const [index, { inputs }] of graph.nodes.entries()) for (const name of inputs) lastUse.set(name, index)
  for (const name of outputsOf(graph)) lastUse.set(name, graph.nodes.length)
  const frees = new Map<number, number>()
  for (const end of lastUse.values()) frees.set(end, (frees.get(end) ?? 0) + 1)
  let alive = [...graph.inputs, ...graph.constants].filter(({ name }) => lastUse.has(name)).length
  let peak = alive
  for (const [index, { outputs }] of graph.nodes.entries()) {
    alive += outputs.filter(({ name }) => lastUse.has(name)).length
    peak = Math.max(peak, alive)
    alive -= frees.get(index) ?? 0
  }
  return peak
}
