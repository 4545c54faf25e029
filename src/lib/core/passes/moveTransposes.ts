/** Moves transposes from operands to results, towards others that undo them. Rules for `cancelLayoutChanges`. */
import { at } from '../util/at'
import { reducedAxes } from '../graph/inferElements'
import { permutationOf } from '../graph/inferLayout'
import { constantInts, numberAttribute } from '../graph/opRule'
import type { OpName } from '../graph/opNames'
import { ops } from '../graph/ops'
import type { Node } from '../graph/types'
import { compose, inverse, isIdentity, permute, type Permutation } from './permutations'
import { resultOf, type Draft, type Rewrite, type Rule } from './rewrite'

/**
 * What a move may cost elsewhere. `free`: operands without a transpose must be constants, inputs, or have their
 * elements on one axis. `any`: such an operand gets the inverse transpose, which may pay further down.
 */
export type Reach = 'free' | 'any'

/** Matrices are left to `fuseGemm`, which takes their transposes for nothing. */
const leastRank = 3

/** f(Transpose(x), ..) as Transpose(f(x, ..)); transposes of transposes become one. */
export function moveTransposes(reach: Reach): Rule {
  return (node, edit) => {
    if (node.op === 'Transpose') return mergeTransposes(node, edit) ?? beforeExpand(node, edit)
    // Updates stay in the variables' own layout, in which `packStates` finds them alike.
    if (node.origin.phase === 'update') return null
    const found = transposedOperand(node, edit)
    if (found === null) return null
    if (ops[node.op].isElementwise) return pastElementwise(node, found, reach, edit)
    return pastOperator[node.op]?.(node, found, edit, reach) ?? null
  }
}

type Move = (node: Node, found: Found, edit: Rewrite, reach: Reach) => Draft | null

interface Found {
  readonly perm: Permutation
  /** What the first transposed operand is the transpose of. */
  readonly source: string
}

const pastOperator: Partial<Record<OpName, Move>> = {
  ArgMax: pastArgMax,
  Concat: pastConcat,
  Pad: pastPad,
  ReduceMax: pastReduce,
  ReduceMean: pastReduce,
  ReduceMin: pastReduce,
  ReduceProd: pastReduce,
  ReduceSum: pastReduce,
  Softmax: pastSoftmax,
}

/** The axes' order and the source of a value made by Transpose. */
function transposeOf(name: string, edit: Rewrite): Found | null {
  const node = edit.madeBy('Transpose', name)
  const [source = ''] = node?.inputs ?? []
  return node ? { perm: permutationOf(edit.callOf(node)), source } : null
}

/** Axis i of Transpose(q, Transpose(p, x)) is axis p[q[i]] of x. */
export function mergeTransposes(node: Node, edit: Rewrite): string | Draft | null {
  const [name = ''] = node.inputs
  const perm = permutationOf(edit.callOf(node))
  if (isIdentity(perm)) return name
  const inner = transposeOf(name, edit)
  return inner && transposed(inner.source, compose(inner.perm, perm))
}

/** Transpose(Expand(x)) = Expand(Transpose(x)), which moves fewer elements. */
function beforeExpand(node: Node, edit: Rewrite): Draft | null {
  const perm = permutationOf(edit.callOf(node))
  const [source] = edit.madeBy('Expand', node.inputs[0] ?? '')?.inputs ?? []
  if (source === undefined || perm.length < leastRank) return null
  const small = permuted(source, inverse(perm), edit)
  return { op: 'Expand', inputs: [small, edit.ints(resultOf(node).shape)] }
}

function transposed(source: string, perm: Permutation): Draft {
  return { op: 'Transpose', inputs: [source], attributes: { perm } }
}

function emitTransposed(source: string, perm: Permutation, edit: Rewrite): string {
  return isIdentity(perm) ? source : edit.emit(transposed(source, perm))
}

/** The first operand of the result's rank that is a transpose. */
function transposedOperand(node: Node, edit: Rewrite): Found | null {
  for (const name of node.inputs) {
    const found = name === '' ? null : transposeOf(name, edit)
    if (found === null || found.perm.length < leastRank) continue
    if (!ops[node.op].isElementwise || found.perm.length === resultOf(node).shape.length) return found
  }
  return null
}

function pastElementwise(node: Node, { perm }: Found, reach: Reach, edit: Rewrite): Draft | null {
  if (!node.inputs.every((name) => canPermute(name, perm, reach, edit))) return null
  const inputs = node.inputs.map((name) => permuted(name, perm, edit))
  return transposed(edit.emit({ ...node, inputs }), perm)
}

