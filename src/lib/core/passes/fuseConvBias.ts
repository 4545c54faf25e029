/** Gives a convolution its bias as an operand. */
import { at } from '../util/at'
import type { Node } from '../graph/types'
import { isSameShape } from '../util/shapes'
import type { Pass } from './pass'
import { isSameType, resultOf, rewriteNodes, type Draft, type Rewrite } from './rewrite'

/** Conv(x, w) + bias, the bias as [channels, 1, 1], becomes Conv(x, w, bias). */
export const fuseConvBias: Pass = {
  name: 'fuseConvBias',
  title: 'Merge convolution and bias',
  run: (graph) =>
    rewriteNodes(graph, (node, edit) => (node.op === 'Add' ? convolutionWithBias(node, edit) : null)),
}

function convolutionWithBias(node: Node, edit: Rewrite): Draft | null {
  for (const [index, name] of node.inputs.entries()) {
    const convolution = edit.madeBy('Conv', name) ?? edit.madeBy('ConvTranspose', name)
    if (convolution?.inputs.length !== 2 || !edit.isUsedOnce(name)) continue
    const channels = at(resultOf(node).shape, 1)
    const bias = biasPerChannel(node.inputs[1 - index] ?? '', channels, edit)
    if (bias === null || !isSameType(resultOf(convolution), resultOf(node))) continue
    const { op, inputs, attributes } = convolution
    return { op, inputs: [...inputs, bias], attributes }
  }
  return null
}

/** The vector [channels] that a value [channels, 1, 1] or [1, channels, 1, 1] is made from; null for other values. */
function biasPerChannel(name: string, channels: number, edit: Rewrite): string | null {
  const reshape = edit.madeBy('Reshape', name)
  const [source = ''] = reshape?.inputs ?? []
  if (reshape === undefined || !isSameShape(edit.typeOf(source).shape, [channels])) return null
  const { shape } = edit.typeOf(name)
  return isSameShape(shape.slice(-3), [channels, 1, 1]) ? source : null
}
