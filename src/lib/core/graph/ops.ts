/** What each operator takes and gives: one entry per operator, after the ONNX specification at opset 17. */
import { GraphError } from '../util/errors'
import {
  elements,
  inferArgMax,
  inferCast,
  inferClip,
  inferCumSum,
  inferGemm,
  inferMatMul,
  inferPow,
  inferSoftmax,
  inferWhere,
  reduction,
} from './inferElements'
import {
  inferConcat,
  inferExpand,
  inferGather,
  inferGatherND,
  inferPad,
  inferReshape,
  inferScatterElements,
  inferScatterND,
  inferSlice,
  inferSplit,
  inferTile,
  inferTranspose,
} from './inferLayout'
import { inferConv, inferConvTranspose, inferPool } from './inferWindows'
import {
  mismatch,
  operandAt,
  type AttributeKind,
  type AttributeRule,
  type Attributes,
  type Call,
  type OpRule,
} from './opRule'
import type { OpName } from './opNames'
import type { AttributeValue, DType, TensorType } from './types'

type AttributeRules = Readonly<Record<string, AttributeRule>>

const float: readonly DType[] = ['float32']
const numeric: readonly DType[] = ['float32', 'int32', 'int64']
const logical: readonly DType[] = ['bool']
const anyType: readonly DType[] = ['float32', 'int32', 'int64', 'bool']

const int = (byDefault: number): AttributeRule => ({ kind: 'int', default: byDefault })
const real = (byDefault: number): AttributeRule => ({ kind: 'float', default: byDefault })
const text = (byDefault: string): AttributeRule => ({ kind: 'string', default: byDefault })
const requiredInt: AttributeRule = { kind: 'int', isRequired: true }
const ints: AttributeRule = { kind: 'ints' }

function elementwise(count: number, infer: OpRule['infer'], attributes: AttributeRules = {}): OpRule {
  return { operands: { min: count, max: count }, attributes, isElementwise: true, infer }
}
const unary = (dtypes: readonly DType[], attributes: AttributeRules = {}): OpRule =>
  elementwise(1, elements(dtypes), attributes)
const binary = (dtypes: readonly DType[], result?: DType): OpRule => elementwise(2, elements(dtypes, result))
const variadic = (dtypes: readonly DType[]): OpRule => ({
  ...unary(dtypes),
  operands: { min: 1, max: Infinity },
})

function op(min: number, max: number, infer: OpRule['infer'], attributes: AttributeRules = {}): OpRule {
  return { operands: { min, max }, attributes, isElementwise: false, infer }
}
const reduce = (dtypes: readonly DType[]): OpRule =>
  op(1, 1, reduction(dtypes), { axes: ints, keepdims: int(1) })

const convolution: AttributeRules = {
  dilations: ints,
  group: int(1),
  kernel_shape: ints,
  pads: ints,
  strides: ints,
}
const pooling: AttributeRules = {
  kernel_shape: { kind: 'ints', isRequired: true },
  pads: ints,
  strides: ints,
}

