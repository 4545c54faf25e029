/** Finds how each variable is updated: the elementwise nodes of an optimizer, and which variables share their form. */
import type { OpName } from '../graph/opNames'
import { ops } from '../graph/ops'
import { constantsOf, producersOf, valuesOf } from '../graph/queries'
import type { Constant, Graph, Node, State, Value } from '../graph/types'
import { isSameShape, sizeOf, type Shape } from '../util/shapes'
import { isSameType } from './rewrite'

/** The update of one variable together with its slots. */
export interface UpdateChain {
  /** In the order of the graph. */
  readonly states: readonly State[]
  /** Of the variable and each slot. */
  readonly shape: Shape
  /** In topological order. */
  readonly nodes: readonly Node[]
  /** Values of the variable's shape that come from elsewhere, such as its gradient. */
  readonly leaves: readonly string[]
  /** Chains with equal signatures compute the same; their states, nodes and leaves correspond in order. */
  readonly signature: string
}

/** The chains of all variables that are updated element by element and not packed yet. */
export function updateChainsOf(graph: Graph): readonly UpdateChain[] {
  const finder = new ChainFinder(graph)
  return statesUpdatedTogether(graph, finder).flatMap((states) => finder.chainOf(states) ?? [])
}

/** Lists of states whose updates share a node or read each other: a variable and its slots. */
function statesUpdatedTogether(graph: Graph, finder: ChainFinder): readonly (readonly State[])[] {
  const updated = graph.states.filter(({ output, variables }) => output !== null && variables.length === 1)
  const sets = new Sets()
  for (const state of updated) {
    for (const name of finder.valuesBehind(state)) sets.unite(state.input, name)
  }
  return groupedBy(updated, ({ input }) => sets.of(input))
}

/** Lists of what has the same key, in the order of their first members. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups.values()]
}

/** Disjoint sets of names. */
class Sets {
  private readonly parents = new Map<string, string>()

  of(name: string): string {
    const parent = this.parents.get(name)
    if (parent === undefined) return name
    const root = this.of(parent)
    this.parents.set(name, root)
    return root
  }

  unite(a: string, b: string): void {
    const [rootA, rootB] = [this.of(a), this.of(b)]
    if (rootA !== rootB) this.parents.set(rootB, rootA)
  }
}

class ChainFinder {
  private readonly values: ReadonlyMap<string, Value>
  private readonly constants: ReadonlyMap<string, Constant>
  private readonly producers: ReadonlyMap<string, Node>
  private readonly updatedInputs: ReadonlySet<string>

  constructor(graph: Graph) {
    this.values = valuesOf(graph)
    this.constants = constantsOf(graph)
    this.producers = producersOf(graph)
    this.updatedInputs = new Set(
      graph.states.flatMap(({ input, output }) => (output === null ? [] : [input])),
    )
  }

  /** Results of the state's update nodes, and the updated states of its shape that they read. */
  valuesBehind(state: State): readonly string[] {
    const shape = this.shapeOf(state.input)
    const seen = new Set<string>()
    const visit = (name: string): void => {
      if (seen.has(name)) return
      const node = this.updateNode(name, shape)
      const isState = this.updatedInputs.has(name) && isSameShape(this.shapeOf(name), shape)
      if (node || isState) seen.add(name)
      node?.inputs.forEach(visit)
    }
    visit(state.output ?? '')
    return [...seen]
  }

  /** The chain of states that are updated together; null if flat vectors cannot replace it. */
  chainOf(states: readonly State[]): UpdateChain | null {
    const [first] = states
    if (first === undefined) return null
    const shape = this.shapeOf(first.input)
    const spelling = new Spelling(states, shape, this)
    const outputs = states.map(({ output }) => spelling.of(output ?? ''))
    const types = states.map(({ input }) => this.values.get(input)?.dtype)
    const { nodes, leaves, lines } = spelling
    const isVector = (word: string) => /^(state|node|leaf) /.test(word)
    if (
      !spelling.isPackable ||
      nodes.length === 0 ||
      !outputs.every(isVector) ||
      !states.every((state) => this.hasOneShape(state, shape))
    ) {
      return null
    }
    return { states, shape, nodes, leaves, signature: [...types, ...lines, ...outputs].join('\n') }
  }

  /** The node that makes a value, if it is part of the update of a variable of this shape. */
  updateNode(name: string, shape: Shape): Node | null {
    const node = this.producers.get(name)
    const isPart =
      node?.origin.phase === 'update' && ops[node.op].isElementwise && isSameShape(this.shapeOf(name), shape)
    return isPart ? node : null
  }

  constantScalar(name: string): number | null {
    const constant = this.constants.get(name)
    return constant?.data.length === 1 ? (constant.data[0] ?? null) : null
  }

  typeOf(name: string): Value | undefined {
    return this.values.get(name)
  }

  private hasOneShape({ input, output }: State, shape: Shape): boolean {
    const [before, after] = [this.values.get(input), this.values.get(output ?? '')]
    return (
      before !== undefined &&
      after !== undefined &&
      isSameType(before, after) &&
      isSameShape(before.shape, shape)
    )
  }

  private shapeOf(name: string): Shape {
    return this.values.get(name)?.shape ?? []
  }
}

/** Writes a chain down with its own values numbered, so that chains of the same form read the same. */
class Spelling {
  readonly nodes: Node[] = []
  readonly leaves: string[] = []
  readonly lines: string[] = []
  isPackable = true
  private readonly words = new Map<string, string>()

  constructor(
    states: readonly State[],
    private readonly shape: Shape,
    private readonly finder: ChainFinder,
  ) {
    for (const [index, { input }] of states.entries()) this.words.set(input, `state ${index}`)
  }

  of(name: string): string {
    const known = this.words.get(name)
    if (known !== undefined) return known
    const word = this.spell(name)
    this.words.set(name, word)
    return word
  }

  private spell(name: string): string {
    if (name === '') return 'none'
    const node = this.finder.updateNode(name, this.shape)
    if (node) return this.spellNode(node)
    const type = this.finder.typeOf(name)
    const shape = type?.shape ?? []
    const constant = this.finder.constantScalar(name)
    if (constant === null && isSameShape(shape, this.shape))
      return `leaf ${this.leaves.push(name)} ${type?.dtype}`
    // A scalar that all variables share. More axes would stretch a flat vector to a matrix.
    if (sizeOf(shape) !== 1 || shape.length > 1) this.isPackable = false
    return constant === null ? `value ${name}` : `${type?.dtype} ${Object.is(constant, -0) ? '-0' : constant}`
  }

  private spellNode(node: Node): string {
    const { op, inputs, attributes }: { op: OpName } & Node = node
    const operands = inputs.map((name) => this.of(name))
    const settings = Object.entries(attributes).map(([name, value]) => `${name}=${String(value)}`)
    this.lines.push(`${op}(${[...operands, ...settings].join(', ')})`)
    return `node ${this.nodes.push(node)}`
  }
}
