/** Removes what nothing uses. */
import type { Graph, State } from '../graph/types'
import type { Pass } from './pass'
import { rootsOf, withoutUnused } from './rewrite'

/**
 * Nodes, constants and host inputs that neither a result nor a state needs. Arguments and states stay: they are the
 * signature of the call. A state that becomes what it was is only read.
 */
export const removeDeadCode: Pass = {
  name: 'removeDeadCode',
  title: 'Remove what nothing uses',
  run: (graph) => withoutUnusedHostInputs(withoutUnused(withoutIdleOutputs(graph), () => false)),
}

function withoutIdleOutputs(graph: Graph): Graph {
  const isIdle = ({ input, output }: State) => input === output
  if (!graph.states.some(isIdle)) return graph
  return {
    ...graph,
    states: graph.states.map((state) => (isIdle(state) ? { ...state, output: null } : state)),
  }
}

function withoutUnusedHostInputs(graph: Graph): Graph {
  const used = new Set([...rootsOf(graph), ...graph.nodes.flatMap(({ inputs }) => inputs)])
  const inputs = graph.inputs.filter(({ name, role }) => role !== 'host' || used.has(name))
  return inputs.length === graph.inputs.length ? graph : { ...graph, inputs }
}
