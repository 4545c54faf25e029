/** What `ops.ts` says of one operator, and how a rule reads the operands and attributes of a call. */
import { GraphError, ShapeError } from '../util/errors'
import { printShape, type Shape } from '../util/shapes'
import type { OpName } from './opNames'
import type { AttributeValue, ConstantData, DType, TensorType } from './types'

/** What an attribute of an operator holds. */
export type AttributeKind = 'int' | 'float' | 'ints' | 'floats' | 'string'

/** Without a default and not required: ONNX derives the value, as with `perm` of Transpose. */
export interface AttributeRule {
  readonly kind: AttributeKind
  readonly default?: AttributeValue
  readonly isRequired?: true
}

/** Type of an operand, with its data where it is a constant. */
export type Operand = TensorType & { readonly data?: ConstantData }

/** Attributes of a node by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** One use of an operator; the attributes have their defaults filled in. */
export interface Call {
  readonly op: OpName
  readonly operands: readonly (Operand | undefined)[]
  readonly attributes: Attributes
}

/** What an operator takes and gives. */
export interface OpRule {
  readonly operands: { readonly min: number; readonly max: number }
  readonly attributes: Readonly<Record<string, AttributeRule>>
  /** Each element of the output depends on one element of each operand, after broadcasting. */
  readonly isElementwise: boolean
  /** Types of the outputs. Throws ShapeError. */
  readonly infer: (call: Call) => readonly TensorType[]
}

/** The error of a call whose operands do not fit. */
export function mismatch({ op }: Pick<Call, 'op'>, expected: string, got: string, fix: string): ShapeError {
  return new ShapeError(`${op}: expected ${expected}, got ${got}. ${fix}`)
}

/** A type as people write it: `float32[32, 10]`. */
export function printType({ dtype, shape }: TensorType): string {
  return `${dtype}${printShape(shape)}`
}

/** The operand at `index`. Throws ShapeError where it is left out. */
export function operandAt(call: Call, index: number): Operand {
  const operand = call.operands[index]
  if (operand === undefined) throw mismatch(call, `operand ${index + 1}`, 'none', 'Give the operand.')
  return operand
}

/** Operands that are not left out. */
export function operandsOf({ operands }: Call): readonly Operand[] {
  return operands.filter((operand) => operand !== undefined)
}

/** Throws ShapeError unless the operand has one of the element types. */
export function expectDType(call: Call, operand: Operand, dtypes: readonly DType[]): void {
  if (dtypes.includes(operand.dtype)) return
  throw mismatch(call, dtypes.join(' or '), printType(operand), 'Insert a Cast.')
}

/** Throws ShapeError unless the operand has that many axes. */
export function expectRank(call: Call, operand: Operand, rank: number, axes: string): void {
  if (operand.shape.length === rank) return
  throw mismatch(call, axes, printShape(operand.shape), 'Reshape the operand.')
}

/** Data of an integer operand that has to be a constant; undefined where it is left out. */
export function constantInts(call: Call, index: number): readonly number[] | undefined {
  const operand = call.operands[index]
  if (operand === undefined) return undefined
  expectDType(call, operand, ['int64'])
  return Array.from(expectConstant(call, index))
}

/** Data of an operand that has to be a constant. Throws ShapeError where it is computed or left out. */
export function expectConstant(call: Call, index: number): ConstantData {
  const { data } = operandAt(call, index)
  if (data !== undefined) return data
  throw mismatch(call, `a constant as operand ${index + 1}`, 'a computed value', 'Give it when tracing.')
}

/** Like `constantInts`, of an operand that is needed. */
export function requiredInts(call: Call, index: number): readonly number[] {
  operandAt(call, index)
  return constantInts(call, index) ?? []
}

/** An axis counted from the front. Throws ShapeError where the shape has no such axis. */
export function axisOf(call: Call, axis: number, rank: number): number {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis
  throw mismatch(call, `an axis of ${rank}`, String(axis), `Choose one from ${-rank} to ${rank - 1}.`)
}

/** Size of an axis that exists. */
export function sizeAt(shape: Shape, axis: number): number {
  const size = shape[axis]
  if (size === undefined) throw new GraphError(`internal: expected axis ${axis}, got ${printShape(shape)}.`)
  return size
}

/** An attribute of kind `int` or `float`. */
export function numberAttribute(call: Call, name: string): number {
  const value = call.attributes[name]
  if (typeof value === 'number') return value
  throw wrongAttribute(call, name, 'a number')
}

/** An attribute of kind `ints` or `floats`; undefined where it is left out. */
export function listAttribute(call: Call, name: string): readonly number[] | undefined {
  const value = call.attributes[name]
  if (value === undefined || typeof value === 'object') return value
  throw wrongAttribute(call, name, 'a list of numbers')
}

/** An attribute of kind `string`. */
export function textAttribute(call: Call, name: string): string {
  const value = call.attributes[name]
  if (typeof value === 'string') return value
  throw wrongAttribute(call, name, 'a text')
}

function wrongAttribute({ op, attributes }: Call, name: string, expected: string): GraphError {
  return new GraphError(`internal: ${op}: expected ${expected} as ${name}, got ${String(attributes[name])}.`)
}
