/** Finds nodes of a step by operator, layer, value name, or `line 12`. */
import type { StepGraph } from './stepGraph'

/** Ids in order of execution; none for an empty query. */
export function findNodes({ nodes }: StepGraph, query: string): string[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return []
  const line = /^line (\d+)$/.exec(wanted)?.[1]
  return nodes
    .filter((node) => {
      if (line !== undefined) return node.line === Number(line)
      const names = [node.op, node.layer, node.phase, ...node.outputs.map(({ name }) => name)]
      return names.some((name) => name.toLowerCase().includes(wanted))
    })
    .map(({ id }) => id)
}

/** Number of nodes that come from each line of the program. */
export function nodesPerLine({ nodes }: StepGraph): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { line } of nodes) if (line > 0) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
