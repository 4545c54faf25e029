/** Runs the passes until none finds anything more to do. */
import type { Graph, VariableInfo } from '../graph/types'
import { verify } from '../graph/verify'
import { adoptPacking, isSameGroup } from './adoptPacking'
import { cancelLayoutChanges } from './cancelLayoutChanges'
import { eliminateCommonSubexpressions } from './eliminateCommonSubexpressions'
import { foldConstants } from './foldConstants'
import { fuseConvBias } from './fuseConvBias'
import { fuseGemm } from './fuseGemm'
import { packStates } from './packStates'
import { packingOf } from './packedLayout'
import type { Pass, PassName } from './pass'
import { removeDeadCode } from './removeDeadCode'
import { simplifyAlgebra } from './simplifyAlgebra'

/** Every pass, in order. */
export const passes: readonly Pass[] = [
  removeDeadCode,
  foldConstants,
  simplifyAlgebra,
  eliminateCommonSubexpressions,
  cancelLayoutChanges,
  fuseGemm,
  fuseConvBias,
  packStates,
]

/** One run of a pass. */
export interface Stage {
  readonly pass: PassName
  readonly nodesBefore: number
  readonly nodesAfter: number
  /** After the pass. */
  readonly graph: Graph
}

/** Which passes are left out. */
export interface OptimiseOptions {
  readonly disabled?: ReadonlySet<PassName>
  /** Vectors in which another graph holds the variables (its `packingOf`); this graph then does, too. */
  readonly packed?: readonly (readonly VariableInfo[])[]
}

/** The optimised graph, and what each pass did. */
export interface Optimised {
  readonly graph: Graph
  /** Each enabled pass once, in order; repetitions only where they found something. */
  readonly stages: readonly Stage[]
}

/** Each round makes room for the next; real graphs settle after two or three. */
const mostRounds = 6

/**
 * An equal graph with fewer and cheaper nodes. Packing comes last, once: chains are alike only after all else is done.
 * Throws GraphError if a pass breaks the graph.
 */
export function optimise(graph: Graph, { disabled = new Set(), packed }: OptimiseOptions = {}): Optimised {
  const run = new Run(graph)
  const enabled = passes.filter(({ name }) => !disabled.has(name))
  const local = enabled.filter(({ name }) => name !== 'packStates')
  settle(run, local)
  if (packed) run.apply({ ...packStates, run: (graph) => packedLike(graph, packed, disabled) }, true)
  else if (enabled.includes(packStates)) run.apply(packStates, true)
  settle(run, local)
  return { graph: run.graph, stages: run.stages }
}

function settle(run: Run, local: readonly Pass[]): void {
  for (let round = 0; round < mostRounds; round++) {
    const before = run.graph
    for (const pass of local) run.apply(pass, run.stages.length < local.length)
    if (run.graph === before) return
  }
}

/** Updates at once where that fits the vectors there are, and otherwise variable by variable. */
function packedLike(
  graph: Graph,
  groups: readonly (readonly VariableInfo[])[],
  disabled: ReadonlySet<PassName>,
): Graph {
  const taken = new Set(groups.flat().map(({ name }) => name))
  const isFree = (made: readonly VariableInfo[]) => !made.some(({ name }) => taken.has(name))
  const isWanted = (made: readonly VariableInfo[]) => groups.some((group) => isSameGroup(made, group))
  const packed = disabled.has('packStates') ? graph : packStates.run(graph)
  const fits = packingOf(packed).every((made) => isFree(made) || isWanted(made))
  return adoptPacking(fits ? packed : graph, groups)
}

class Run {
  readonly stages: Stage[] = []

  constructor(public graph: Graph) {}

  apply(pass: Pass, isAlwaysListed: boolean): void {
    const before = this.graph
    const after = pass.run(before)
    if (after === before && !isAlwaysListed) return
    if (after !== before) verify(after)
    this.graph = after
    this.stages.push({
      pass: pass.name,
      nodesBefore: before.nodes.length,
      nodesAfter: after.nodes.length,
      graph: after,
    })
  }
}
