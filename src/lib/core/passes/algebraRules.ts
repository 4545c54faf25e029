/** Identities of algebra as small named rewrite rules. None changes a rounded result by more than the sign of a zero. */
import { reducedAxes } from '../graph/inferElements'
import { slicesOf } from '../graph/inferLayout'
import { opNames, type OpName } from '../graph/opNames'
import { ops } from '../graph/ops'
import type { Constant, Node } from '../graph/types'
import type { Shape } from '../util/shapes'
import { resultOf, isSameType, type Draft, type Rewrite, type Rule } from './rewrite'

/** A rule, tried on nodes of these operators. */
export interface AlgebraRule {
  readonly name: string
  readonly ops: readonly OpName[]
  readonly rewrite: Rule
}

const reductions: readonly OpName[] = ['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSum']

const elementwise = opNames.filter((op) => ops[op].isElementwise)

const broadcasting = elementwise.filter((op) => ops[op].operands.max > 1)

/** ONNX Runtime's WebGPU kernel of Pow fails on operands that stretch, so the trace expands them. */
const stretching = broadcasting.filter((op) => op !== 'Pow')

/** In the order in which they are tried. */
export const algebraRules: readonly AlgebraRule[] = [
  { name: 'a broadcast operand need not be expanded', ops: stretching, rewrite: dropExpansion },
  { name: 'f(expanded x) = expanded f(x)', ops: elementwise, rewrite: expandLater },
  { name: 'a constant of equal elements is a scalar', ops: broadcasting, rewrite: shrinkUniformConstant },
  { name: 'x · 1 = x, x + 0 = x', ops: ['Add', 'And', 'Mul', 'Or'], rewrite: dropNeutralOperand },
  { name: 'x / 1 = x, x − 0 = x, x¹ = x', ops: ['Div', 'Pow', 'Sub'], rewrite: dropNeutralRight },
  { name: '−(−x) = x, ¬¬x = x', ops: ['Neg', 'Not'], rewrite: dropDoubleNegation },
  { name: '−(a − b) = b − a, −(x · c) = x · (−c)', ops: ['Neg'], rewrite: absorbNegation },
  { name: 'x · (−1) = −x', ops: ['Mul'], rewrite: negateInsteadOfMul },
  { name: 'a + (−b) = a − b', ops: ['Add', 'Sub'], rewrite: absorbNegatedTerm },
  { name: '(−x) · c = x · (−c), (−a) · (−b) = a · b', ops: ['Mul'], rewrite: absorbNegatedFactor },
  { name: 'x / 2ᵏ = x · 2⁻ᵏ', ops: ['Div'], rewrite: mulInsteadOfDiv },
  { name: '(x · c) · 2ᵏ = x · (c · 2ᵏ)', ops: ['Mul'], rewrite: mergeFactors },
  { name: 'a cast to the same type is none', ops: ['Cast'], rewrite: dropCast },
  { name: 'a choice that is known', ops: ['Where'], rewrite: dropChoice },
  { name: 'max(x, x) = x', ops: ['And', 'Max', 'Min', 'Or'], rewrite: dropEqualOperands },
  { name: 'a reduction of single elements is a reshape', ops: reductions, rewrite: reshapeInsteadOfReduce },
  {
    name: 'a layout operator that changes nothing',
    ops: ['Concat', 'Expand', 'Pad', 'Slice', 'Tile'],
    rewrite: dropIdleLayout,
  },
]

const operand = (node: Node, index: number): string => node.inputs[index] ?? ''

const uniformValues = new WeakMap<Constant, number | null>()

/** The value that all elements of a constant have; null where they differ or the value is not constant. */
export function uniformValue(edit: Rewrite, name: string): number | null {
  const constant = edit.constantOf(name)
  if (constant === undefined) return null
  const known = uniformValues.get(constant)
  if (known !== undefined) return known
  const [first] = constant.data
  const isUniform = first !== undefined && constant.data.every((value) => Object.is(value, first))
  const value = isUniform ? first : null
  uniformValues.set(constant, value)
  return value
}

/** The value itself, expanded where broadcasting made the result larger. */
function asResult(node: Node, name: string, edit: Rewrite): string | Draft {
  const result = resultOf(node)
  if (isSameType(edit.typeOf(name), result)) return name
  return { op: 'Expand', inputs: [name, edit.ints(result.shape)] }
}

/** Whether operands of these shapes broadcast to the node's result. */
function givesResult(node: Node, shapes: readonly Shape[]): boolean {
  const wanted = resultOf(node).shape
  const stretches = (axis: number, size: number) =>
    shapes.some((shape) => (shape[axis - wanted.length + shape.length] ?? 1) === size)
  return (
    shapes.some(({ length }) => length === wanted.length) &&
    wanted.every((size, axis) => stretches(axis, size))
  )
}

