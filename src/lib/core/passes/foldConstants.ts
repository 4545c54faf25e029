/** Computes now what does not depend on any input. */
import { sizeOf } from '../util/shapes'
import { evaluate } from './evaluate'
import type { Pass } from './pass'
import { resultOf, rewriteNodes } from './rewrite'

/** Larger results cost more memory in the model than their computation costs time in a step. */
export const mostFoldedElements = 4096

/** Replaces nodes whose operands are all constants, up to 4096 elements. */
export const foldConstants: Pass = {
  name: 'foldConstants',
  title: 'Compute what never changes now',
  run: (graph) =>
    rewriteNodes(graph, (node, edit) => {
      const result = resultOf(node)
      if (node.outputs.length !== 1 || sizeOf(result.shape) > mostFoldedElements) return null
      const isConstant = (name: string) => name !== '' && edit.constantOf(name) !== undefined
      if (!node.inputs.every(isConstant)) return null
      const data = evaluate(edit.callOf(node), result)
      return data && edit.constant(data, result.dtype, result.shape, result.name)
    }),
}
