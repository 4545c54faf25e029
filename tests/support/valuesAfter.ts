/** What a graph computes from fixed values: to compare graphs that should be equal. */
import { tf } from '../../src/lib/core/eager/tfjs'
import type { Graph } from '../../src/lib/core/graph/types'
import { interpret } from '../../src/lib/core/interpret/interpreter'
import { sizeOf } from '../../src/lib/core/util/shapes'

/** Results and variables after a step from fixed values, however the variables are packed. */
export function valuesAfter(graph: Graph): Record<string, number[]> {
  const variablesOf = new Map(graph.states.map(({ input, variables }) => [input, variables]))
  const feeds = new Map(
    graph.inputs.map((input) => {
      const parts = variablesOf.get(input.name) ?? [input]
      const values = parts.flatMap(({ name, shape }) => exampleValues(name, sizeOf(shape)))
      return [input.name, tf.tensor(values, [...input.shape])]
    }),
  )
  const outputs = interpret(graph, feeds)
  const read = (name: string): number[] => [...(outputs.get(name)?.dataSync() ?? [])]
  const after: Record<string, number[]> = { results: graph.results.flatMap(read) }
  for (const { output, variables } of graph.states) {
    if (output === null) continue
    const values = read(output)
    for (const { name, shape } of variables) after[name] = values.splice(0, sizeOf(shape))
  }
  for (const tensor of [...feeds.values(), ...outputs.values()]) tensor.dispose()
  return after
}

/** Numbers between 0.1 and 0.9 that depend on the name: second moments must not be negative. */
function exampleValues(name: string, count: number): number[] {
  const seed = name.split('').reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  return Array.from({ length: count }, (_, index) => 0.5 + 0.4 * Math.sin(seed + 12.9898 * index))
}
