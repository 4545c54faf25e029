/** Rules of matrix products, alone and fused with bias and activation. */
import type { Value } from '../../graph/types'
import type { KernelCall, Rule } from '../kernelCall'
import { clip, prelu } from './elementwise'

/**
 * a · b over the last two axes, either of them transposed first, then `finish`. tfjs puts a batch axis of 1 around plain
 * matrices; without it the product and all that follows is one of matrices, which runtimes know how to fuse.
 */
function product(call: KernelCall, finish: (value: Value) => Value = (value) => value): Value {
  const [a, b] = [call.input('a'), call.input('b')]
  const batch = [a, b].map(({ shape }) => shape.slice(0, -2))
  const isPlain = batch.every((sizes) => sizes.every((size) => size === 1))
  const operand = (x: Value) => (isPlain && x.shape.length > 2 ? call.reshape(x, x.shape.slice(-2)) : x)
  const left = lastAxesSwapped(call, operand(a), call.attribute<boolean>('transposeA'))
  const right = lastAxesSwapped(call, operand(b), call.attribute<boolean>('transposeB'))
  const value = finish(call.add('MatMul', [left, right]))
  const ones = Math.max(...batch.map(({ length }) => length))
  return isPlain && ones > 0
    ? call.reshape(value, [...new Array<number>(ones).fill(1), ...value.shape])
    : value
}

function lastAxesSwapped(call: KernelCall, x: Value, isSwapped: boolean): Value {
  if (!isSwapped) return x
  const rank = x.shape.length
  const perm = x.shape.map((_, axis) => (axis < rank - 2 ? axis : rank - 1 - (axis - (rank - 2))))
  return call.transpose(x, perm)
}

/** Activations as tfjs names them in fused kernels. */
const activations: Readonly<Record<string, (call: KernelCall, x: Value) => Value>> = {
  linear: (_, x) => x,
  relu: (call, x) => call.add('Relu', [x]),
  relu6: (call, x) => clip(call, x, 0, 6),
  elu: (call, x) => call.add('Elu', [x]),
  sigmoid: (call, x) => call.add('Sigmoid', [x]),
  leakyrelu: (call, x) => call.add('LeakyRelu', [x], { alpha: call.attribute<number>('leakyreluAlpha') }),
  prelu: (call, x) => prelu(call, x, call.input('preluActivationWeights')),
}

/** Applies the activation of a fused kernel. */
export function activate(call: KernelCall, value: Value): Value {
  const name = call.attribute<string | undefined>('activation') ?? 'linear'
  const activation = activations[name]
  if (!activation) throw call.unsupported(`the fused activation ${name}`)
  return activation(call, value)
}

/** Product, bias and activation in one kernel. */
function fusedProduct(call: KernelCall): Value {
  const bias = call.optional('bias')
  return product(call, (value) => activate(call, bias ? call.add('Add', [value, bias]) : value))
}

/** Rules of matrix products. */
export const productRules: Readonly<Record<string, Rule>> = {
  BatchMatMul: (call) => product(call),
  _FusedMatMul: fusedProduct,
}
