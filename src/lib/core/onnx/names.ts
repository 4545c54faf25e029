/** Names in ONNX files: of outputs, which must be distinct results of nodes, and of nodes. */
import { producersOf, valuesOf } from '../graph/queries'
import type { Graph, Node, Value } from '../graph/types'
import { GraphError } from '../util/errors'

/** What the outputs of an encoded graph are called. */
export interface OutputNames {
  /** In the order of the graph's results. */
  readonly results: readonly string[]
  /** In the order of the graph's states; null where a state is only read. */
  readonly states: readonly (string | null)[]
}

/** `name`, or with a number appended where that is taken; takes it. */
export function takeName(name: string, taken: Set<string>): string {
  let free = name
  for (let count = 1; taken.has(free); count++) free = `${name}_${count}`
  taken.add(free)
  return free
}

/**
 * Names of the outputs of `encodeModel` and `encodeLoop`: that of the value where a node makes it and it goes out
 * for the first time, else `<value>/result` or `<state>/next`.
 */
export function outputNames(graph: Graph): OutputNames {
  const taken = new Set(valuesOf(graph).keys())
  const unused = new Set(producersOf(graph).keys())
  const nameOf = (value: string, otherwise: string) =>
    unused.delete(value) ? value : takeName(otherwise, taken)
  return {
    results: graph.results.map((value) => nameOf(value, `${value}/result`)),
    states: graph.states.map(({ input, output }) =>
      output === null ? null : nameOf(output, `${input}/next`),
    ),
  }
}

/** A value that leaves the graph, and under which name. */
export interface Output {
  readonly value: string
  readonly name: string
}

/** The results in order, as outputs of a file. */
export function resultOutputs(graph: Graph, names: OutputNames): readonly Output[] {
  return graph.results.map((value, index) => ({ value, name: names.results[index] ?? value }))
}

/** A state that the step changes, as an output of a file. */
export interface StateOutput extends Output {
  readonly input: string
}

/** The states that the step changes, in order. */
export function stateOutputs(graph: Graph, names: OutputNames): readonly StateOutput[] {
  return graph.states.flatMap(({ input, output }, index) =>
    output === null ? [] : [{ input, value: output, name: names.states[index] ?? output }],
  )
}

/** A readable name of a node: `forward/dense_1/MatMul_3`. */
export function nodeName({ op, origin }: Node, index: number): string {
  return [origin.phase, origin.layer, `${op}_${index}`].filter((part) => part !== '').join('/')
}

/** The value of that name. Throws GraphError for a name that nothing in the graph has. */
export function existing(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (value !== undefined) return value
  throw new GraphError(`internal: encode: expected a value of the graph, got ${name}. Verify the graph.`)
}
