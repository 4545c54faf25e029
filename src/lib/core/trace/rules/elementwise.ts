/** Rules of kernels that work element by element, with broadcasting. The formula stands beside each that needs one. */
import { tf } from '../../eager/tfjs'
import type { OpName } from '../../graph/opNames'
import type { Value } from '../../graph/types'
import { sizeOf } from '../../util/shapes'
import type { KernelCall, Rule } from '../kernelCall'

const unary =
  (op: OpName): Rule =>
  (call) =>
    call.add(op, [call.input('x')])

/** Of operators that know real numbers only. */
const real =
  (op: OpName): Rule =>
  (call) =>
    call.add(op, [call.cast(call.input('x'), 'float32')])

const binary =
  (op: OpName): Rule =>
  (call) =>
    call.add(op, [call.input('a'), call.input('b')])

/** Truth values are ordered as 0 and 1. */
const order =
  (op: OpName): Rule =>
  (call) =>
    call.add(op, [numbers(call, call.input('a')), numbers(call, call.input('b'))])

/** Truth values as 0 and 1. */
export function numbers(call: KernelCall, x: Value): Value {
  return x.dtype === 'bool' ? call.cast(x, 'int32') : x
}

/** 1 where x > 0, `alpha` elsewhere; tfjs uses it for the gradients of relu and abs. */
function step(call: KernelCall): Value {
  const x = call.input('x')
  const isPositive = call.add('Greater', [x, call.scalar(0, x.dtype)])
  const alpha = call.attribute<number | undefined>('alpha') ?? 0
  if (alpha === 0) return call.cast(isPositive, x.dtype)
  return call.add('Where', [isPositive, call.scalar(1, x.dtype), call.scalar(alpha, x.dtype)])
}

/** [x > 0] − [x < 0]. ONNX Runtime's own Sign would leave WebGPU for the CPU. */
function sign(call: KernelCall): Value {
  const x = call.input('x')
  const zero = call.scalar(0, x.dtype)
  const isTrue = (op: OpName) => call.cast(call.add(op, [x, zero]), x.dtype)
  return call.add('Sub', [isTrue('Greater'), isTrue('Less')])
}

/** dy · (y > 0 ? 1 : y + 1), from the output y of elu. */
function eluGrad(call: KernelCall): Value {
  const y = call.input('y')
  const isPositive = call.add('Greater', [y, call.scalar(0)])
  const slope = call.add('Where', [isPositive, call.scalar(1), call.add('Add', [y, call.scalar(1)])])
  return call.add('Mul', [call.input('dy'), slope])
}

/** x > 0 ? x : alpha · x, with one alpha for each channel. */
export function prelu(call: KernelCall, x: Value, alpha: Value): Value {
  const isPositive = call.add('Greater', [x, call.scalar(0)])
  return call.add('Where', [isPositive, x, call.add('Mul', [x, alpha])])
}

/** min(max(x, low), high) */
export function clip(call: KernelCall, x: Value, low: number, high: number): Value {
  return call.add('Clip', [x, call.scalar(low, x.dtype), call.scalar(high, x.dtype)])
}

/** ⌊a / b⌋ */
function floorOfQuotient(call: KernelCall, a: Value, b: Value): Value {
  return call.add('Floor', [call.add('Div', [call.cast(a, 'float32'), call.cast(b, 'float32')])])
}

/** a − b · ⌊a / b⌋, of the sign of b. */
function remainder(call: KernelCall): Value {
  const [a, b] = [call.input('a'), call.input('b')]
  const whole = call.cast(floorOfQuotient(call, a, b), a.dtype)
  return call.add('Sub', [a, call.add('Mul', [b, whole])])
}

/** aᵇ. ONNX Runtime's WebGPU shader fails on operands, other than scalars, that stretch along the last axis. */
function power(call: KernelCall): Value {
  const [a, b] = [call.input('a'), call.input('b')]
  const shape = tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape])
  const stretched = (x: Value): Value =>
    x.shape.at(-1) === shape.at(-1) || sizeOf(x.shape) === 1 ? x : call.add('Expand', [x, call.int64(shape)])
  return call.add('Pow', [stretched(a), stretched(b)])
}

/** offset + (x − mean) · scale / √(variance + ε), with moments that are operands. */
function normalize(call: KernelCall): Value {
  const epsilon = call.scalar(call.attribute<number | undefined>('varianceEpsilon') ?? 0.001)
  const centred = call.add('Sub', [call.input('x'), call.input('mean')])
  const deviation = call.add('Sqrt', [call.add('Add', [call.input('variance'), epsilon])])
  const [scale, offset] = [call.optional('scale'), call.optional('offset')]
  const scaled = scale ? call.add('Mul', [centred, scale]) : centred
  const normal = call.add('Div', [scaled, deviation])
  return offset ? call.add('Add', [normal, offset]) : normal
}