/** The first attempt that succeeds, over the operands in order. */
function firstOperand<T>(node: Node, attempt: (name: string, index: number) => T | null): T | null {
  for (const [index, name] of node.inputs.entries()) {
    const made = attempt(name, index)
    if (made !== null) return made
  }
  return null
}

function shapesWith(node: Node, index: number, shape: Shape, edit: Rewrite): Shape[] {
  return node.inputs.map((name, at) => (at === index ? shape : edit.typeOf(name).shape))
}

/** Expand, Tile of single elements, and Reshape that only puts 1s in front: broadcasting does the same. */
function dropExpansion(node: Node, edit: Rewrite): Draft | null {
  return firstOperand(node, (name, index) => {
    const source = expandedBy(name, edit)
    if (source === null || !givesResult(node, shapesWith(node, index, edit.typeOf(source).shape, edit)))
      return null
    return { ...node, inputs: node.inputs.with(index, source) }
  })
}

/** What a value is expanded from by broadcasting; null where it is made otherwise. */
function expandedBy(name: string, edit: Rewrite): string | null {
  const node = edit.producerOf(name)
  if (node === undefined || !['Expand', 'Reshape', 'Tile'].includes(node.op)) return null
  const source = operand(node, 0)
  if (node.op === 'Expand') return source
  const from = edit.typeOf(source).shape
  const to = edit.typeOf(name).shape
  const added = to.length - from.length
  const isAsBefore = (size: number, axis: number) => size === (axis < added ? 1 : from[axis - added])
  const isOneOrAsBefore = (size: number, axis: number) => from[axis] === 1 || size === from[axis]
  const isExpansion = node.op === 'Reshape' ? added >= 0 && to.every(isAsBefore) : to.every(isOneOrAsBefore)
  return isExpansion ? source : null
}

/** Computes on the small operand and expands the result, which a later node may find needless. */
function expandLater(node: Node, edit: Rewrite): Draft | null {
  return firstOperand(node, (name, index) => {
    const producer = edit.madeBy('Expand', name)
    if (producer === undefined || !edit.isUsedOnce(name)) return null
    const isSingle = (other: string) => other === '' || edit.typeOf(other).shape.length === 0
    if (!node.inputs.every((other, at) => at === index || isSingle(other))) return null
    const small = edit.emit({ ...node, inputs: node.inputs.with(index, operand(producer, 0)) })
    return { op: 'Expand', inputs: [small, edit.ints(resultOf(node).shape)] }
  })
}

function shrinkUniformConstant(node: Node, edit: Rewrite): Draft | null {
  return firstOperand(node, (name, index) => {
    const constant = edit.constantOf(name)
    if (constant === undefined || constant.shape.length === 0 || uniformValue(edit, name) === null)
      return null
    if (!givesResult(node, shapesWith(node, index, [], edit))) return null
    const scalar = edit.constant(constant.data.slice(0, 1), constant.dtype, [])
    return { ...node, inputs: node.inputs.with(index, scalar) }
  })
}

const neutral: Partial<Record<OpName, number>> = { Add: 0, And: 1, Div: 1, Mul: 1, Or: 0, Pow: 1, Sub: 0 }

function dropNeutralOperand(node: Node, edit: Rewrite): string | Draft | null {
  return firstOperand(node, (name, index) =>
    uniformValue(edit, name) === neutral[node.op] ? asResult(node, operand(node, 1 - index), edit) : null,
  )
}

function dropNeutralRight(node: Node, edit: Rewrite): string | Draft | null {
  const isNeutral = uniformValue(edit, operand(node, 1)) === neutral[node.op]
  return isNeutral ? asResult(node, operand(node, 0), edit) : null
}

function dropDoubleNegation(node: Node, edit: Rewrite): string | null {
  const inner = edit.madeBy(node.op, operand(node, 0))
  return inner ? operand(inner, 0) : null
}

function absorbNegation(node: Node, edit: Rewrite): Draft | null {
  const name = operand(node, 0)
  if (!edit.isUsedOnce(name)) return null
  const difference = edit.madeBy('Sub', name)
  if (difference) return { op: 'Sub', inputs: difference.inputs.toReversed() }
  const product = edit.madeBy('Mul', name)
  return product ? withFactor(product, edit, (factor) => -factor) : null
}

/** The product with its scalar constant changed; null where it has none. */
function withFactor(product: Node, edit: Rewrite, change: (factor: number) => number): Draft | null {
  return firstOperand(product, (name, index) => {
    const constant = edit.constantOf(name)
    if (constant?.dtype !== 'float32' || constant.shape.length > 0) return null
    const factor = edit.constant(Float32Array.from(constant.data, change), 'float32', [])
    return { op: 'Mul', inputs: [operand(product, 1 - index), factor] }
  })
}

