/** Flat vectors that hold several variables one after another: their parts, and the nodes that take them apart. */
import { at } from '../util/at'
import type { Constant, Graph, Node, Origin, State, Value, VariableInfo } from '../graph/types'
import { GraphError } from '../util/errors'
import { sizeOf, type Shape } from '../util/shapes'

/** Elements of all variables together. */
export function packedSize(variables: readonly Pick<VariableInfo, 'shape'>[]): number {
  return variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** Groups of variables that a graph holds in one vector each. */
export function packingOf(graph: Graph): readonly (readonly VariableInfo[])[] {
  return graph.states.flatMap(({ variables }) => (variables.length > 1 ? [variables] : []))
}

/** A value to put into a vector or take from it, with the shape that it has outside of it. */
export interface Part {
  readonly name: string
  readonly shape: Shape
}

/** Makes nodes and constants with names that the graph does not have yet. */
export class Layout {
  readonly constants: Constant[] = []
  private readonly names: Set<string>

  constructor(graph: Graph) {
    const values = [...graph.inputs, ...graph.constants, ...graph.nodes.flatMap(({ outputs }) => outputs)]
    this.names = new Set(values.map(({ name }) => name))
  }

  /** `hint`, or where that is taken, with a number behind it. */
  freshName(hint: string): string {
    let name = hint
    for (let count = 1; this.names.has(name); count++) name = `${hint}_${count}`
    this.names.add(name)
    return name
  }

  /** Takes a vector apart: each part gets its name and shape. */
  split(
    vector: string,
    parts: readonly Part[],
    dtype: Value['dtype'],
    originOf: (name: string) => Origin,
  ): Node[] {
    const sizes = parts.map(({ shape }) => sizeOf(shape))
    const flat = parts.map(({ name, shape }, index): Value => {
      return {
        name: shape.length === 1 ? name : this.freshName(`${name}_flat`),
        dtype,
        shape: [at(sizes, index)],
      }
    })
    const reshapes = parts.flatMap(({ name, shape }, index): Node[] => {
      const [source] = flat.slice(index)
      if (shape.length === 1 || source === undefined) return []
      return [this.reshape(source.name, { name, dtype, shape }, originOf(name))]
    })
    const split: Node = {
      op: 'Split',
      inputs: [vector, this.ints(sizes)],
      outputs: flat,
      attributes: { axis: 0 },
      origin: originOf(parts[0]?.name ?? ''),
    }
    return [split, ...reshapes]
  }

  /** Puts parts one after another into a vector of the given name. */
  concat(parts: readonly Part[], { name, dtype }: Omit<Value, 'shape'>, origin: Origin): Node[] {
    const flat = parts.map((part) => {
      if (part.shape.length === 1) return { name: part.name, nodes: [] }
      const value: Value = { name: this.freshName(`${part.name}_flat`), dtype, shape: [sizeOf(part.shape)] }
      return { name: value.name, nodes: [this.reshape(part.name, value, origin)] }
    })
    const vector: Value = { name, dtype, shape: [packedSize(parts)] }
    const concat: Node = {
      op: 'Concat',
      inputs: flat.map((part) => part.name),
      outputs: [vector],
      attributes: { axis: 0 },
      origin,
    }
    return [...flat.flatMap(({ nodes }) => nodes), concat]
  }

  private reshape(source: string, result: Value, origin: Origin): Node {
    return {
      op: 'Reshape',
      inputs: [source, this.ints(result.shape)],
      outputs: [result],
      attributes: {},
      origin,
    }
  }

  private ints(sizes: readonly number[]): string {
    const name = this.freshName('sizes')
    this.constants.push({ name, dtype: 'int64', shape: [sizes.length], data: Int32Array.from(sizes) })
    return name
  }
}

/** Replaces inputs by one packed input at the place of the first. */
export function withPackedInput(
  inputs: Graph['inputs'],
  replaced: ReadonlySet<string>,
  packed: Value,
): Graph['inputs'] {
  const at = inputs.findIndex(({ name }) => replaced.has(name))
  const rest = inputs.filter(({ name }) => !replaced.has(name))
  return rest.toSpliced(at, 0, { role: 'state', ...packed })
}

/** Replaces states by one packed state at the place of the first. */
export function withPackedState(
  states: Graph['states'],
  packed: State,
  replaced: ReadonlySet<string>,
): Graph['states'] {
  const at = states.findIndex(({ input }) => replaced.has(input))
  return states.filter(({ input }) => !replaced.has(input)).toSpliced(at, 0, packed)
}

/** Nodes so ordered that each comes after those it needs, otherwise as they are; null if they need each other. */
export function ordered(nodes: readonly Node[]): readonly Node[] | null {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map(({ name }) => [name, node] as const)))
  const done = new Set<Node>()
  const open = new Set<Node>()
  const place = (node: Node): boolean => {
    if (done.has(node)) return true
    if (open.has(node)) return false
    open.add(node)
    const isPlaced = node.inputs.every((name) => {
      const producer = producers.get(name)
      return producer === undefined || place(producer)
    })
    open.delete(node)
    done.add(node)
    return isPlaced
  }
  return nodes.every(place) ? [...done] : null
}

/** The value of a name. Throws GraphError for an unknown one. */
export function known<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name)
  if (value === undefined)
    throw new GraphError(`internal: packing: expected a value of the graph, got ${name}.`)
  return value
}