function isSingle(name: string, edit: Rewrite): boolean {
  return edit.typeOf(name).shape.every((size) => size === 1)
}

function canPermute(name: string, perm: Permutation, reach: Reach, edit: Rewrite): boolean {
  if (name === '' || reach === 'any' || edit.producerOf(name) === undefined) return true
  const found = transposeOf(name, edit)
  if (found?.perm.join() === perm.join()) return true
  return edit.typeOf(name).shape.filter((size) => size !== 1).length <= 1
}

/** The operand whose Transpose(perm) is the operand, its axes filled up in front by 1s. */
function permuted(name: string, perm: Permutation, edit: Rewrite): string {
  if (name === '' || isSingle(name, edit)) return name
  const found = transposeOf(name, edit)
  if (found?.perm.join() === perm.join()) return found.source
  const { shape } = edit.typeOf(name)
  const whole = [...new Array<number>(perm.length - shape.length).fill(1), ...shape]
  const back = inverse(perm)
  if (shape.filter((size) => size !== 1).length <= 1) return reshaped(name, permute(whole, back), edit)
  return emitTransposed(reshaped(name, whole, edit), back, edit)
}

function reshaped(name: string, shape: readonly number[], edit: Rewrite): string {
  const isSame = edit.typeOf(name).shape.join() === shape.join()
  return isSame ? name : edit.emit({ op: 'Reshape', inputs: [name, edit.ints(shape)] })
}

/** Axis a of Transpose(perm, x) is axis perm[a] of x; axes that remain may end up in another order. */
function pastReduce(node: Node, { perm, source }: Found, edit: Rewrite): Draft {
  const call = edit.callOf(node)
  const axes = reducedAxes(call)
  const inner = permute(perm, axes).sort((a, b) => a - b)
  const keepdims = numberAttribute(call, 'keepdims')
  const draft: Draft =
    node.op === 'ReduceSum'
      ? { op: node.op, inputs: [source, edit.ints(inner)], attributes: { keepdims } }
      : { op: node.op, inputs: [source], attributes: { axes: inner, keepdims } }
  return keepdims === 1 ? transposed(edit.emit(draft), perm) : afterDropping(draft, axes, perm, edit)
}

function afterDropping(draft: Draft, axes: readonly number[], perm: Permutation, edit: Rewrite): Draft {
  const kept = perm.filter((_, axis) => !axes.includes(axis))
  const sorted = kept.toSorted((a, b) => a - b)
  const order = kept.map((axis) => sorted.indexOf(axis))
  return isIdentity(order) ? draft : transposed(edit.emit(draft), order)
}

function pastArgMax(node: Node, { perm, source }: Found, edit: Rewrite): Draft {
  const call = edit.callOf(node)
  const keepdims = numberAttribute(call, 'keepdims')
  const axis = fromFront(numberAttribute(call, 'axis'), perm)
  const draft: Draft = { op: 'ArgMax', inputs: [source], attributes: { axis: at(perm, axis), keepdims } }
  return keepdims === 1 ? transposed(edit.emit(draft), perm) : afterDropping(draft, [axis], perm, edit)
}

function fromFront(axis: number, perm: Permutation): number {
  return axis < 0 ? axis + perm.length : axis
}

function pastSoftmax(node: Node, { perm, source }: Found, edit: Rewrite): Draft {
  const axis = at(perm, fromFront(numberAttribute(edit.callOf(node), 'axis'), perm))
  return transposed(edit.emit({ op: 'Softmax', inputs: [source], attributes: { axis } }), perm)
}

function pastConcat(node: Node, { perm }: Found, edit: Rewrite, reach: Reach): Draft | null {
  const isMovable = (name: string) => transposeOf(name, edit)?.perm.join() === perm.join()
  if (reach === 'free' && !node.inputs.every(isMovable)) return null
  const back = inverse(perm)
  const inputs = node.inputs.map((name) => {
    const found = transposeOf(name, edit)
    return found && isMovable(name) ? found.source : emitTransposed(name, back, edit)
  })
  const axis = at(perm, fromFront(numberAttribute(edit.callOf(node), 'axis'), perm))
  return transposed(edit.emit({ op: 'Concat', inputs, attributes: { axis } }), perm)
}

function pastPad(node: Node, { perm, source }: Found, edit: Rewrite): Draft {
  const pads = constantInts(edit.callOf(node), 1) ?? []
  const [before, after] = [pads.slice(0, perm.length), pads.slice(perm.length)]
  const back = inverse(perm)
  const inner = edit.ints([...permute(before, back), ...permute(after, back)])
  return transposed(edit.emit({ ...node, inputs: [source, inner, ...node.inputs.slice(2)] }), perm)
}