function negateInsteadOfMul(node: Node, edit: Rewrite): Draft | null {
  return firstOperand(node, (name, index) => {
    const other = operand(node, 1 - index)
    const isNegation = uniformValue(edit, name) === -1 && isSameType(edit.typeOf(other), resultOf(node))
    return isNegation ? { op: 'Neg', inputs: [other] } : null
  })
}

function absorbNegatedTerm({ op, inputs: [a = '', b = ''] }: Node, edit: Rewrite): Draft | null {
  const right = edit.madeBy('Neg', b)
  if (right) return { op: op === 'Add' ? 'Sub' : 'Add', inputs: [a, operand(right, 0)] }
  const left = op === 'Add' ? edit.madeBy('Neg', a) : undefined
  return left ? { op: 'Sub', inputs: [b, operand(left, 0)] } : null
}

function absorbNegatedFactor(node: Node, edit: Rewrite): Draft | null {
  const [a, b] = [edit.madeBy('Neg', operand(node, 0)), edit.madeBy('Neg', operand(node, 1))]
  if (a && b) return { op: 'Mul', inputs: [operand(a, 0), operand(b, 0)] }
  const negation = a ?? b
  const draft = negation ? withFactor(node, edit, (factor) => -factor) : null
  return negation && draft ? { ...draft, inputs: draft.inputs.with(0, operand(negation, 0)) } : null
}

/** Scaling by a power of two does not round, but for results too small or large for float32. */
function isPowerOfTwo(value: number): boolean {
  return Number.isFinite(value) && value !== 0 && Number.isInteger(Math.log2(Math.abs(value)))
}

function mulInsteadOfDiv(node: Node, edit: Rewrite): Draft | null {
  const divisor = edit.constantOf(operand(node, 1))
  const value = uniformValue(edit, operand(node, 1))
  if (divisor?.dtype !== 'float32' || divisor.shape.length > 0 || value === null || !isPowerOfTwo(value))
    return null
  return { op: 'Mul', inputs: [operand(node, 0), edit.constant(Float32Array.of(1 / value), 'float32', [])] }
}

function mergeFactors(node: Node, edit: Rewrite): Draft | null {
  return firstOperand(node, (name, index) => {
    const outer = uniformValue(edit, name)
    const inner = edit.madeBy('Mul', operand(node, 1 - index))
    if (outer === null || !inner || edit.constantOf(name)?.shape.length !== 0) return null
    if (!edit.isUsedOnce(resultOf(inner).name)) return null
    const innerFactor = firstOperand(inner, (factor) => uniformValue(edit, factor))
    if (innerFactor === null || !(isPowerOfTwo(outer) || isPowerOfTwo(innerFactor))) return null
    return withFactor(inner, edit, (factor) => factor * outer)
  })
}

/** A cast to the same type; of casts from bool, the last alone, since 0 and 1 are the same in every type. */
function dropCast(node: Node, edit: Rewrite): string | Draft | null {
  const name = operand(node, 0)
  if (isSameType(edit.typeOf(name), resultOf(node))) return name
  const inner = edit.madeBy('Cast', name)
  if (!inner || edit.typeOf(operand(inner, 0)).dtype !== 'bool') return null
  return { op: 'Cast', inputs: [operand(inner, 0)], attributes: node.attributes }
}

function dropChoice(node: Node, edit: Rewrite): string | Draft | null {
  const [condition = '', a = '', b = ''] = node.inputs
  const known = uniformValue(edit, condition)
  if (known !== null) return asResult(node, known === 0 ? b : a, edit)
  if (a === b) return asResult(node, a, edit)
  const negation = edit.madeBy('Not', condition)
  return negation ? { op: 'Where', inputs: [operand(negation, 0), b, a] } : null
}

function dropEqualOperands({ inputs: [a = '', b] }: Node): string | null {
  return a === b ? a : null
}

function reshapeInsteadOfReduce(node: Node, edit: Rewrite): Draft | null {
  const { shape } = edit.typeOf(operand(node, 0))
  if (!reducedAxes(edit.callOf(node)).every((axis) => shape[axis] === 1)) return null
  return { op: 'Reshape', inputs: [operand(node, 0), edit.ints(resultOf(node).shape)] }
}

function dropIdleLayout(node: Node, edit: Rewrite): string | null {
  const [first = ''] = node.inputs
  const isIdle =
    isSameType(edit.typeOf(first), resultOf(node)) && (node.op !== 'Slice' || !isReversed(node, edit))
  return isIdle ? first : null
}

function isReversed(node: Node, edit: Rewrite): boolean {
  return slicesOf(edit.callOf(node)).some(({ step }) => step < 0)
}
