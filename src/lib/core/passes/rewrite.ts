/** Rebuilds a graph node by node under a rule: what every local pass has in common. Not a pass. */
import type { Call, Operand } from '../graph/opRule'
import { callOf, inferTypes } from '../graph/ops'
import type { OpName } from '../graph/opNames'
import type {
  AttributeValue,
  Constant,
  ConstantData,
  DType,
  Graph,
  Node,
  Origin,
  State,
  TensorType,
  Value,
} from '../graph/types'
import { GraphError } from '../util/errors'
import { isSameShape, type Shape } from '../util/shapes'

/** A node that has no name yet. */
export interface Draft {
  readonly op: OpName
  readonly inputs: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeValue>>
}

/**
 * What becomes of a node with one result: the name of a value to use instead, a draft of the node that makes the
 * result instead, or null for the node as it is. The result's type must stay the same.
 */
export type Rule = (node: Node, edit: Rewrite) => string | Draft | null

/** Rules that feed each other end after a few rounds; a pair that undoes each other must not hang the page. */
const mostRewritesOfOneNode = 32

/** Applies a rule to every node in order, with operands already rewritten; nodes that this leaves unused go. */
export function rewriteNodes(graph: Graph, rule: Rule): Graph {
  const edit = new Rewrite(graph)
  for (const node of graph.nodes) edit.take(node, rule)
  return edit.finish()
}

/** The first result of a node; all but Split have just this one. */
export function resultOf(node: Node): Value {
  const [result] = node.outputs
  if (result === undefined) throw new GraphError(`internal: ${node.op}: expected a result, got none.`)
  return result
}

/** Same element type and shape. */
export function isSameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && isSameShape(a.shape, b.shape)
}

/** The new graph in the making: what a rule may ask and add. */
export class Rewrite {
  private readonly values = new Map<string, Value>()
  private readonly constants = new Map<string, Constant>()
  private readonly producers = new Map<string, Node>()
  private readonly substitutes = new Map<string, string>()
  private readonly users = new Map<string, number>()
  private readonly names = new Set<string>()
  private readonly counters = new Map<string, number>()
  private readonly nodes: Node[] = []
  private isChanged = false
  private origin: Origin = { phase: 'forward', layer: '', line: 0 }

