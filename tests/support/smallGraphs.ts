/** Graphs of a few nodes, and how the tests of the passes print them. */
import { GraphBuilder } from '../../src/lib/core/graph/builder'
import { printGraph } from './printGraph'
import type { Graph, Value } from '../../src/lib/core/graph/types'

export type Build = (builder: GraphBuilder, x: Value, y: Value) => Value

/** The graph of one result from the arguments x and y, float32 [2, 3]. */
export function graphOf(build: Build): Graph {
  const builder = new GraphBuilder('example')
  const argument = (name: string) => builder.input('argument', { dtype: 'float32', shape: [2, 3] }, name)
  builder.result(build(builder, argument('x'), argument('y')))
  return builder.build()
}

/** Nodes, states and results in the print of a graph, without origins. */
export function printNodes(graph: Graph): string {
  const lines = printGraph(graph).split('\n')
  return lines
    .filter((line) => /^ {2}(return|state .* \(|.* = )/.test(line))
    .map((line) => line.replace(/ {2}# .*/, '').trim())
    .join('\n')
}
