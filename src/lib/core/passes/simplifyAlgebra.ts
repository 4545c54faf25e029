/** Applies the identities of `algebraRules.ts` wherever they fit. */
import type { OpName } from '../graph/opNames'
import { algebraRules, type AlgebraRule } from './algebraRules'
import type { Pass } from './pass'
import { rewriteNodes } from './rewrite'

const rulesOf = new Map<OpName, readonly AlgebraRule[]>()
for (const rule of algebraRules) {
  for (const op of rule.ops) rulesOf.set(op, [...(rulesOf.get(op) ?? []), rule])
}

/** `x · 1`, `x − 0`, double negation, casts to the same type, expansions that broadcasting makes needless. */
export const simplifyAlgebra: Pass = {
  name: 'simplifyAlgebra',
  title: 'Apply identities of algebra',
  run: (graph) =>
    rewriteNodes(graph, (node, edit) => {
      for (const { rewrite } of rulesOf.get(node.op) ?? []) {
        const better = rewrite(node, edit)
        if (better !== null) return better
      }
      return null
    }),
}