/** (eˣ ± e⁻ˣ) / 2 */
const hyperbolic =
  (op: 'Add' | 'Sub'): Rule =>
  (call) => {
    const x = call.cast(call.input('x'), 'float32')
    const sum = call.add(op, [call.add('Exp', [x]), call.add('Exp', [call.add('Neg', [x])])])
    return call.add('Mul', [sum, call.scalar(0.5)])
  }

function isInfinite(call: KernelCall): Value {
  const x = call.cast(call.input('x'), 'float32')
  return call.add('Equal', [call.add('Abs', [x]), call.scalar(Infinity)])
}

/** Rules of what works on elements. */
export const elementwiseRules: Readonly<Record<string, Rule>> = {
  Abs: unary('Abs'),
  Ceil: real('Ceil'),
  Cos: real('Cos'),
  Elu: real('Elu'),
  Erf: real('Erf'),
  Exp: real('Exp'),
  Floor: real('Floor'),
  Log: real('Log'),
  LogicalNot: unary('Not'),
  Neg: unary('Neg'),
  Reciprocal: real('Reciprocal'),
  Relu: unary('Relu'),
  Round: real('Round'),
  Selu: real('Selu'),
  Sigmoid: real('Sigmoid'),
  Sign: sign,
  Sin: real('Sin'),
  Softplus: real('Softplus'),
  Sqrt: real('Sqrt'),
  Tanh: real('Tanh'),

  Add: binary('Add'),
  Equal: binary('Equal'),
  Greater: order('Greater'),
  GreaterEqual: order('GreaterOrEqual'),
  Less: order('Less'),
  LessEqual: order('LessOrEqual'),
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Mod: remainder,
  Multiply: binary('Mul'),
  Pow: power,
  RealDiv: binary('Div'),
  Sub: binary('Sub'),

  Cosh: hyperbolic('Add'),
  Sinh: hyperbolic('Sub'),
  // eˣ − 1
  Expm1: (call) => call.add('Sub', [call.add('Exp', [call.input('x')]), call.scalar(1)]),
  FloorDiv: (call) => call.cast(floorOfQuotient(call, call.input('a'), call.input('b')), 'int32'),
  // log(1 + x)
  Log1p: (call) => call.add('Log', [call.add('Add', [call.input('x'), call.scalar(1)])]),
  // sin x / cos x
  Tan: (call) => call.add('Div', [call.add('Sin', [call.input('x')]), call.add('Cos', [call.input('x')])]),
  // 1 / √x
  Rsqrt: (call) => call.add('Reciprocal', [call.add('Sqrt', [call.input('x')])]),
  // x · x
  Square: (call) => call.add('Mul', [call.input('x'), call.input('x')]),
  // (a − b)²
  SquaredDifference: (call) => {
    const difference = call.add('Sub', [call.input('a'), call.input('b')])
    return call.add('Mul', [difference, difference])
  },
  NotEqual: (call) => call.add('Not', [call.add('Equal', [call.input('a'), call.input('b')])]),
  // Only NaN differs from itself.
  IsNan: (call) => call.add('Not', [call.add('Equal', [call.input('x'), call.input('x')])]),
  IsInf: isInfinite,
  // |x| < ∞, which NaN is not
  IsFinite: (call) =>
    call.add('Less', [call.add('Abs', [call.cast(call.input('x'), 'float32')]), call.scalar(Infinity)]),

  Relu6: (call) => clip(call, call.input('x'), 0, 6),
  LeakyRelu: (call) => call.add('LeakyRelu', [call.input('x')], { alpha: call.attribute<number>('alpha') }),
  Prelu: (call) => prelu(call, call.input('x'), call.input('alpha')),
  Step: step,
  EluGrad: eluGrad,
  FusedBatchNorm: normalize,
  ClipByValue: (call) =>
    clip(
      call,
      call.input('x'),
      call.attribute<number>('clipValueMin'),
      call.attribute<number>('clipValueMax'),
    ),
  AddN: (call) => call.list().reduce((sum, value) => call.add('Add', [sum, value])),
  Select: (call) => call.add('Where', [call.input('condition'), call.input('t'), call.input('e')]),
  Cast: (call) => call.cast(call.input('x'), call.attribute<'float32' | 'int32' | 'bool'>('dtype')),
  Identity: (call) => call.input('x'),
}