/** The rule of each operator. */
export const ops: { readonly [Op in OpName]: OpRule } = {
  Abs: unary(numeric),
  Ceil: unary(float),
  Cos: unary(float),
  Elu: unary(float, { alpha: real(1) }),
  Erf: unary(float),
  Exp: unary(float),
  Floor: unary(float),
  LeakyRelu: unary(float, { alpha: real(0.01) }),
  Log: unary(float),
  Neg: unary(numeric),
  Not: unary(logical),
  Reciprocal: unary(float),
  Relu: unary(numeric),
  Round: unary(float),
  Selu: unary(float, { alpha: real(1.6732632423543772), gamma: real(1.0507009873554805) }),
  Sigmoid: unary(float),
  Sin: unary(float),
  Softplus: unary(float),
  Sqrt: unary(float),
  Tanh: unary(float),
  Cast: elementwise(1, inferCast, { to: requiredInt }),
  Clip: { operands: { min: 1, max: 3 }, attributes: {}, isElementwise: true, infer: inferClip },

  Add: binary(numeric),
  And: binary(logical),
  Div: binary(numeric),
  Equal: binary(anyType, 'bool'),
  Greater: binary(numeric, 'bool'),
  GreaterOrEqual: binary(numeric, 'bool'),
  Less: binary(numeric, 'bool'),
  LessOrEqual: binary(numeric, 'bool'),
  Max: variadic(numeric),
  Min: variadic(numeric),
  Mul: binary(numeric),
  Or: binary(logical),
  Pow: elementwise(2, inferPow),
  Sub: binary(numeric),
  Where: elementwise(3, inferWhere),

  Gemm: op(2, 3, inferGemm, { alpha: real(1), beta: real(1), transA: int(0), transB: int(0) }),
  MatMul: op(2, 2, inferMatMul),
  Conv: op(2, 3, inferConv, convolution),
  ConvTranspose: op(2, 3, inferConvTranspose, { ...convolution, output_padding: ints }),

  ArgMax: op(1, 1, inferArgMax, { axis: int(0), keepdims: int(1) }),
  ReduceMax: reduce(numeric),
  ReduceMean: reduce(float),
  ReduceMin: reduce(numeric),
  ReduceProd: reduce(numeric),
  ReduceSum: op(1, 2, reduction(numeric), { keepdims: int(1) }),
  Softmax: op(1, 1, inferSoftmax, { axis: int(-1) }),
  CumSum: op(2, 2, inferCumSum, { exclusive: int(0), reverse: int(0) }),

  AveragePool: op(1, 1, inferPool, { ...pooling, count_include_pad: int(0) }),
  MaxPool: op(1, 1, inferPool, pooling),
  Pad: op(2, 3, inferPad, { mode: text('constant') }),

  Concat: op(1, Infinity, inferConcat, { axis: requiredInt }),
  Expand: op(2, 2, inferExpand),
  Gather: op(2, 2, inferGather, { axis: int(0) }),
  GatherND: op(2, 2, inferGatherND),
  Reshape: op(2, 2, inferReshape),
  ScatterElements: op(3, 3, inferScatterElements, { axis: int(0), reduction: text('none') }),
  ScatterND: op(3, 3, inferScatterND, { reduction: text('none') }),
  Slice: op(3, 5, inferSlice),
  Split: op(2, 2, inferSplit, { axis: int(0) }),
  Tile: op(2, 2, inferTile),
  Transpose: op(1, 1, inferTranspose, { perm: ints }),
}

/** A call with the defaults of its attributes. Throws GraphError for attributes that the operator does not have. */
export function callOf(name: OpName, operands: Call['operands'], attributes: Attributes = {}): Call {
  for (const attribute of Object.keys(attributes)) {
    if (!Object.hasOwn(ops[name].attributes, attribute)) {
      const known = Object.keys(ops[name].attributes).join(', ') || 'no attribute'
      throw new GraphError(`internal: ${name}: expected ${known}, got ${attribute}.`)
    }
  }
  const complete: Record<string, AttributeValue> = {}
  for (const [attribute, rule] of Object.entries(ops[name].attributes)) {
    const value = attributes[attribute] ?? rule.default
    if (value !== undefined && hasKind(value, rule.kind)) complete[attribute] = value
    else if (value !== undefined || rule.isRequired) throw wrongKind(name, attribute, rule, value)
  }
  return { op: name, operands, attributes: complete }
}

const isKind: { readonly [Kind in AttributeKind]: (value: AttributeValue) => boolean } = {
  int: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number',
  ints: (value) => typeof value === 'object' && value.every((one) => Number.isInteger(one)),
  floats: (value) => typeof value === 'object',
  string: (value) => typeof value === 'string',
}

function hasKind(value: AttributeValue, kind: AttributeKind): boolean {
  return isKind[kind](value)
}

function wrongKind(
  name: OpName,
  attribute: string,
  { kind }: AttributeRule,
  value: AttributeValue | undefined,
) {
  return new GraphError(`internal: ${name}: expected ${attribute} of kind ${kind}, got ${String(value)}.`)
}

/** Types of what an operator gives. Throws ShapeError, naming the operator, where the operands do not fit. */
export function inferTypes(
  name: OpName,
  operands: Call['operands'],
  attributes: Attributes = {},
): readonly TensorType[] {
  const call = callOf(name, operands, attributes)
  const { min, max } = ops[name].operands
  if (operands.length < min || operands.length > max) {
    const expected = min === max ? String(min) : `${min} to ${max}`
    throw mismatch(call, `${expected} operands`, String(operands.length), 'Check the call.')
  }
  for (let index = 0; index < min; index++) operandAt(call, index)
  return ops[name].infer(call)
}
