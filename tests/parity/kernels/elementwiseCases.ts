/** Cases of kernels that work element by element. */
import { tf } from '../../../src/lib/core/eager/tfjs'
import { flags, floats, integers, positives, ties, withGradients, type KernelCase } from './kernelCase'

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

/** With their gradients, on any real number. */
const smooth: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  neg: tf.neg,
  relu: tf.relu,
  relu6: tf.relu6,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  square: tf.square,
  tan: (x) => tf.tan(tf.mul(x, 0.5)),
  tanh: tf.tanh,
  clipByValue: (x) => tf.clipByValue(x, -0.5, 1),
  step: (x) => tf.mul(tf.step(x, 0.25), x),
  round: tf.round,
  floor: tf.floor,
  ceil: tf.ceil,
  sign: tf.sign,
}

const ofPositives: Readonly<Record<string, Unary>> = {
  log: tf.log,
  log1p: tf.log1p,
  reciprocal: tf.reciprocal,
  rsqrt: tf.rsqrt,
  sqrt: tf.sqrt,
}

const arithmetic: Readonly<Record<string, Binary>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  pow: (a, b) => tf.pow(tf.abs(a), b),
  prelu: tf.prelu,
}

/** tfjs has no gradient of it where an operand is broadcast. */
const unbroadcast = new Set(['squaredDifference'])

/** Followed by a root, whose slope is infinite where they give 0. */
const masks: Readonly<Record<string, Unary>> = {
  relu: tf.relu,
  relu6: tf.relu6,
  clipByValue: (x) => tf.clipByValue(x, 0, 1),
  maximum: (x) => tf.maximum(x, 0),
  // Subtracted from 0, not negated: whether −0 or 0 is the smaller one is up to the shader.
  minimum: (x) => tf.sub(0, tf.minimum(tf.neg(x), 0)),
}

const comparisons: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
}

const logic: Readonly<Record<string, Binary>> = {
  logicalAnd: tf.logicalAnd,
  logicalOr: tf.logicalOr,
  logicalXor: tf.logicalXor,
}

const entries = <T>(table: Readonly<Record<string, T>>): [string, T][] => Object.entries(table)

export const elementwiseCases: readonly KernelCase[] = [
  ...entries(smooth).map(([name, run]) => ({ name, inputs: [floats(3, 5)], run: withGradients(run) })),
  ...entries(smooth).map(([name, run]) => ({
    name: `${name} at whole numbers`,
    inputs: [ties(12)],
    run: (x: tf.Tensor) => run(x),
  })),
  ...entries(ofPositives).map(([name, run]) => ({
    name,
    inputs: [positives(3, 5)],
    run: withGradients(run),
  })),
  ...entries(arithmetic).map(([name, run]) => ({
    name,
    inputs: [floats(3, 5), positives(3, 5)],
    run: withGradients(run),
  })),
  ...entries(arithmetic).map(([name, run]) => ({
    name: `${name}, broadcast`,
    inputs: [floats(2, 3, 4), positives(3, 1)],
    run: unbroadcast.has(name) ? run : withGradients(run),
  })),
  ...entries(masks).map(([name, run]) => ({
    name: `√${name}`,
    inputs: [ties(12)],
    run: withGradients((x: tf.Tensor) => tf.sqrt(run(x))),
  })),
  ...entries(comparisons).flatMap(([name, run]) => [
    { name: `${name} of ties`, inputs: [ties(4, 5), ties(5)], run },
    { name: `${name} of int32`, inputs: [integers(20), integers(20)], run },
    { name: `${name} of bool`, inputs: [flags(8), flags(8)], run },
  ]),
  ...entries(logic).map(([name, run]) => ({ name, inputs: [flags(2, 8), flags(8)], run })),
  { name: 'logicalNot', inputs: [flags(8)], run: (x) => tf.logicalNot(x) },
  { name: 'add of int32', inputs: [integers(6), integers(6)], run: (a, b) => tf.add(a, b) },
  { name: 'add of int32 and float32', inputs: [integers(6), floats(6)], run: (a, b) => tf.add(a, b) },
  {
    name: 'floorDiv and mod',
    inputs: [integers(12), floats(12)],
    run: (a, x) => [
      tf.floorDiv(a, tf.scalar(3, 'int32')),
      tf.mod(a, tf.scalar(3, 'int32')),
      tf.mod(a, tf.scalar(-4, 'int32')),
      tf.mod(x, 0.75),
    ],
  },
  {
    name: 'isNaN, isInf, isFinite',
    inputs: [ties(12)],
    run: (x) => [tf.isNaN(tf.div(x, tf.abs(x))), tf.isInf(tf.div(1, x)), tf.isFinite(tf.div(1, x))],
  },
  {
    name: 'where, broadcast',
    inputs: [floats(3, 4), floats(4), flags(3, 1)],
    run: withGradients((a, b, condition) => tf.where(condition, a, b), 2),
  },
  {
    name: '√where',
    inputs: [ties(12), flags(12)],
    run: withGradients((x, flag) => tf.sqrt(tf.where(flag, tf.abs(x), tf.zerosLike(x))), 1),
  },
  {
    name: 'addN',
    inputs: [floats(3), floats(3), floats(3)],
    run: withGradients((...parts) => tf.addN(parts)),
  },
  {
    name: 'cast',
    inputs: [floats(8), integers(8), flags(8)],
    run: (x, n, flag) => [
      tf.cast(x, 'int32'),
      tf.cast(x, 'bool'),
      tf.cast(n, 'float32'),
      tf.cast(n, 'bool'),
      tf.cast(flag, 'float32'),
      tf.cast(flag, 'int32'),
      tf.cast(x, 'float32'),
    ],
  },
  {
    name: 'cast, gradient',
    inputs: [floats(8)],
    run: withGradients((x) => tf.cast(x, 'float32')),
  },
  { name: 'clone', inputs: [floats(3)], run: withGradients((x) => tf.clone(x)) },
  {
    name: 'batchNorm',
    inputs: [floats(4, 3), floats(3), positives(3), floats(3), positives(3)],
    run: withGradients((x, mean, variance, offset, scale) =>
      tf.batchNorm(x, mean, variance, offset, scale, 0.01),
    ),
  },
  {
    name: 'batchNorm without scale',
    inputs: [floats(2, 3, 3, 2), floats(2), positives(2)],
    run: (x, mean, variance) => tf.batchNorm(x, mean, variance),
  },
]
