/** What a pass of the optimiser did to a graph. */
import type { Graph } from '$lib/workers/protocol'

/** How many nodes a stage of the optimiser took away. */
export interface StageChange {
  readonly before: number
  readonly after: number
  /** Operators that are gone and that are new, by how many: `Transpose ×4`. */
  readonly gone: readonly string[]
  readonly made: readonly string[]
}

/** Nodes are told apart by the values they make, and by operator where a pass replaced one by another. */
export function stageChange(before: Graph, after: Graph): StageChange {
  const [old, now] = [keysOf(before), keysOf(after)]
  return {
    before: before.nodes.length,
    after: after.nodes.length,
    gone: countOps(old, now),
    made: countOps(now, old),
  }
}

function keysOf({ nodes }: Graph): Map<string, string> {
  return new Map(nodes.map(({ op, outputs }) => [`${op} ${outputs[0]?.name ?? ''}`, op]))
}

function countOps(from: ReadonlyMap<string, string>, missingIn: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>()
  for (const [key, op] of from) if (!missingIn.has(key)) counts.set(op, (counts.get(op) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([op, count]) => (count === 1 ? op : `${op} ×${String(count)}`))
}