  constructor(private readonly graph: Graph) {
    for (const value of [...graph.inputs, ...graph.constants]) this.declare(value)
    for (const constant of graph.constants) this.constants.set(constant.name, constant)
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.names.add(output.name)
      for (const name of node.inputs) this.countUse(name)
    }
    for (const name of rootsOf(graph)) this.countUse(name)
  }

  /** Type of a value that exists already. */
  typeOf(name: string): Value {
    const value = this.values.get(name)
    if (value === undefined)
      throw new GraphError(`internal: rewrite: expected a value made earlier, got ${name}.`)
    return value
  }

  /** The node that makes a value; undefined for inputs and constants. */
  producerOf(name: string): Node | undefined {
    return this.producers.get(name)
  }

  /** The node that makes a value, if it is of this operator. */
  madeBy(op: OpName, name: string): Node | undefined {
    const node = this.producers.get(name)
    return node?.op === op ? node : undefined
  }

  constantOf(name: string): Constant | undefined {
    return this.constants.get(name)
  }

  /** Elements of a constant operand, such as axes; null for other values and for an operand left out. */
  intsOf(name: string | undefined): readonly number[] | null {
    const constant = name === undefined ? undefined : this.constants.get(name)
    return constant === undefined ? null : Array.from(constant.data)
  }

  /** A node as the functions of core/graph read it. */
  callOf({ op, inputs, attributes }: Draft): Call {
    return callOf(op, this.operandsOf(inputs), attributes)
  }

  /** Whether at most one node or result of the graph uses a value. */
  isUsedOnce(name: string): boolean {
    return (this.users.get(name) ?? 0) <= 1
  }

  /** A constant of the new graph. */
  constant(data: ConstantData, dtype: DType, shape: Shape, hint = 'constant'): string {
    const constant = { name: this.freshName(hint), dtype, shape, data }
    this.declare(constant)
    this.constants.set(constant.name, constant)
    return constant.name
  }

  /** A constant list of axes or sizes. */
  ints(values: readonly number[]): string {
    return this.constant(Int32Array.from(values), 'int64', [values.length], 'sizes')
  }

  /** A new node with one result, of the origin of the node that is being rewritten; gives the result's name. */
  emit({ op, inputs, attributes = {} }: Draft): string {
    const name = this.freshName(op.charAt(0).toLowerCase() + op.slice(1))
    const types = inferTypes(op, this.operandsOf(inputs), attributes)
    const outputs = types.slice(0, 1).map((type) => ({ name, ...type }))
    this.push({ op, inputs, attributes, outputs, origin: this.origin })
    return name
  }

  /** Uses another value instead of one from here on. */
  substitute(name: string, by: string): void {
    this.substitutes.set(name, by)
    this.isChanged = true
  }

  /** Rewrites the next node of the graph. */
  take(original: Node, rule: Rule): void {
    this.origin = original.origin
    let node = this.withSubstitutes(original)
    for (let round = 0; round < mostRewritesOfOneNode; round++) {
      const better = rule(node, this)
      if (better === null) break
      this.isChanged = true
      if (typeof better === 'string') {
        this.substitute(resultOf(node).name, better)
        return
      }
      const { op, inputs, attributes = {} } = better
      node = { op, inputs, attributes, outputs: node.outputs, origin: node.origin }
    }
    this.push(node)
  }

  /** The new graph, or the old one if no rule applied. */
  finish(): Graph {
    if (!this.isChanged) return this.graph
    const { graph } = this
    const made = {
      ...graph,
      constants: [...this.constants.values()],
      nodes: this.nodes,
      states: graph.states.map((state) => this.rewriteState(state)),
      results: graph.results.map((name) => this.resolve(name)),
    }
    return withoutUnused(made, (name) => !this.users.has(name))
  }

  private operandsOf(inputs: readonly string[]): (Operand | undefined)[] {
    return inputs.map((name) => (name === '' ? undefined : (this.constants.get(name) ?? this.typeOf(name))))
  }

  private rewriteState(state: State): State {
    return state.output === null ? state : { ...state, output: this.resolve(state.output) }
  }

  private withSubstitutes(node: Node): Node {
    if (!node.inputs.some((name) => this.substitutes.has(name))) return node
    return { ...node, inputs: node.inputs.map((name) => this.resolve(name)) }
  }

  private resolve(name: string): string {
    return this.substitutes.get(name) ?? name
  }

  private push(node: Node): void {
    this.nodes.push(node)
    for (const output of node.outputs) {
      this.declare(output)
      this.producers.set(output.name, node)
    }
  }

  private declare(value: Value): void {
    this.values.set(value.name, value)
    this.names.add(value.name)
  }

  private countUse(name: string): void {
    this.users.set(name, (this.users.get(name) ?? 0) + 1)
  }

  private freshName(base: string): string {
    let count = this.counters.get(base) ?? 0
    let name: string
    do name = `${base}_${++count}`
    while (this.names.has(name))
    this.counters.set(base, count)
    this.names.add(name)
    // A new value counts as used, or the sweep would take it for one that nobody ever used.
    this.users.set(name, 1)
    return name
  }
}

/** What the graph is run for: its results and what its states become. */
export function rootsOf(graph: Graph): string[] {
  return [...graph.results, ...graph.states.flatMap(({ output }) => output ?? [])]
}

/** Without the nodes and constants that nothing uses, but for those that `isKept` names. */
export function withoutUnused(graph: Graph, isKept: (name: string) => boolean): Graph {
  const used = new Set(rootsOf(graph))
  const nodes: Node[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ name }) => used.has(name) || isKept(name))) continue
    nodes.push(node)
    for (const name of node.inputs) used.add(name)
  }
  const constants = graph.constants.filter(({ name }) => used.has(name) || isKept(name))
  if (nodes.length === graph.nodes.length && constants.length === graph.constants.length) return graph
  return { ...graph, nodes: nodes.reverse(), constants }
}
