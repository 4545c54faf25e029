/** Parts the graph of a function and of its gradients in two: what is computed at once, and what is computed for backward(). */
import type { Graph, GraphInput, Node, Value } from '../graph/types'
import { valuesOf } from '../graph/queries'

/** Both parts; together they compute what the whole does. */
export interface SplitGraph {
  /** Its results: those of the function, those that are checked, then `saved`. */
  readonly forward: Graph
  /** Its results: the gradients. Its arguments: `saved`, then the gradients of the outputs. */
  readonly backward: Graph
  /** Names of the values that the second part takes from the first. */
  readonly saved: readonly string[]
}

/** How many of the results are what, in this order. */
export interface ResultCounts {
  /** Of the function. */
  readonly outputs: number
  readonly gradients: number
  /** What is only looked at when the function has run. */
  readonly checked: number
}

/** Arguments that are named in `seeds` are the gradients of the function's outputs. */
export function splitGraph(graph: Graph, counts: ResultCounts, seeds: readonly string[]): SplitGraph {
  const checkedFrom = counts.outputs + counts.gradients
  const gradients = graph.results.slice(counts.outputs, checkedFrom)
  const results = [
    ...graph.results.slice(0, counts.outputs),
    ...graph.results.slice(checkedFrom, checkedFrom + counts.checked),
  ]
  const isSeed = new Set(seeds)
  const states = graph.states.flatMap(({ output }) => output ?? [])
  const early = nodesFor(graph, [...results, ...states])
  const late = graph.nodes.filter((node) => !early.has(node))
  const needed = nodesFor({ ...graph, nodes: late }, gradients)
  const lateNodes = late.filter((node) => needed.has(node))
  const made = new Set([
    ...lateNodes.flatMap(({ outputs: values }) => values.map(({ name }) => name)),
    ...seeds,
  ])
  const constants = new Set(graph.constants.map(({ name }) => name))
  const used = new Set([...lateNodes.flatMap(({ inputs }) => inputs), ...gradients])
  const saved = [...used].filter((name) => name !== '' && !made.has(name) && !constants.has(name))
  const values = valuesOf(graph)
  const taken = [...saved, ...seeds].flatMap((name) => argument(values.get(name)))
  return {
    saved,
    forward: {
      ...graph,
      inputs: graph.inputs.filter(({ name }) => !isSeed.has(name)),
      nodes: graph.nodes.filter((node) => early.has(node)),
      results: [...results, ...saved],
    },
    backward: {
      name: `${graph.name} backward`,
      inputs: taken,
      constants: graph.constants,
      nodes: lateNodes,
      states: [],
      results: gradients,
    },
  }
}

function argument(value: Value | undefined): GraphInput[] {
  if (!value) return []
  const { name, dtype, shape } = value
  return [{ role: 'argument', name, dtype, shape }]
}

/** The nodes that these values are computed from. */
function nodesFor({ nodes }: Pick<Graph, 'nodes'>, wanted: readonly string[]): ReadonlySet<Node> {
  const names = new Set(wanted)
  const found = new Set<Node>()
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some(({ name }) => names.has(name))) continue
    found.add(node)
    for (const name of node.inputs) names.add(name)
  }
  return found
}
