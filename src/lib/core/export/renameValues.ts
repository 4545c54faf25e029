/** Gives values of a graph other names, for files that people read. */
import { valuesOf } from '../graph/queries'
import type { Graph, Value } from '../graph/types'

/** The same graph with values renamed; a name that is taken already is left as it was. */
export function renameValues(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const taken = new Set(valuesOf(graph).keys())
  const fresh = new Map<string, string>()
  for (const [from, to] of names) {
    if (taken.has(to)) continue
    taken.add(to)
    fresh.set(from, to)
  }
  const rename = (name: string) => fresh.get(name) ?? name
  const named = <V extends Value>(value: V): V => ({ ...value, name: rename(value.name) })
  return {
    ...graph,
    inputs: graph.inputs.map(named),
    constants: graph.constants.map(named),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(named),
    })),
    states: graph.states.map(({ input, output, variables }) => ({
      input: rename(input),
      output: output === null ? null : rename(output),
      variables,
    })),
    results: graph.results.map(rename),
  }
}
