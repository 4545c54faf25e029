/** What a pass is: a named step of the optimiser from a graph to an equal, cheaper graph. */
import type { Graph } from '../graph/types'

/** Every pass, in the order in which they run. */
export const passNames = [
  'removeDeadCode',
  'foldConstants',
  'simplifyAlgebra',
  'eliminateCommonSubexpressions',
  'cancelLayoutChanges',
  'fuseGemm',
  'fuseConvBias',
  'packStates',
] as const

/** The name of a pass. */
export type PassName = (typeof passNames)[number]

/** Gives a graph that computes the same; the same object where there is nothing to do. */
export interface Pass {
  readonly name: PassName
  /** What it does, in plain words. */
  readonly title: string
  run(graph: Graph): Graph
}
