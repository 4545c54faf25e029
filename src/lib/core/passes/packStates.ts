/** Updates all variables of one kind by one chain on a flat vector: a few long nodes instead of many short ones. */
import { valuesOf } from '../graph/queries'
import type { Graph, Node, Origin, State, Value } from '../graph/types'
import {
  known,
  Layout,
  ordered,
  packedSize,
  withPackedInput,
  withPackedState,
  type Part,
} from './packedLayout'
import type { Pass } from './pass'
import { resultOf } from './rewrite'
import { groupedBy, updateChainsOf, type UpdateChain } from './updateChains'

/**
 * Variables that are updated by the same formula lie in one vector, and likewise each of their slots. Gradients are
 * concatenated, the formula runs once, and one Split gives the model its weights.
 */
export const packStates: Pass = {
  name: 'packStates',
  title: 'Update all weights at once',
  run(graph) {
    const groups = groupedBy(updateChainsOf(graph), ({ signature }) => signature)
    return groups.filter(isWorthPacking).reduce(pack, graph)
  },
}

/**
 * The copies that gather gradients and give the weights back cost about as much as the nodes saved on small vectors:
 * plain gradient descent, with its two nodes for each variable, is no faster in one chain.
 */
const leastSavedPerAdded = 2

function isWorthPacking(chains: readonly UpdateChain[]): boolean {
  const [first] = chains
  if (first === undefined || chains.length < 2) return false
  const reshapes = chains.filter(({ shape }) => shape.length !== 1).length
  const added = (1 + first.leaves.length) * (1 + reshapes)
  return first.nodes.length * (chains.length - 1) >= leastSavedPerAdded * added
}

/** The graph with chains of one signature made into one; as it is if an update needs the result of another. */
function pack(graph: Graph, chains: readonly UpdateChain[]): Graph {
  const [first] = chains
  if (first === undefined) return graph
  const packing = new Packing(graph, chains, first)
  const vectors = first.leaves.flatMap((_, index) => packing.gatherLeaf(index))
  const chain = first.nodes.map((node) => packing.packNode(node))
  const states = first.states.map((_, index) => packing.packState(index))
  const removed = new Set(chains.flatMap(({ nodes }) => nodes))
  const rest = graph.nodes.filter((node) => !removed.has(node))
  const nodes = ordered([...packing.unpackStates(), ...rest, ...vectors, ...chain, ...packing.unpackNodes()])
  if (nodes === null) return graph
  return {
    ...graph,
    inputs: states.reduce(
      (inputs, { input, replaced }) => withPackedInput(inputs, replaced, input),
      graph.inputs,
    ),
    constants: [...graph.constants, ...packing.constants],
    nodes,
    states: states.reduce(
      (made, { state, replaced }) => withPackedState(made, state, replaced),
      graph.states,
    ),
  }
}

interface PackedState {
  readonly input: Value
  readonly state: State
  readonly replaced: ReadonlySet<string>
}

const everywhere: Origin = { phase: 'update', layer: '', line: 0 }

class Packing {
  private readonly layout: Layout
  private readonly values: ReadonlyMap<string, Value>
  private readonly usersOutside: ReadonlyMap<string, Origin>
  /** The vector that stands for a value of the first chain. */
  private readonly vectors = new Map<string, string>()

  constructor(
    graph: Graph,
    private readonly chains: readonly UpdateChain[],
    private readonly first: UpdateChain,
  ) {
    this.layout = new Layout(graph)
    this.values = valuesOf(graph)
    this.usersOutside = usersOutside(graph, chains)
    for (const { input } of first.states) this.vectors.set(input, this.layout.freshName(`packed_${input}`))
  }

  get constants(): Graph['constants'] {
    return this.layout.constants
  }

  /** Puts the leaves at one place of all chains into a vector. */
  gatherLeaf(index: number): Node[] {
    const parts = this.parts(({ leaves }) => leaves[index])
    const [{ name }] = parts as [Part]
    const vector = this.layout.freshName(`packed_${name}`)
    this.vectors.set(name, vector)
    return this.layout.concat(parts, { name: vector, dtype: known(this.values, name).dtype }, everywhere)
  }

  /** A node of the first chain on vectors. */
  packNode(node: Node): Node {
    const { name, dtype } = resultOf(node)
    const vector = this.layout.freshName(`packed_${name}`)
    const inputs = node.inputs.map((input) => this.vectors.get(input) ?? input)
    this.vectors.set(name, vector)
    return {
      ...node,
      inputs,
      outputs: [{ name: vector, dtype, shape: this.shape }],
      origin: this.commonOrigin(node),
    }
  }

  packState(index: number): PackedState {
    const states = this.chains.flatMap((chain) => chain.states.slice(index, index + 1))
    const [{ input, output }] = states as [State]
    const name = known(this.vectors, input)
    return {
      input: { name, dtype: known(this.values, input).dtype, shape: this.shape },
      state: {
        input: name,
        output: known(this.vectors, output ?? ''),
        variables: states.flatMap(({ variables }) => variables),
      },
      replaced: new Set(states.map((state) => state.input)),
    }
  }

  /** Gives the rest of the graph the variables it reads. */
  unpackStates(): Node[] {
    return this.first.states.flatMap((_, index) => this.unpack(({ states }) => states[index]?.input))
  }

  /** Gives the rest of the graph the updated values it reads. */
  unpackNodes(): Node[] {
    return this.first.nodes.flatMap((_, index) =>
      this.unpack(({ nodes }) => nodes[index] && resultOf(nodes[index]).name),
    )
  }

  private unpack(select: (chain: UpdateChain) => string | undefined): Node[] {
    const parts = this.parts(select)
    const used = parts.find(({ name }) => this.usersOutside.has(name))
    const [first] = parts
    if (used === undefined || first === undefined) return []
    const origin = known(this.usersOutside, used.name)
    const { dtype } = known(this.values, first.name)
    return this.layout.split(known(this.vectors, first.name), parts, dtype, (name) => {
      return this.usersOutside.get(name) ?? origin
    })
  }

  private parts(select: (chain: UpdateChain) => string | undefined): Part[] {
    return this.chains.flatMap((chain) => {
      const name = select(chain)
      return name === undefined ? [] : [{ name, shape: chain.shape }]
    })
  }

  private get shape(): readonly number[] {
    return [packedSize(this.chains)]
  }

  /** The line of the optimizer; of no layer, since the node serves all. */
  private commonOrigin({ origin }: Node): Origin {
    return { ...origin, layer: '' }
  }
}

/** Values that something outside of the chains needs, with the origin of the first node that does. */
function usersOutside(graph: Graph, chains: readonly UpdateChain[]): ReadonlyMap<string, Origin> {
  const users = new Map<string, Origin>()
  const inside = new Set(chains.flatMap(({ nodes }) => nodes))
  const leaves = new Set(chains.flatMap((chain) => chain.leaves))
  for (const { inputs, origin } of graph.nodes.filter((node) => !inside.has(node))) {
    for (const name of inputs) if (!users.has(name)) users.set(name, origin)
  }
  const packed = new Set(chains.flatMap(({ states }) => states))
  const outputs = graph.states.flatMap((state) => (packed.has(state) ? [] : (state.output ?? [])))
  for (const name of [...graph.results, ...outputs, ...leaves]) {
    if (!users.has(name)) users.set(name, everywhere)
  }
  return users
}
