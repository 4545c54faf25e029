/** Makes a graph read and write its variables in vectors that another graph has laid out. */
import { usersOf } from '../graph/queries'
import type { Graph, Node, Origin, State, Value, VariableInfo } from '../graph/types'
import { GraphError } from '../util/errors'
import { Layout, packedSize, withPackedInput, withPackedState } from './packedLayout'

/**
 * For a second graph over the same variables, such as the forward pass alone: `groups` is the `packingOf` the first.
 * Groups of which the graph has no variable are left out. Throws GraphError if the graph packs a variable otherwise.
 */
export function adoptPacking(graph: Graph, groups: readonly (readonly VariableInfo[])[]): Graph {
  return groups.reduce(adoptGroup, graph)
}

/** Whether both lists name the same variables in the same order. */
export function isSameGroup(a: readonly VariableInfo[], b: readonly VariableInfo[]): boolean {
  return a.length === b.length && a.every(({ name }, index) => name === b[index]?.name)
}

function adoptGroup(graph: Graph, group: readonly VariableInfo[]): Graph {
  const names = new Set(group.map(({ name }) => name))
  const members = graph.states.filter(({ variables }) => variables.some(({ name }) => names.has(name)))
  const [first] = members
  if (first === undefined || isSameGroup(first.variables, group)) return graph
  const stranger = members.find(({ variables }) => variables.length > 1)
  if (stranger) throw otherwisePacked(stranger, group)
  return packMembers(graph, members, group)
}

function packMembers(graph: Graph, members: readonly State[], group: readonly VariableInfo[]): Graph {
  const layout = new Layout(graph)
  const stateOf = new Map(members.map((state) => [state.variables[0]?.name ?? '', state]))
  const parts = group.map(({ name, shape }) => ({
    name: stateOf.get(name)?.input ?? layout.freshName(name),
    shape,
    output: stateOf.get(name)?.output ?? null,
  }))
  const replaced = new Set(members.map(({ input }) => input))
  const dtype = graph.inputs.find(({ name }) => replaced.has(name))?.dtype ?? 'float32'
  const packed: Value = {
    name: layout.freshName(`packed_${parts[0]?.name}`),
    dtype,
    shape: [packedSize(group)],
  }
  const isWritten = members.some(({ output }) => output !== null)
  const output = isWritten ? layout.freshName(`${packed.name}_next`) : null
  const next = parts.map((part) => ({ name: part.output ?? part.name, shape: part.shape }))
  const update: Origin = { phase: 'update', layer: '', line: 0 }
  const after: Node[] = output === null ? [] : layout.concat(next, { name: output, dtype }, update)
  const before = layout.split(packed.name, parts, dtype, originsOf(graph))
  return {
    ...graph,
    inputs: withPackedInput(graph.inputs, replaced, packed),
    constants: [...graph.constants, ...layout.constants],
    nodes: [...before, ...graph.nodes, ...after],
    states: withPackedState(graph.states, { input: packed.name, output, variables: group }, replaced),
  }
}

/** The origin of a value's first user. */
function originsOf(graph: Graph): (name: string) => Origin {
  const users = usersOf(graph)
  return (name) => users.get(name)?.[0]?.origin ?? { phase: 'forward', layer: '', line: 0 }
}

function otherwisePacked({ variables }: State, group: readonly VariableInfo[]): GraphError {
  const list = (infos: readonly VariableInfo[]) => infos.map(({ name }) => name).join(', ')
  return new GraphError(
    `internal: adoptPacking: expected ${list(group)} in one state, got ${list(variables)}. Pack one graph only.`,
  )
}
