/**
 * What of a step has to run in a loop over steps, and what can run once for all of them: before the loop what depends
 * on arguments only, after it what only results depend on, such as the loss of a step and its metrics. Compilers call
 * this loop fission.
 */
import { producersOf, usersOf, valuesOf } from '../graph/queries'
import type { Constant, Graph, Node } from '../graph/types'
import { sizeOf } from '../util/shapes'
import { takeName } from './names'
import { stackNode, type StackContext } from './stackNode'

/** Elements of a value that one step hands over to what runs after the loop: more are not worth a node. */
const mostElements = 1 << 14

/** A graph in three parts: before, in and after the loop over steps. */
export interface LoopParts {
  /** Over stacked values. */
  readonly before: readonly Node[]
  /** Over the values of one step. */
  readonly inside: readonly Node[]
  /** Over stacked values. */
  readonly after: readonly Node[]
  /** Operands of the nodes before and after that the graph does not have. */
  readonly constants: readonly Constant[]
  /** Whether a value of this name is there stacked without the loop giving it: it is an argument or made outside. */
  readonly isOutside: (name: string) => boolean
  /** Stacked values that the loop takes, in slices. */
  readonly scanned: readonly string[]
  /** Values made inside that nodes after the loop need. */
  readonly handedOver: readonly string[]
}

/** Splits a graph into what can leave the loop over steps and what cannot. */
export function loopParts(graph: Graph): LoopParts {
  const parts = new PartFinder(graph)
  const before = graph.nodes.flatMap((node) => parts.moveBefore(node) ?? [])
  const after = graph.nodes.toReversed().flatMap((node) => parts.moveAfter(node) ?? [])
  return parts.result(before, after.toReversed())
}

class PartFinder {
  readonly #graph: Graph
  readonly #values: StackContext['values']
  readonly #users: ReadonlyMap<string, readonly Node[]>
  readonly #producers: ReadonlyMap<string, Node>
  /** Names of values that the next step's state depends on. */
  readonly #stateful: ReadonlySet<string>
  /** Names of values that are the same for all steps. */
  readonly #shared: ReadonlySet<string>
  readonly #stacked: ReadonlySet<string>
  readonly #before = new Set<Node>()
  readonly #after = new Set<Node>()
  readonly #constants: Constant[] = []
  readonly #taken: Set<string>

  constructor(graph: Graph) {
    this.#graph = graph
    this.#values = valuesOf(graph)
    this.#users = usersOf(graph)
    this.#producers = producersOf(graph)
    this.#taken = new Set(this.#values.keys())
    const next = graph.states.flatMap(({ output }) => output ?? [])
    this.#stateful = reachedFrom(next, this.#producers)
    const kept = graph.states.flatMap(({ input, output }) => (output === null ? [input] : []))
    this.#shared = new Set([...kept, ...graph.constants.map(({ name }) => name), ''])
    this.#stacked = new Set(graph.inputs.flatMap(({ name, role }) => (role === 'state' ? [] : [name])))
  }

  /** The node over stacked values where it needs nothing that the loop makes; null where it has to stay. */
  moveBefore(node: Node): Node | null {
    const own = node.inputs.filter((name) => !this.#shared.has(name))
    return own.length > 0 && own.every((name) => this.#isBefore(name)) ? this.#move(node, this.#before) : null
  }

  /** The same where only results and nodes after the loop need what it makes. */
  moveAfter(node: Node): Node | null {
    if (this.#before.has(node)) return null
    const isNeeded = node.outputs.some(
      ({ name }) =>
        this.#stateful.has(name) || (this.#users.get(name) ?? []).some((user) => !this.#after.has(user)),
    )
    const own = node.inputs.filter((name) => !this.#shared.has(name))
    const canMove = !isNeeded && own.length > 0 && own.every((name) => this.#canLeaveLoop(name))
    return canMove ? this.#move(node, this.#after) : null
  }

  result(before: readonly Node[], after: readonly Node[]): LoopParts {
    const inside = this.#graph.nodes.filter((node) => !this.#before.has(node) && !this.#after.has(node))
    const isInside = (name: string) => this.#producers.has(name) && !this.isOutside(name)
    const changed = this.#graph.states.flatMap(({ output }) => output ?? [])
    const needed = new Set([...inside.flatMap(({ inputs }) => inputs), ...changed])
    const available = [...this.#stacked, ...before.flatMap(({ outputs }) => outputs.map(({ name }) => name))]
    return {
      before,
      inside,
      after,
      constants: this.#constants,
      isOutside: (name) => this.isOutside(name),
      scanned: available.filter((name) => needed.has(name)),
      handedOver: [...new Set(after.flatMap(({ inputs }) => inputs))].filter(isInside),
    }
  }

  isOutside(name: string): boolean {
    const producer = this.#producers.get(name)
    return this.#isBefore(name) || (producer !== undefined && this.#after.has(producer))
  }

  #isBefore(name: string): boolean {
    const producer = this.#producers.get(name)
    return this.#stacked.has(name) || (producer !== undefined && this.#before.has(producer))
  }

  /** Whether nodes after the loop may take the value: one that is made in the loop is stacked for them. */
  #canLeaveLoop(name: string): boolean {
    if (this.#isBefore(name)) return true
    return this.#producers.has(name) && sizeOf(this.#values.get(name)?.shape ?? []) <= mostElements
  }

  #move(node: Node, part: Set<Node>): Node | null {
    const stacked = stackNode(node, {
      values: this.#values,
      isStacked: (name) => !this.#shared.has(name),
      newName: (wanted) => takeName(wanted, this.#taken),
    })
    if (!stacked) return null
    part.add(node)
    this.#constants.push(...stacked.constants)
    return stacked.node
  }
}

/** The values of these names and all that they are computed from. */
function reachedFrom(names: readonly string[], producers: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (name: string): void => {
    if (reached.has(name)) return
    reached.add(name)
    producers.get(name)?.inputs.forEach(visit)
  }
  names.forEach(visit)
  return reached
}
