/** Removes transposes and reshapes that undo each other: tfjs keeps channels last, ONNX first. */
import { constantsOf } from '../graph/queries'
import { permutationOf } from '../graph/inferLayout'
import type { Graph, Node } from '../graph/types'
import { isSameShape, sizeOf } from '../util/shapes'
import { mergeTransposes, moveTransposes } from './moveTransposes'
import type { Pass } from './pass'
import { keepsOrder } from './permutations'
import { resultOf, rewriteNodes, type Draft, type Rewrite } from './rewrite'

/**
 * Moves transposes past elementwise operators, reductions, Concat and Pad where fewer elements have to move then,
 * and merges layout changes that follow each other.
 */
export const cancelLayoutChanges: Pass = {
  name: 'cancelLayoutChanges',
  title: 'Cancel transposes and reshapes',
  run: (graph) => rewriteNodes(withFewestMoves(graph), mergeLayoutChanges),
}

/** Both ways of moving transposes are tried on the whole graph: whether a move pays shows further down only. */
function withFewestMoves(graph: Graph): Graph {
  const candidates = (['free', 'any'] as const).map((reach) => rewriteNodes(graph, moveTransposes(reach)))
  return candidates.reduce((best, next) => (movedElements(next) < movedElements(best) ? next : best), graph)
}

/** Elements that all transposes of computed values move in one step. */
function movedElements(graph: Graph): number {
  const constants = constantsOf(graph)
  const isMoved = ({ op, inputs: [source = ''] }: Node) => op === 'Transpose' && !constants.has(source)
  return graph.nodes.filter(isMoved).reduce((sum, node) => sum + sizeOf(resultOf(node).shape), 0)
}

function mergeLayoutChanges(node: Node, edit: Rewrite): string | Draft | null {
  if (node.op === 'Transpose') return mergeTransposes(node, edit) ?? reshapeInsteadOfTranspose(node, edit)
  return node.op === 'Reshape' ? mergeReshapes(node, edit) : null
}

/** One Reshape from the first operand that differs in more than its shape; none for its own shape. */
function mergeReshapes(node: Node, edit: Rewrite): string | Draft | null {
  const [name = ''] = node.inputs
  const { shape } = resultOf(node)
  if (isSameShape(edit.typeOf(name).shape, shape)) return name
  const producer = edit.producerOf(name)
  const isMerged = producer !== undefined && (producer.op === 'Reshape' || isReshape(producer, edit))
  if (!isMerged && isExplicit(node, edit)) return null
  const source = isMerged ? (producer.inputs[0] ?? '') : name
  return { op: 'Reshape', inputs: [source, edit.ints(shape)] }
}

/** Whether the wanted shape is written out, without 0 for `as before` and -1 for `the rest`. */
function isExplicit(node: Node, edit: Rewrite): boolean {
  return isSameShape(edit.intsOf(node.inputs[1]) ?? [], resultOf(node).shape)
}

/** Whether a Transpose only moves axes of size 1. */
function isReshape(node: Node, edit: Rewrite): boolean {
  const [source = ''] = node.inputs
  return node.op === 'Transpose' && keepsOrder(edit.typeOf(source).shape, permutationOf(edit.callOf(node)))
}

/** A reshape costs nothing; matrices stay as they are for `fuseGemm`. */
function reshapeInsteadOfTranspose(node: Node, edit: Rewrite): Draft | null {
  const { shape } = resultOf(node)
  if (shape.length < 3 || !isReshape(node, edit)) return null
  return { op: 'Reshape', inputs: [node.inputs[0] ?? '', edit.ints(shape)] }
}
