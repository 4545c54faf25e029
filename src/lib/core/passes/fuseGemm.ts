/** Merges transposes, matrix product and bias into one Gemm. */
import { permutationOf } from '../graph/inferLayout'
import type { Attributes } from '../graph/opRule'
import type { Node } from '../graph/types'
import { isSameShape } from '../util/shapes'
import type { Pass } from './pass'
import { isIdentity } from './permutations'
import { isSameType, resultOf, rewriteNodes, type Draft, type Rewrite } from './rewrite'

/** Gemm = alpha · A' · B' + beta · C, where A' is A or its transpose, and C broadcasts to the product. */
export const fuseGemm: Pass = {
  name: 'fuseGemm',
  title: 'Merge transposes, matrix product and bias',
  run: (graph) =>
    rewriteNodes(graph, (node, edit) => {
      if (node.op === 'MatMul' || node.op === 'Gemm') return withoutTransposedOperands(node, edit)
      if (node.op === 'Transpose') return transposedProduct(node, edit)
      return node.op === 'Add' ? withBias(node, edit) : null
    }),
}

/** A · Bᵀ needs no transpose of its own. */
function withoutTransposedOperands(node: Node, edit: Rewrite): Draft | null {
  const [a = '', b = '', ...bias] = node.inputs
  const [sourceA, sourceB] = [transposeOf(a, edit), transposeOf(b, edit)]
  if ((sourceA === null && sourceB === null) || !isMatrixProduct(node, edit)) return null
  const { transA = 0, transB = 0, ...scales } = node.attributes
  return {
    op: 'Gemm',
    inputs: [sourceA ?? a, sourceB ?? b, ...bias],
    attributes: withTransposes(scales, flippedIf(sourceA, transA), flippedIf(sourceB, transB)),
  }
}

/** (A · B)ᵀ = Bᵀ · Aᵀ */
function transposedProduct(node: Node, edit: Rewrite): Draft | null {
  const product = productWithoutBias(node.inputs[0] ?? '', edit)
  if (product === null || !exchangesAxes(node, edit)) return null
  const { transA = 0, transB = 0, ...scales } = product.attributes
  const isFlipped = (flag: unknown) => flag !== 1
  return {
    op: 'Gemm',
    inputs: product.inputs.toReversed(),
    attributes: withTransposes(scales, isFlipped(transB), isFlipped(transA)),
  }
}

function withBias(node: Node, edit: Rewrite): Draft | null {
  for (const [index, name] of node.inputs.entries()) {
    const product = productWithoutBias(name, edit)
    const bias = node.inputs[1 - index] ?? ''
    if (product === null || !isSameType(resultOf(product), resultOf(node))) continue
    return { op: 'Gemm', inputs: [...product.inputs, bias], attributes: product.attributes }
  }
  return null
}

/** The product of two matrices that makes a value which nothing else uses. */
function productWithoutBias(name: string, edit: Rewrite): Node | null {
  const product = edit.madeBy('MatMul', name) ?? edit.madeBy('Gemm', name)
  if (product?.inputs.length !== 2 || !edit.isUsedOnce(name)) return null
  return isMatrixProduct(product, edit) ? product : null
}

function isMatrixProduct({ inputs }: Node, edit: Rewrite): boolean {
  const isMatrix = (name: string) => {
    const { shape, dtype } = edit.typeOf(name)
    return shape.length === 2 && dtype === 'float32'
  }
  return inputs.slice(0, 2).every(isMatrix)
}

/** What a matrix is the transpose of; null where nothing says so. A column made from a row is its transpose too. */
function transposeOf(name: string, edit: Rewrite): string | null {
  const node = edit.madeBy('Transpose', name) ?? edit.madeBy('Reshape', name)
  const [source = ''] = node?.inputs ?? []
  if (node === undefined) return null
  const [from, to] = [edit.typeOf(source).shape, resultOf(node).shape]
  if (to.length !== 2 || !isSameShape(from, to.toReversed())) return null
  if (node.op === 'Reshape') return to.includes(1) && !isSameShape(from, to) ? source : null
  return exchangesAxes(node, edit) ? source : null
}

/** Whether the Transpose of a matrix is one in the sense of algebra. */
function exchangesAxes(node: Node, edit: Rewrite): boolean {
  return !isIdentity(permutationOf(edit.callOf(node)))
}

function flippedIf(source: string | null, flag: unknown): boolean {
  return (source !== null) !== (flag === 1)
}

/** Only the flags that are set, so that a graph stays readable. */
function withTransposes(scales: Attributes, transA: boolean, transB: boolean): Attributes {
  return { ...scales, ...(transA && { transA: 1 }), ...(transB && { transB: 1 }) }
}
